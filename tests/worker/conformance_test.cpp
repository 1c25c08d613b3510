// SPDX-License-Identifier: Apache-2.0
// The operators against the ONNX backend tests (node, pytorch-converted, pytorch-operator, simple).
#include "ai/worker/conformance.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ai/worker/nets/net.hpp"
#include "ai/worker/nets/operators.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;
using Verdict = ConformanceCase::Verdict;

std::vector<std::string> folders_of(const std::string& group) {
  std::vector<std::string> folders;
  for (const auto& entry : fs::directory_iterator(test::shared_path("ai/suites/onnx/" + group)))
    if (entry.is_directory()) folders.push_back(entry.path().string());
  std::ranges::sort(folders);
  return folders;
}

/// Uses of operators that have no implementation here, by the start of the reason.
bool is_known_gap(const std::string& reason) {
  return reason == "Dropout in training mode, whose outputs are random";
}

class Onnx : public ::testing::TestWithParam<const char*> {};

TEST_P(Onnx, EveryCaseThatCanRunPasses) {
  LS_NEEDS_SHARED("ai/suites/onnx");
  int passed = 0;
  for (const std::string& folder : folders_of(GetParam())) {
    const ConformanceCase result = run_conformance(folder);
    EXPECT_NE(result.verdict, Verdict::fail) << to_text(result);
    const bool is_fine = result.verdict != Verdict::unsupported || is_known_gap(result.reason);
    EXPECT_TRUE(is_fine) << to_text(result);
    passed += result.verdict == Verdict::pass ? 1 : 0;
  }
  EXPECT_GT(passed, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Suite,
    Onnx,
    ::testing::Values("node", "pytorch-converted", "pytorch-operator", "simple"),
    [](const auto& group) {
      std::string name = group.param;
      std::erase(name, '-');
      return name;
    });

/// The light nets have no input files: their input counts up from 0 in equal parts of 1.
TEST(Conformance, NetsOfTheLightGroupGiveTheirOutputs) {
  LS_NEEDS_SHARED("ai/suites/onnx/light");
  for (const char* name : {"resnet50", "densenet121", "vgg19", "inception_v2", "squeezenet"}) {
    const std::string base = test::shared_path(std::string("ai/suites/onnx/light/light_") + name);
    auto model = read_onnx(test::read_file(base + ".onnx"), name, "");
    ASSERT_TRUE(model.has_value()) << model.error().message;
    const std::vector<std::int64_t> shape = model->graph.inputs.front().shape;
    auto net = Net::build(*std::move(model), name);
    ASSERT_TRUE(net.has_value()) << net.error().message;
    // The scores of squeezenet are equal and near 1e10: what one processor rounds otherwise than
    // another in float32, its softmax takes for a difference of 1024.
    const bool is_wide = std::string_view(name) == "squeezenet";
    if (is_wide) net->widen();
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
      count *= size;
    std::vector<double> values;
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<double>(i) / static_cast<double>(count));
    const std::vector<float> narrow(values.begin(), values.end());
    const auto outputs = net->run(
        {value_of(is_wide ? array_of<double>(shape, values) : array_of<float>(shape, narrow))});
    ASSERT_TRUE(outputs.has_value()) << outputs.error().message;
    const auto expected = read_tensor(test::read_file(base + "_output_0.pb"), name);
    const std::vector<double> got = numbers_of(array_of(outputs->front()));
    const std::vector<double> wanted = numbers_of(*expected);
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_NEAR(got[i], wanted[i], 1e-7 + 1e-3 * std::abs(wanted[i])) << name;
  }
}

TEST(Conformance, AFolderWithoutAModelFailsWithItsReason) {
  const std::string folder = test::fresh_folder("conformance-empty");
  const ConformanceCase result = run_conformance(folder);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.reason, "there is no such file");
}

TEST(Operators, EachHasOneRowWithItsOperatorSets) {
  std::map<std::string, int> seen;
  for (const OperatorRow* row : all_operators()) {
    EXPECT_EQ(++seen[std::string(row->domain) + "." + std::string(row->name)], 1) << row->name;
    EXPECT_GE(row->since, 1) << row->name;
    EXPECT_GE(row->revised, row->since) << row->name;
    EXPECT_NE(row->compute, nullptr) << row->name;
  }
  EXPECT_GT(seen.size(), 150U);
}

}  // namespace
}  // namespace lockstep::ai
