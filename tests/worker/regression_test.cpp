// SPDX-License-Identifier: Apache-2.0
// Nets that answer numbers, against the closed form of a linear one.
#include "ai/worker/metrics/regression.hpp"

#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/answer.hpp"
#include "base/files.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

/// y = 2 a - b + 1
std::string linear() {
  test::ToyModel model;
  model.input("x", {2}).output("y", {1});
  model.weight("w", {2, 1}, {2, -1}).weight("c", {1}, {1});
  model.node("Gemm", {"x", "w", "c"}, {"y"});
  return model.bytes();
}

/// Samples whose right numbers are those of the net, less 1 and 2 in turn.
std::string samples(std::int64_t count) {
  std::vector<float> x;
  std::vector<double> y;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto a = static_cast<float>(i);
    const auto b = static_cast<float>(i % 7);
    x.insert(x.end(), {a, b});
    y.push_back(2 * a - b + 1 - (i % 2 == 0 ? 1 : 2));
  }
  const std::vector<NamedArray> arrays{{"x", array_of<float>({count, 2}, x)},
                                       {"y", array_of<double>({count}, y)}};
  return write_npz(arrays).value();
}

WorkerRequest request_in(const std::string& folder, std::int64_t count) {
  RealFiles files;
  EXPECT_TRUE(files.write(folder + "/net.onnx", linear()).has_value());
  EXPECT_TRUE(files.write(folder + "/data.npz", samples(count)).has_value());
  WorkerRequest request;
  request.command = WorkerCommand::measure;
  request.model = folder + "/net.onnx";
  request.data = folder + "/data.npz";
  request.metrics.declared = {{"mae", -1, "", 1.6, 0.95}, {"r2", -1, "", 0.5, 0.95}};
  return request;
}

TEST(NetsThatAnswerNumbers, AreMeasuredByWhatIsDeclaredOfThem) {
  const std::string folder = lockstep::test::fresh_folder("regression");
  WorkerRequest request = request_in(folder, 100);
  Progress quiet;
  std::string first;
  for (const std::int64_t batch : {7, 100}) {
    request.metrics.batch_size = batch;
    const auto answered = answer(request, quiet);
    ASSERT_TRUE(answered.has_value()) << answered.error().message;
    const auto metrics = read_metrics(*answered);
    ASSERT_TRUE(metrics.has_value()) << metrics.error().message;
    EXPECT_EQ(metrics->samples, 100);
    EXPECT_EQ(metrics->classes, 0);
    ASSERT_EQ(metrics->values.size(), 3U);
    EXPECT_NEAR(*metrics->values[0].value, 1.5, 1e-6);
    EXPECT_NEAR(*metrics->values[1].value, std::sqrt(2.5), 1e-6);
    EXPECT_GT(*metrics->values[2].value, 0.99);
    EXPECT_LT(metrics->declared[1].p_shown, 0.05);
    const std::string bytes = to_canonical_json(*answered);
    if (first.empty()) first = bytes;
    EXPECT_EQ(bytes, first);
  }
  request.metrics.samples = 40;
  request.device = "cuda";
  const auto fewer = read_metrics(*answer(request, quiet));
  EXPECT_EQ(fewer->samples, 40);
  EXPECT_EQ(fewer->answered_by.device, "cpu");
}

TEST(NetsThatAnswerNumbers, AreMeasuredOnATable) {
  const std::string folder = lockstep::test::fresh_folder("regression-table");
  WorkerRequest request = request_in(folder, 100);
  std::string rows = "a,b,price\n";
  for (int i = 0; i < 100; ++i)
    rows += fmt::format("{},{},{}\n", i, i % 7, 2 * i - i % 7 + 1 - (i % 2 == 0 ? 1 : 2));
  RealFiles files;
  ASSERT_TRUE(files.write(folder + "/data.csv", rows).has_value());
  ASSERT_TRUE(files
                  .write(folder + "/columns.yaml",
                         "lockstep_columns: 1\ncolumns:\n  - {name: a, type: int}\n"
                         "  - {name: b, type: int}\nlabel: {name: price, type: real}\n")
                  .has_value());
  Progress quiet;
  const auto of_arrays = read_metrics(*answer(request, quiet));
  request.data = folder + "/data.csv";
  request.data_options.columns = folder + "/columns.yaml";
  const auto answered = answer(request, quiet);
  ASSERT_TRUE(answered.has_value()) << answered.error().message;
  const auto of_table = read_metrics(*answered);
  ASSERT_EQ(of_table->values.size(), of_arrays->values.size());
  for (std::size_t i = 0; i < of_table->values.size(); ++i)
    EXPECT_EQ(of_table->values[i].value, of_arrays->values[i].value) << i;
  request.command = WorkerCommand::evade;
  request.evasion.epsilon = 1;
  EXPECT_FALSE(answer(request, quiet).has_value());
}

TEST(NetsThatAnswerNumbers, AreRefusedWhereTheyDoNot) {
  const std::string folder = lockstep::test::fresh_folder("regression");
  RealFiles files;
  WorkerRequest request = request_in(folder, 40);
  Progress quiet;
  ASSERT_TRUE(files.write(folder + "/net.onnx", test::linear_model({1, 2, 3, 4}, {0, 0})));
  EXPECT_EQ(answer(request, quiet).error().code, "ai.shape");
  request.metrics.declared.push_back({"accuracy", -1, "", 0.5, 0.95});
  EXPECT_EQ(answer(request, quiet).error().code, "ai.declared");
  request.metrics.declared = {{"mae", -1, "site", 1.6, 0.95}};
  ASSERT_TRUE(files.write(folder + "/net.onnx", linear()));
  EXPECT_EQ(answer(request, quiet).error().code, "ai.declared");
}

}  // namespace
}  // namespace lockstep::ai
