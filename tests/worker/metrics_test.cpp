// SPDX-License-Identifier: Apache-2.0
// The reference models: the metrics that scikit-learn 1.9.1 gives for their stored class scores,
// and DeLong's intervals by all pairs of samples.
#include <algorithm>
#include <gtest/gtest.h>

#include "ai/protocol.hpp"
#include "ai/worker/answer.hpp"
#include "ai/worker/metrics/consistency.hpp"
#include "ai/worker/metrics/groups.hpp"
#include "ai/worker/metrics/measure.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

Result<Metrics> measured(const std::string& model, const std::string& data, MetricsPlan plan) {
  WorkerRequest request;
  request.command = WorkerCommand::measure;
  request.model = test::shared_path("ai/models/" + model);
  request.data = test::shared_path("ai/models/" + data);
  request.metrics = std::move(plan);
  request.metrics.resamples = 200;
  if (!request.metrics.other.empty())
    request.metrics.other = test::shared_path("ai/models/" + request.metrics.other);
  Progress quiet;
  TRY(const Json json, answer(request, quiet));
  return read_metrics(json);
}

struct Expected {
  std::string metric;
  std::int64_t class_index;
  double value;
  double low = -1;
};

void expect_values(const Metrics& metrics, const std::vector<Expected>& expected) {
  for (const Expected& one : expected) {
    const auto found = std::ranges::find_if(metrics.values, [&](const MetricValue& value) {
      return value.metric == one.metric && value.class_index == one.class_index;
    });
    ASSERT_NE(found, metrics.values.end()) << one.metric;
    ASSERT_TRUE(found->value) << one.metric;
    EXPECT_NEAR(*found->value, one.value, 1e-6) << one.metric << one.class_index;
    if (one.low >= 0) {
      EXPECT_NEAR(found->interval->low, one.low, 1e-6) << one.metric;
    }
  }
}

TEST(KnownMetrics, OfTheConvolutionalNet) {
  LS_NEEDS_SHARED("ai/models/mnist_cnn_std.onnx");
  const auto metrics = measured("mnist_cnn_std.onnx", "mnist_test1000.npz", {});
  ASSERT_TRUE(metrics.has_value()) << metrics.error().message;
  EXPECT_EQ(metrics->samples, 1000);
  EXPECT_EQ(metrics->classes, 10);
  EXPECT_FALSE(metrics->are_probabilities);
  expect_values(*metrics, {{"accuracy", -1, 0.986, clopper_pearson(986, 1000).low},
                           {"balanced_accuracy", -1, 0.985750861342},
                           {"precision", 7, 0.970297029703},
                           {"recall", 8, 0.966292134831},
                           {"f1", 2, 0.982758620690},
                           {"macro_f1", -1, 0.985627499887},
                           {"mcc", -1, 0.984426960732},
                           {"log_loss", -1, 0.038587257792},
                           {"brier", -1, 0.021829256664},
                           {"ece", -1, 0.002528472847},
                           {"auroc", -1, 0.999903798720},
                           {"auroc", 8, 0.999728659702, 0.999372231327}});
  for (const Consistency& one : metrics->consistency) {
    EXPECT_EQ(one.state, State::pass) << one.against << ": " << one.says;
    EXPECT_LT(one.difference, 1e-3) << one.against;
  }
  EXPECT_EQ(metrics->consistency.size(), 5U);
}

