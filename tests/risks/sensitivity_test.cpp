// SPDX-License-Identifier: Apache-2.0
#include "risks/sensitivity.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <rapidcheck/gtest.h>

#include "risks/levels.hpp"
#include "support.hpp"

namespace lockstep::risks {
namespace {

using test::rules;

/// A risk with the level that its factors give.
Risk risk_of(std::span<const Factor> factors, int severity, double years = 5) {
  Risk risk;
  risk.id = "camera";
  risk.seed = 7;
  risk.harm.severity = severity;
  risk.horizon_years = years;
  risk.current = likelihood_over(rate_of(risk.id, factors, risk.seed), years);
  risk.level = rate(risk.current.q95, severity, rules()).level;
  return risk;
}

/// Counted pair by pair: how often the smaller x has the smaller y, for values without ties.
double slow_spearman(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double rank_x = 0;
    double rank_y = 0;
    for (std::size_t j = 0; j < x.size(); ++j) {
      rank_x += x[j] < x[i] ? 1 : 0;
      rank_y += y[j] < y[i] ? 1 : 0;
    }
    squares += (rank_x - rank_y) * (rank_x - rank_y);
  }
  return 1 - 6 * squares / (n * (n * n - 1));
}

RC_GTEST_PROP(SensitivityProperties, RankCorrelationIsThatOfTheFormulaWithoutTies, ()) {
  const auto values = *rc::gen::unique<std::vector<int>>(20, rc::gen::inRange(0, 1000));
  const auto partners = *rc::gen::unique<std::vector<int>>(20, rc::gen::inRange(0, 1000));
  const std::vector<double> x(values.begin(), values.end());
  const std::vector<double> y(partners.begin(), partners.end());
  RC_ASSERT((std::abs(rank_correlation(x, y) - slow_spearman(x, y)) < 1e-12));
}

TEST(Sensitivity, TiesShareTheirMeanRank) {
  const double x[] = {1, 2, 2, 3};
  const double y[] = {1, 3, 2, 4};
  // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: 4.5 / sqrt(4.5 * 5).
  EXPECT_NEAR(rank_correlation(x, y), 4.5 / std::sqrt(22.5), 1e-12);
  const double constant[] = {1, 1, 1, 1};
  EXPECT_EQ(rank_correlation(constant, y), 0);
}

TEST(Sensitivity, RankCorrelationOfLogNormalsHasAClosedForm) {
  const Factor factors[] = {{"a", LogNormal{0, 0.978}}, {"h", LogNormal{-4, 0.5}}};
  const auto inputs = sensitivity_of(risk_of(factors, 2), factors, {}, rules());
  ASSERT_EQ(inputs.size(), 2U);
  const double all = std::hypot(0.978, 0.5);
  const auto exact = [&](double sigma) {
    return 6 / std::numbers::pi * std::asin(sigma / all / 2);
  };
  EXPECT_NEAR(inputs[0].rank_correlation.value(), exact(0.978), 0.02);
  EXPECT_NEAR(inputs[1].rank_correlation.value(), exact(0.5), 0.02);
}

// Two log-normals: the level with one held is that of the other's 95 % value times the held value.
TEST(Sensitivity, HoldsAnInputAtItsFiveAndNinetyFivePercentPoints) {
  const LogNormal a = judged_interval(0.02, 2);
  const LogNormal h = judged_interval(0.0005, 0.001);
  const Factor factors[] = {{"a", a}, {"h", h}};
  const Risk risk = risk_of(factors, 2);
  const auto inputs = sensitivity_of(risk, factors, {}, rules());
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_NEAR(inputs[0].low, 0.02, 1e-9);
  EXPECT_NEAR(inputs[0].high, 2, 1e-9);
  EXPECT_EQ(risk.level, "high");
  EXPECT_EQ(inputs[0].level_low, rate(1 - std::exp(-0.02 * 0.001 * 5), 2, rules()).level);
  EXPECT_EQ(inputs[0].level_low, "low");
  EXPECT_EQ(inputs[0].level_high, rate(1 - std::exp(-2 * 0.001 * 5), 2, rules()).level);
  EXPECT_EQ(inputs[0].level_high, "high");
  // Another level below the border at 1/1000 and above that at 1/100: P = 1 - exp(-0.001 a 5).
  const auto border = [](double p) { return -std::log1p(-p) / 5 / 0.001; };
  int others = 0;
  for (int i = 0; i < 100; ++i) {
    const double x = quantile(a, (i + 0.5) / 100);
    others += x < border(0.001) || x > border(0.01) ? 1 : 0;
  }
  EXPECT_GT(others, 50);
  EXPECT_DOUBLE_EQ(inputs[0].crossing, others / 100.0);
  EXPECT_EQ(next_best_evidence(inputs), "a");
}

TEST(Sensitivity, WhatADefaultStandsForIsHeldBetweenItsBounds) {
  const Factor factors[] = {
      {"a", LogNormal{0, 0}}, {"h", Fixed{1}, 0, 1, 1, Bounds{0, 1}}, {"v", Fixed{0.3}}};
  const auto inputs = sensitivity_of(risk_of(factors, 1, 1), factors, {}, rules());
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[1].input, "h");
  EXPECT_FALSE(inputs[1].rank_correlation.has_value());
  EXPECT_EQ(inputs[1].low, 0.05);
  EXPECT_EQ(inputs[1].high, 0.95);
  // 1 - exp(-0.3 h) > 0.01 is medium, at most 0.01 low: h = 0.0335, so 3 of 100 places.
  EXPECT_EQ(inputs[1].crossing, 0.03);
}

TEST(Sensitivity, TheWindowAndTheControlsAreInputs) {
  const Factor factors[] = {{"a", Fixed{0.02}}};
  Risk risk = risk_of(factors, 1, 1);
  risk.controls = {{"confirm", "An operator confirms", "protective", 0.9, 0.4, ""}};
  risk.level = "medium";
  const auto inputs = sensitivity_of(risk, factors, 0.01, rules());
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].input, "W");
  EXPECT_EQ(inputs[0].level_low, "low");
  EXPECT_EQ(inputs[1].input, "w confirm");
  // 0.02 (1 - 0.9 w) at w = 0.05 and w = 0.95.
  EXPECT_EQ(inputs[1].level_low, "medium");
  EXPECT_EQ(inputs[1].level_high, "low");
}

TEST(Sensitivity, NothingIsSaidWithoutALevelOrARange) {
  const Factor factors[] = {{"a", Fixed{0.02}}};
  EXPECT_TRUE(sensitivity_of(risk_of(factors, 1, 1), factors, {}, rules()).empty());
  EXPECT_EQ(next_best_evidence({}), "");
  Risk open;
  open.level = "unknown";
  EXPECT_TRUE(sensitivity_of(open, factors, 0.01, rules()).empty());
}

TEST(Sensitivity, TheNextBestEvidenceCrossesMostOftenThenCorrelatesMost) {
  InputSensitivity a{"a", 0, 1, "low", "low", 0.9, 0};
  InputSensitivity v{"v", 0, 1, "low", "high", 0.1, 0.4};
  InputSensitivity h{"h", 0, 1, "low", "high", -0.5, 0.4};
  EXPECT_EQ(next_best_evidence(std::vector{a, v}), "v");
  EXPECT_EQ(next_best_evidence(std::vector{a, v, h}), "h");
  EXPECT_EQ(next_best_evidence(std::vector{a}), "");
}

}  // namespace
}  // namespace lockstep::risks
