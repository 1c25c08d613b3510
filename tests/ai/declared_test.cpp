// SPDX-License-Identifier: Apache-2.0
#include "ai/metrics/declared.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "ai/metrics/measure.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

/// Two classes in turn; the first `right` of the samples are right, with scores of +1 and -1, or
/// +noise where the class must not be told apart without error.
Scores answers(std::int64_t right, std::int64_t samples) {
  std::vector<double> outputs;
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < samples; ++i) {
    const std::int64_t label = i % 2;
    const bool is_one = (label == 1) == (i < right);
    outputs.push_back(is_one ? 0.0 : 1.5);
    outputs.push_back(is_one ? 1.5 : 0.0);
    labels.push_back(label);
  }
  return scores_of(outputs, 2, labels);
}

DeclaredTest tested(const Scores& scores, const DeclaredMetric& declared) {
  const auto metrics = measure(scores, std::nullopt, {{1, 500}, {declared}, 0});
  EXPECT_TRUE(metrics.has_value()) << metrics.error().message;
  return metrics ? metrics->declared.at(0) : DeclaredTest{};
}

TEST(Declared, AccuracyIsTestedByTheExactBinomial) {
  // scipy 1.17.1: binomtest(991, 1000, 0.985, alternative="greater"), binomtest(970, ..., "less").
  const DeclaredTest test = tested(answers(991, 1000), {"accuracy", -1, "", 0.985, 0.95});
  EXPECT_NEAR(test.p_shown, 0.06839318689960439, 1e-12);
  EXPECT_EQ(test.test, "exact binomial, one-sided");
  EXPECT_GT(test.needed, 1000);
  EXPECT_LT(test.needed, 2000);
  EXPECT_NEAR(tested(answers(970, 1000), {"accuracy", -1, "", 0.985, 0.95}).p_refuted,
              0.0003736794241471265, 1e-14);
}

TEST(Declared, TheNeededSampleDecides) {
  const std::int64_t n = tested(answers(991, 1000), {"accuracy", -1, "", 0.985, 0.95}).needed;
  const auto right = static_cast<std::int64_t>(std::llround(0.991 * static_cast<double>(n)));
  EXPECT_LE(tested(answers(right, n), {"accuracy", -1, "", 0.985, 0.95}).p_shown, 0.05);
}

TEST(Declared, ZeroErrorsShowWhatTheirNumberAllows) {
  EXPECT_LE(tested(answers(299, 299), {"accuracy", -1, "", 0.99, 0.95}).p_shown, 0.05);
  EXPECT_GT(tested(answers(298, 298), {"accuracy", -1, "", 0.99, 0.95}).p_shown, 0.05);
}

TEST(Declared, TheBoundAndTheTestAgree) {
  for (const char* metric :
       {"accuracy", "balanced_accuracy", "macro_f1", "mcc", "auroc", "brier", "log_loss", "ece"}) {
    const bool is_higher = find_metric(metric)->better == Better::higher;
    const DeclaredMetric at_zero{metric, -1, "", is_higher ? 0.0 : 1.0, 0.95};
    const DeclaredTest loose = tested(answers(900, 1000), at_zero);
    EXPECT_LE(loose.p_shown, 0.05) << metric;
    ASSERT_TRUE(loose.lower && loose.upper) << metric;
    const double bound = is_higher ? *loose.lower : *loose.upper;
    const double step = is_higher ? 1e-4 : -1e-4;
    EXPECT_LE(tested(answers(900, 1000), {metric, -1, "", bound - step, 0.95}).p_shown, 0.0501)
        << metric;
    EXPECT_GE(tested(answers(900, 1000), {metric, -1, "", bound + step, 0.95}).p_shown, 0.0499)
        << metric;
    EXPECT_LE(tested(answers(900, 1000), {metric, -1, "", is_higher ? 0.999 : 0.0, 0.95}).p_refuted,
              0.05)
        << metric;
  }
}

TEST(Declared, PerClassValuesRestOnTheSamplesOfTheClass) {
  const DeclaredTest test = tested(answers(900, 1000), {"recall", 1, "", 0.8, 0.95});
  EXPECT_EQ(test.measured.count, (Count{450, 500}));
  const DeclaredTest f1 = tested(answers(900, 1000), {"f1", 1, "", 0.85, 0.95});
  // J = 450 / 550 against 0.85 / 1.15.
  EXPECT_EQ(f1.measured.count, (Count{450, 550}));
  EXPECT_LE(f1.p_shown, 0.05);
}

