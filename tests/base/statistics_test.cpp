// SPDX-License-Identifier: Apache-2.0
#include "base/statistics.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "support/paths.hpp"

namespace lockstep {
namespace {

Json oracles() {
  Diagnostics problems;
  const std::string path = test::shared_path("ai/references.json");
  const auto tree = parse_json(test::read_file(path), path, problems);
  EXPECT_TRUE(tree.has_value());
  return tree ? (*tree)["statistics_oracles"] : Json();
}

TEST(Statistics, IntervalsAreThoseOfTheReference) {
  LS_NEEDS_SHARED("ai/references.json");
  const Json rows = oracles()["clopper_pearson"];
  ASSERT_GE(rows.items().size(), 5U);
  for (const Json& row : rows.items()) {
    const std::int64_t k = *row["k"].as_int();
    const std::int64_t n = *row["n"].as_int();
    const Interval interval = clopper_pearson(k, n);
    EXPECT_NEAR(interval.low, *row["cp95"].items()[0].as_number(), 1e-12) << k << "/" << n;
    EXPECT_NEAR(interval.high, *row["cp95"].items()[1].as_number(), 1e-12) << k << "/" << n;
    EXPECT_NEAR(lower_bound(k, n, 0.999), *row["cp_lower_alpha0.001"].as_number(), 1e-12);
  }
}

TEST(Statistics, SamplesNeededAreThoseOfTheReference) {
  LS_NEEDS_SHARED("ai/references.json");
  const Json rows = oracles()["required_n"];
  ASSERT_GE(rows.items().size(), 5U);
  for (const Json& row : rows.items()) {
    const std::int64_t errors = *row["errors_allowed"].as_int();
    const std::int64_t n = *row["n"].as_int();
    const double rate = 1 - *row["accuracy_at_least"].as_number();
    const double confidence = *row["confidence"].as_number();
    EXPECT_LE(upper_bound(errors, n, confidence), rate) << n;
    EXPECT_GT(upper_bound(errors, n - 1, confidence), rate) << n;
  }
}

TEST(Statistics, TheEndsOfTheCountHaveClosedForms) {
  // 0 of n: the upper bound is 1 - alpha^(1/n); n of n: the lower bound is alpha^(1/n).
  for (const std::int64_t n : {1, 2, 10, 59, 1000, 100000}) {
    const double root = std::pow(0.05, 1.0 / static_cast<double>(n));
    EXPECT_NEAR(upper_bound(0, n), 1 - root, 1e-12) << n;
    EXPECT_NEAR(lower_bound(n, n), root, 1e-12) << n;
    EXPECT_EQ(lower_bound(0, n), 0);
    EXPECT_EQ(upper_bound(n, n), 1);
  }
  EXPECT_EQ(clopper_pearson(0, 0), (Interval{0, 1}));
}

TEST(Statistics, QuantilesHaveClosedFormsWhereShapesAreSimple) {
  EXPECT_NEAR(beta_quantile(0.3, 1, 1), 0.3, 1e-14);
  EXPECT_NEAR(beta_quantile(0.3, 3, 1), std::cbrt(0.3), 1e-14);
  EXPECT_NEAR(beta_quantile(0.3, 1, 4), 1 - std::pow(0.7, 0.25), 1e-14);
  EXPECT_NEAR(beta_probability(0.3, 2, 1), 0.09, 1e-14);
  EXPECT_EQ(beta_probability(0, 2, 1), 0);
  EXPECT_EQ(beta_probability(1, 2, 1), 1);
  EXPECT_NEAR(gamma_quantile(0.95, 1, 2), -std::log(0.05) / 2, 1e-14);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(normal_quantile(0.05), -1.6448536269514722, 1e-12);
}

TEST(Statistics, HolmKeepsTheOrderAndStopsAtOne) {
  EXPECT_TRUE(holm({}).empty());
  EXPECT_EQ(holm({0.04}), std::vector<double>{0.04});
  EXPECT_EQ(holm({0.5, 0.9}), (std::vector<double>{1, 1}));
  const std::vector<double> adjusted = holm({0.2, 0.003, 0.04, 0.02});
  const double expected[] = {0.2, 0.012, 0.08, 0.06};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(adjusted[i], expected[i], 1e-12);
}

RC_GTEST_PROP(StatisticsProperties, BoundsHoldTheRateAndShrinkWithTheSample, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 500);
  const auto k = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const double rate = static_cast<double>(k) / static_cast<double>(n);
  const Interval once = clopper_pearson(k, n);
  const Interval twice = clopper_pearson(2 * k, 2 * n);
  RC_ASSERT((0 <= once.low && once.low <= rate && rate <= once.high && once.high <= 1));
  RC_ASSERT((twice.high - twice.low <= once.high - once.low + 1e-12));
  RC_ASSERT(std::abs(clopper_pearson(n - k, n).high - (1 - once.low)) < 1e-9);
}

RC_GTEST_PROP(StatisticsProperties, QuantileAndProbabilityUndoEachOther, ()) {
  const double a = *rc::gen::inRange(1, 2000) / 2.0;
  const double b = *rc::gen::inRange(1, 2000) / 2.0;
  const double p = *rc::gen::inRange(1, 1000) / 1000.0;
  RC_ASSERT(std::abs(beta_probability(beta_quantile(p, a, b), a, b) - p) < 1e-9);
}

RC_GTEST_PROP(StatisticsProperties, HolmNeverLowersAPValue, ()) {
  const auto permille = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1001));
  std::vector<double> p_values;
  for (const int one : permille)
    p_values.push_back(one / 1000.0);
  const std::vector<double> adjusted = holm(p_values);
  RC_ASSERT(adjusted.size() == p_values.size());
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    RC_ASSERT((p_values[i] <= adjusted[i] && adjusted[i] <= 1));
    for (std::size_t j = 0; j < p_values.size(); ++j)
      RC_ASSERT((p_values[i] > p_values[j] || adjusted[i] <= adjusted[j]));
  }
}

}  // namespace
}  // namespace lockstep
