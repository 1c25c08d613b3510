// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/torchscript.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <torch/script.h>

#include "ai/worker/data/npz.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

/// An archive of a module with this code.
std::string archive_of(const std::string& code) {
  torch::jit::Module module("toy");
  module.define(code);
  std::ostringstream stream;
  module.save(stream);
  return stream.str();
}

Result<Classifier> classifier_of(std::string bytes, const std::vector<std::int64_t>& sample) {
  TRY(Model model, read_torchscript(std::move(bytes), sample, "toy.pt"));
  TRY(Net net, Net::build(std::move(model), "toy.pt"));
  return Classifier::build(std::move(net), "toy.pt");
}

TEST(TorchScript, TheReferenceModelSaysWhatItsOnnxFormSays) {
  LS_NEEDS_SHARED("ai/models/mnist_cnn_std.ts.pt");
  const std::string base = test::shared_path("ai/models/mnist_cnn_std");
  const std::string bytes = test::read_file(base + ".ts.pt");
  EXPECT_TRUE(looks_like_torchscript(bytes));
  EXPECT_FALSE(looks_like_torchscript(test::read_file(base + ".onnx")));
  const auto net = classifier_of(bytes, {1, 28, 28});
  ASSERT_TRUE(net.has_value()) << net.error().message;
  EXPECT_FALSE(net->is_fused());
  const auto data =
      read_npz(test::read_file(test::shared_path("ai/models/mnist_test1000.npz")), "x");
  const at::Tensor x = value_of(*find_array(*data, "x")).tensor.reshape({1000, 1, 28, 28});
  const auto expected = read_npz(test::read_file(base + "_logits.npz"), "z");
  const at::Tensor z = value_of(expected->front().array).tensor;
  EXPECT_LT((net->logits(x)->to(z.scalar_type()) - z).abs().max().item<double>(), 1e-4);

  auto onnx = read_onnx(test::read_file(base + ".onnx"), "m.onnx", "");
  const auto reference = Classifier::build(*Net::build(*std::move(onnx), "m.onnx"), "m.onnx");
  const at::Tensor some = x.narrow(0, 0, 16);
  const at::Tensor y = z.narrow(0, 0, 16).argmax(1);
  const at::Tensor gradient = net->gradient(some, y)->input;
  const at::Tensor wanted = reference->gradient(some, y)->input;
  EXPECT_LT((gradient - wanted).abs().max().item<double>(),
            1e-4 * wanted.abs().max().item<double>());
}

TEST(TorchScript, CodeThatReachesOutsideIsRefused) {
  const auto read = [](const std::string& code) {
    const auto model = read_torchscript(archive_of(code), {2}, "toy.pt");
    return model ? std::string() : model.error().code + ": " + model.error().message;
  };
  EXPECT_EQ(read("def forward(self, x):\n  return x * 2\n"), "");
  EXPECT_EQ(read("def forward(self, x):\n  print(x)\n  return x\n"),
            "onnx.operator: expected code that computes with tensors alone, found prim::Print");
  EXPECT_EQ(read("def forward(self, x):\n"
                 "  return x + torch.from_file('/etc/hostname', False, 1)\n"),
            "onnx.operator: expected code that computes with tensors alone, found aten::from_file");
  EXPECT_EQ(read("def forward(self, x, y):\n  return x + y\n"),
            "onnx.graph: expected a TorchScript module with a forward of one input");
}

TEST(TorchScript, WhatIsNoArchiveGetsAMessage) {
  const std::string whole = archive_of("def forward(self, x):\n  return x * 2\n");
  for (const std::size_t length : {std::size_t{4}, whole.size() / 2, whole.size() - 30}) {
    const auto model = read_torchscript(whole.substr(0, length), {2}, "toy.pt");
    ASSERT_FALSE(model.has_value()) << length;
    EXPECT_EQ(model.error().code, "onnx.syntax");
  }
}

}  // namespace
}  // namespace lockstep::ai
