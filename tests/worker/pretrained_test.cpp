// SPDX-License-Identifier: Apache-2.0
// Nets that others trained and exported, with the outputs that their own programs recorded.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "ai/worker/data/npz.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/diagnostics.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> models_of_suite() {
  std::vector<std::string> paths;
  for (const auto& entry :
       fs::recursive_directory_iterator(test::shared_path("ai/suites/pretrained")))
    if (entry.path().extension() == ".onnx") paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  return paths;
}

Net net_of(const std::string& path) {
  auto model = read_onnx(test::read_file(path), path, "");
  if (!model) throw std::runtime_error(to_text(model.error()));
  auto net = Net::build(*std::move(model), path);
  if (!net) throw std::runtime_error(to_text(net.error()));
  return *std::move(net);
}

const Array& other_than(const std::vector<NamedArray>& two, const std::string& name) {
  return two[two[0].name == name ? 1 : 0].array;
}

TEST(Pretrained, GivesTheOutputsThatWereRecorded) {
  LS_NEEDS_SHARED("ai/suites/pretrained");
  int compared = 0;
  for (const std::string& path : models_of_suite()) {
    const std::string recorded = fs::path(path).parent_path().string() + "/io.npz";
    if (!fs::exists(recorded)) continue;
    const auto arrays = read_npz(test::read_file(recorded), recorded);
    ASSERT_TRUE(arrays.has_value()) << to_text(arrays.error());
    const Net net = net_of(path);
    Values inputs;
    for (const ValueInfo& input : net.inputs()) {
      const Array* given = find_array(*arrays, input.name);
      ASSERT_NE(given, nullptr) << path << ": " << input.name;
      inputs.push_back(value_of(*given));
    }
    const auto outputs = net.run(std::move(inputs));
    ASSERT_TRUE(outputs.has_value()) << path << ": " << to_text(outputs.error());
    for (std::size_t i = 0; i < outputs->size(); ++i) {
      // One recorder gave the only output a name of its own.
      const bool is_only = arrays->size() == 2 && outputs->size() == 1;
      const Array* expected = is_only ? &other_than(*arrays, net.inputs()[0].name)
                                      : find_array(*arrays, net.outputs()[i].name);
      if (expected == nullptr) continue;
      std::vector<double> wanted = numbers_of(*expected);
      // Its convolution says VALID, which leaves 8 of 10 rows; the program that recorded 10 had
      // padded them. The 8 in the middle are the same.
      if (path.find("qtdnn") != std::string::npos)
        wanted = std::vector<double>(wanted.begin() + 5, wanted.end() - 5);
      const std::vector<double> got = numbers_of(array_of((*outputs)[i]));
      ASSERT_EQ(got.size(), wanted.size()) << path;
      for (std::size_t k = 0; k < wanted.size(); ++k)
        ASSERT_NEAR(got[k], wanted[k], 1e-5 + 1e-3 * std::abs(wanted[k])) << path << " " << k;
      ++compared;
    }
  }
  EXPECT_GE(compared, 6);
}

/// Every net of the suite can be run; where a dimension is free, with 4 samples or steps.
TEST(Pretrained, EveryNetRuns) {
  LS_NEEDS_SHARED("ai/suites/pretrained");
  for (const std::string& path : models_of_suite()) {
    const Net net = net_of(path);
    Values inputs;
    for (const ValueInfo& input : net.inputs()) {
      std::vector<std::int64_t> shape = input.shape;
      std::ranges::replace_if(shape, [](std::int64_t size) { return size < 0; }, 4);
      inputs.emplace_back(at::full(shape, 0.5, at::kDouble).to(scalar_type_of(input.type)),
                          input.type);
    }
    const auto outputs = net.run(std::move(inputs));
    ASSERT_TRUE(outputs.has_value()) << path << ": " << to_text(outputs.error());
    for (const Value& output : *outputs)
      EXPECT_TRUE(output.tensor.isfinite().all().item<bool>()) << path;
  }
}

}  // namespace
}  // namespace lockstep::ai