TEST(Declared, WhatIsNotThereIsRefusedByName) {
  const auto message = [](const DeclaredMetric& declared, std::optional<Grouping> grouping) {
    const auto metrics = measure(answers(9, 10), grouping, {{1, 10}, {declared}, 0});
    return metrics ? "" : metrics.error().code + ": " + metrics.error().message;
  };
  EXPECT_EQ(
      message({"recall", 7, "", 0.5, 0.95}, std::nullopt),
      "ai.declared: 'recall[7]' is declared of class 7, but the model has the classes 0 to 1");
  EXPECT_EQ(message({"accuracy", -1, "night", 0.5, 0.95}, std::nullopt),
            "ai.declared: 'accuracy@night' is declared of a group, but the data has no array of "
            "groups; name it with --groups");
  const Grouping grouping{"light", {"day", "dusk"}, std::vector<std::int32_t>(10, 0)};
  EXPECT_EQ(message({"accuracy", -1, "night", 0.5, 0.95}, grouping),
            "ai.declared: 'accuracy@night' is declared of a group that is not in 'light', which "
            "has day, dusk");
}

/// Groups of 500, 480 and 20 samples; the second is right in `right_of_second` of its samples, the
/// others in 95 %.
Metrics grouped(std::int64_t right_of_second) {
  std::vector<double> outputs;
  std::vector<std::int64_t> labels;
  Grouping grouping{"site", {"a", "b", "c"}, {}};
  const auto add = [&](std::int32_t group, std::int64_t samples, std::int64_t right) {
    for (std::int64_t i = 0; i < samples; ++i) {
      const bool is_one = (i % 2 == 1) == (i < right);
      outputs.insert(outputs.end(), {is_one ? 0.0 : 1.0, is_one ? 1.0 : 0.0});
      labels.push_back(i % 2);
      grouping.of.push_back(group);
    }
  };
  add(0, 500, 475);
  add(1, 480, right_of_second);
  add(2, 20, 19);
  const auto metrics =
      measure(scores_of(outputs, 2, labels), grouping,
              {{1, 100}, {{"accuracy", -1, "b", 0.9, 0.95}, {"accuracy", -1, "c", 0.5, 0.95}}, 0});
  EXPECT_TRUE(metrics.has_value());
  return metrics ? *metrics : Metrics{};
}

TEST(Groups, AWorseGroupIsSeenAndATinyOneIsNotJudged) {
  const Metrics metrics = grouped(420);
  ASSERT_EQ(metrics.groups.size(), 3U);
  EXPECT_EQ(metrics.groups[0].state, State::pass);
  EXPECT_EQ(metrics.groups[1].state, State::warn);
  EXPECT_NE(metrics.groups[1].says.find("worse than the others"), std::string::npos);
  EXPECT_EQ(metrics.groups[1].accuracy.correct, 420);
  EXPECT_EQ(metrics.groups[1].accuracy.interval95, clopper_pearson(420, 480));
  EXPECT_GE(metrics.groups[1].p_holm, metrics.groups[1].p_value);
  EXPECT_EQ(metrics.groups[2].state, State::underpowered);
  EXPECT_EQ(metrics.groups[2].says, "20 samples, fewer than 30: not judged");
  EXPECT_TRUE(metrics.groups[2].metrics.empty());
  EXPECT_EQ(metrics.declared[0].measured.count, (Count{420, 480}));
  EXPECT_FALSE(metrics.declared[1].lower);
  EXPECT_EQ(metrics.declared[1].measured.why_not, "the group has 20 samples, fewer than 30");
}

TEST(Groups, EqualGroupsAreNoFinding) {
  for (const GroupMetrics& group : grouped(456).groups)
    EXPECT_NE(group.state, State::warn) << group.says;
}

TEST(Comparison, CountsTheSamplesOnWhichTheModelsDiffer) {
  // 100 samples: the first right on 0..89, the second on 0..79 and 90..93.
  Scores first = answers(90, 100);
  Scores second = answers(80, 100);
  for (std::size_t i = 90; i < 94; ++i)
    second.answered[i] = second.labels[i];
  const ModelComparison one = compare(first, second);
  EXPECT_EQ(one.both, 80);
  EXPECT_EQ(one.only_this, 10);
  EXPECT_EQ(one.only_other, 4);
  EXPECT_EQ(one.neither, 6);
  EXPECT_NEAR(one.difference, 0.06, 1e-12);
  EXPECT_NEAR(one.p_value, 0.1795654296875, 1e-12);  // scipy 1.17.1: binomtest(4, 14).pvalue
  EXPECT_EQ(compare(first, first).p_value, 1);
}

}  // namespace
}  // namespace lockstep::ai
