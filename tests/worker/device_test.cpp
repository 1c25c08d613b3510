// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/device.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include "ai/worker/answer.hpp"
#include "ai/worker/conformance.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "support/http_server.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;

#define LS_NEEDS_CUDA() \
  if (!open_device("cuda")) GTEST_SKIP() << open_device("cuda").error().message

Classifier reference_model(const std::string& name) {
  auto model =
      read_onnx(test::read_file(test::shared_path("ai/models/" + name + ".onnx")), name, "");
  return *Classifier::build(*Net::build(*std::move(model), name), name);
}

at::Tensor reference_images() {
  const auto data =
      read_npz(test::read_file(test::shared_path("ai/models/mnist_test1000.npz")), "x");
  return value_of(*find_array(*data, "x")).tensor.reshape({1000, 1, 28, 28});
}

double apart(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

TEST(Device, OneThatIsNotThereIsAnError) {
  EXPECT_TRUE(open_device("cpu")->is_cpu());
  EXPECT_EQ(open_device("tpu").error().code, "ai.device");
  const auto cuda = open_device("cuda");
  if (!cuda) {
    EXPECT_EQ(cuda.error().code, "ai.device");
    EXPECT_EQ(cuda.error().kind, ErrorKind::usage);
  }
}

TEST(Device, BlocksDependOnTheSizeOfASampleAlone) {
  EXPECT_EQ(rows_on_device({1, 28, 28}), 1024);
  EXPECT_EQ(rows_on_device({3, 224, 224}), 32);
  EXPECT_EQ(rows_on_device({-1, -1}), 1024);
  EXPECT_EQ(rows_on_device({3, 4096, 4096}), 1);
}

// A service computes where it likes: whatever is asked for here, its samples never see the card.
TEST(Device, AModelBehindAnAddressStaysOnTheProcessorAndSaysSo) {
  lockstep::test::HttpServer server;
  server.on("/scores", [](const lockstep::test::Asked& asked) {
    Diagnostics problems;
    const Json tree = *parse_json(asked.body, "test", problems);
    std::string text = R"({"scores":[)";
    for (std::size_t i = 0; i < tree["inputs"].items().size(); ++i)
      text += i > 0 ? ",[2,1]" : "[2,1]";
    return lockstep::test::Answer{200, text + "]}"};
  });
  const std::string folder = lockstep::test::fresh_folder("device");
  const std::vector<NamedArray> arrays{
      {"x", array_of<float>({4, 1, 8, 8}, std::vector<float>(256, 0.5F))},
      {"y", array_of<std::int64_t>({4}, std::vector<std::int64_t>(4, 0))}};
  WorkerRequest request;
  request.model = server.url("/scores");
  request.data = folder + "/data.npz";
  request.device = "cuda";
  request.corruption.corruptions = {"contrast"};
  request.corruption.severities = {1};
  request.evasion.attacks = {"noise"};
  request.evasion.epsilon = 0.1;
  request.evasion.steps = 2;
  ASSERT_TRUE(RealFiles().write(request.data, *write_npz(arrays)).has_value());
  for (const auto command :
       {WorkerCommand::evade, WorkerCommand::measure, WorkerCommand::corrupt}) {
    request.command = command;
    Progress quiet;
    const auto result = answer(request, quiet);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_EQ((*result)["device"].string_or(""), "cpu");
    EXPECT_EQ((*result)["engine"].string_or(""), "the service (scores)");
  }
  fs::remove_all(folder);
}

/// The answers in blocks against those that LibTorch gives to all samples at once.
void expect_the_same_in_blocks(at::Device device, const std::string& name) {
  Classifier net = reference_model(name);
  const at::Tensor x = reference_images();
  const at::Tensor y = at::arange(1000, at::kLong).remainder(10);
  const at::Tensor expected = net.reference_logits(x)->clone();
  const auto gradient = net.reference_gradient(x, cross_entropy(y.data_ptr<std::int64_t>()));
  const auto used = net.use_device(device);
  ASSERT_TRUE(used.has_value()) << used.error().message;
  EXPECT_FALSE(net.is_fused());
  EXPECT_EQ(net.answered_by().device, device.is_cpu() ? "cpu" : "cuda");
  EXPECT_EQ(net.answered_by().engine, "LibTorch on " + device.str());
  EXPECT_EQ(net.block(), 1024);
  const auto logits = net.logits(x);
  ASSERT_TRUE(logits.has_value()) << logits.error().message;
  EXPECT_TRUE(logits->is_cpu());
  EXPECT_LT(apart(*logits, expected), 1e-4) << name;
  const auto second = net.reference_logits(x.narrow(0, 0, 50));
  ASSERT_TRUE(second.has_value()) << second.error().message;
  EXPECT_LT(apart(*second, expected.narrow(0, 0, 50)), 1e-4) << name;
  const auto found = net.gradient(x, y);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_LT(apart(found->input, gradient->input), 1e-3) << name;
  EXPECT_LT(apart(found->logits, expected), 1e-4) << name;
  // More than a block. A card gives the same bits at every place of a block; the processor's matrix
  // products round by the place.
  const auto is_same = [&](const at::Tensor& a, const at::Tensor& b) {
    return device.is_cpu() ? apart(a, b) < 1e-4 : at::equal(a, b);
  };
  const at::Tensor twice = at::cat({x.flip(0), x});
  const auto again = net.gradient(twice, at::cat({y.flip(0), y}));
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_TRUE(is_same(again->logits.narrow(0, 1000, 1000), found->logits)) << name;
  EXPECT_TRUE(is_same(again->input.narrow(0, 0, 1000).flip(0), found->input)) << name;
  for (const std::int64_t i : {0, 500, 999}) {
    const auto alone = net.gradient(x.narrow(0, i, 1), y.narrow(0, i, 1));
    EXPECT_TRUE(is_same(alone->input, found->input.narrow(0, i, 1))) << name << ' ' << i;
  }
  EXPECT_EQ(net.logits(x.narrow(0, 0, 0))->size(0), 0);
}

TEST(Device, AnswersComeInBlocks) {
  LS_NEEDS_SHARED("ai/models/mnist_mlp.onnx");
  expect_the_same_in_blocks(at::kCPU, "mnist_mlp");
}

TEST(Device, TheCardSaysWhatTheProcessorSays) {
  LS_NEEDS_CUDA();
  LS_NEEDS_SHARED("ai/models/mnist_cnn_std.onnx");
  for (const auto* name : {"mnist_mlp", "mnist_cnn_std", "mnist_cnn_badnet"})
    expect_the_same_in_blocks(*open_device("cuda"), name);
}

TEST(Device, TheOperatorSuiteHoldsOnTheCard) {
  LS_NEEDS_CUDA();
  LS_NEEDS_SHARED("ai/suites/onnx");
  for (const auto* group : {"node", "pytorch-converted", "pytorch-operator", "simple"}) {
    for (const auto& entry :
         fs::directory_iterator(test::shared_path(std::string("ai/suites/onnx/") + group))) {
      const ConformanceCase here = run_conformance(entry.path().string());
      const ConformanceCase there = run_conformance(entry.path().string(), *open_device("cuda"));
      EXPECT_EQ(here.verdict, there.verdict) << to_text(there);
    }
  }
}

}  // namespace
}  // namespace lockstep::ai