TEST(KnownMetrics, OfTheTabularNetAndItsDeclaredValues) {
  LS_NEEDS_SHARED("ai/models/adult_mlp.onnx");
  MetricsPlan plan;
  plan.declared = {{"accuracy", -1, "", 0.8, 0.95}, {"recall", 1, "", 0.9, 0.95}};
  const auto metrics = measured("adult_mlp.onnx", "adult_test1000.npz", plan);
  ASSERT_TRUE(metrics.has_value()) << metrics.error().message;
  expect_values(*metrics, {{"accuracy", -1, 0.831},
                           {"balanced_accuracy", -1, 0.750548245614},
                           {"precision", 1, 0.665116279070},
                           {"recall", 1, 0.595833333333},
                           {"mcc", -1, 0.520930421660},
                           {"log_loss", -1, 0.339907092919},
                           {"brier", -1, 0.111333639637},
                           {"auroc", -1, 0.894276315789, 0.873844631863}});
  ASSERT_EQ(metrics->declared.size(), 2U);
  EXPECT_LE(metrics->declared[0].p_shown, 0.05);    // 831 of 1000 against 0.8
  EXPECT_LE(metrics->declared[1].p_refuted, 0.05);  // 143 of 240 against 0.9
}

TEST(KnownMetrics, TwoModelsOnTheSameSamples) {
  LS_NEEDS_SHARED("ai/models/mnist_mlp.onnx");
  MetricsPlan plan;
  plan.other = "mnist_mlp.onnx";
  const auto metrics = measured("mnist_cnn_std.onnx", "mnist_test1000.npz", plan);
  ASSERT_TRUE(metrics.has_value() && metrics->comparison);
  const ModelComparison& one = *metrics->comparison;
  EXPECT_EQ(one.both + one.only_this, 986);
  EXPECT_EQ(one.both + one.only_other, 979);
  EXPECT_EQ(one.both + one.only_this + one.only_other + one.neither, 1000);
  EXPECT_NEAR(one.difference, 0.007, 1e-12);
  EXPECT_GT(one.p_value, 0.05);
  EXPECT_EQ(one.other.sha256.size(), 64U);
}

NamedArray texts(const std::string& name, std::vector<std::string> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return {name, Array{ElementType::string, {count}, "", std::move(values)}};
}

TEST(GroupArrays, TextsAndWholeNumbersNameGroups) {
  const std::vector<NamedArray> arrays{
      texts("site", {"b", "a", "b", "c"}),
      {"groups", array_of<std::int64_t>({4}, std::vector<std::int64_t>{10, 9, 9, 10})},
      {"score", array_of<float>({4}, std::vector<float>{0.5F, 1, 1, 1})}};
  const auto site = grouping_of(arrays, "site", 3, "a.npz");
  ASSERT_TRUE(site.has_value() && *site);
  EXPECT_EQ((*site)->names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ((*site)->of, (std::vector<std::int32_t>{1, 0, 1}));
  const auto otherwise = grouping_of(arrays, "", 4, "a.npz");
  ASSERT_TRUE(otherwise.has_value() && *otherwise);
  EXPECT_EQ((*otherwise)->names, (std::vector<std::string>{"9", "10"}));  // as numbers
  EXPECT_FALSE(*grouping_of(std::span(arrays).first(1), "", 4, "a.npz"));
  EXPECT_EQ(grouping_of(arrays, "score", 4, "a.npz").error().message,
            "expected texts or whole numbers in 'score', found 0.5");
  EXPECT_EQ(grouping_of(arrays, "sight", 4, "a.npz").error().message,
            "expected an array 'sight' with the group of each sample, found none");
  EXPECT_EQ(grouping_of(arrays, "site", 5, "a.npz").error().message,
            "expected one group for each of 5 samples in 'site', found an array of shape [4]");
}

TEST(GroupArrays, IdsOfSamplesAreNoGroups) {
  std::vector<std::int64_t> ids(500);
  for (std::size_t i = 0; i < ids.size(); ++i)
    ids[i] = static_cast<std::int64_t>(i);
  const std::vector<NamedArray> arrays{{"id", array_of<std::int64_t>({500}, ids)}};
  EXPECT_EQ(grouping_of(arrays, "id", 500, "a.npz").error().message,
            "expected at most 200 groups in 'id', found more; is it a number of each sample?");
}

}  // namespace
}  // namespace lockstep::ai
