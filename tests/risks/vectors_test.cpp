// SPDX-License-Identifier: Apache-2.0
// The numbers of the risk method's table of test vectors, computed there by an independent script.
#include <cmath>
#include <gtest/gtest.h>

#include "base/exact_tests.hpp"
#include "base/statistics.hpp"
#include "risks/attack_success.hpp"
#include "risks/bayes.hpp"
#include "risks/controls.hpp"
#include "risks/distribution.hpp"
#include "risks/simulation.hpp"
#include "risks/vulnerability.hpp"

namespace lockstep::risks {
namespace {

TEST(MethodVectors, ExactIntervals) {
  const Interval two_sided = clopper_pearson(3, 100);
  EXPECT_NEAR(two_sided.low, 0.006230, 5e-7);
  EXPECT_NEAR(two_sided.high, 0.085176, 5e-7);

  const struct {
    int k, n;
    double upper;
  } rows[] = {{0, 59, 0.049508},  {0, 299, 0.009969},   {0, 10, 0.258866},
              {1, 500, 0.009452}, {37, 1000, 0.048390}, {412, 1000, 0.438270}};

  for (const auto& row : rows)
    EXPECT_NEAR(lockstep::upper_bound(row.k, row.n), row.upper, 5e-7) << row.k << "/" << row.n;
}

TEST(MethodVectors, JeffreysQuantile) {
  EXPECT_NEAR(quantile(jeffreys(37, 1000), 0.95), 0.047828, 5e-7);
}

TEST(MethodVectors, SamplesThatZeroSuccessesNeed) {
  EXPECT_EQ(samples_for_zero(0.05, 0.05), 59);
  EXPECT_EQ(samples_for_zero(0.01, 0.05), 299);
  EXPECT_EQ(samples_for_zero(0.001, 0.05), 2995);
}

TEST(MethodVectors, ThirtyDaysOfThreeWeaknesses) {
  const double raw[] = {0.02, 0.10, 0.45};
  const ThirtyDays joint = within_thirty_days(raw);
  EXPECT_NEAR(joint.point, 0.514900, 5e-7);
  EXPECT_NEAR(joint.low, 0.45, 1e-12);
  EXPECT_NEAR(joint.high, 0.57, 1e-12);
}

TEST(MethodVectors, WeightedWeaknesses) {
  const Exploitability first{0.02, 1, 1, "", ""};
  const Exploitability second{0.10, 0.3, 1, "", ""};
  const Exploitability third{0.45, 1, 0.5, "", ""};
  const double q[] = {first.q(), second.q(), third.q()};
  EXPECT_NEAR(q[1], 0.03, 1e-12);
  EXPECT_NEAR(q[2], 0.225, 1e-12);
  const ThirtyDays joint = within_thirty_days(q);
  EXPECT_NEAR(joint.point, 0.263285, 5e-7);
  EXPECT_NEAR(joint.low, 0.225, 1e-12);
  EXPECT_NEAR(joint.high, 0.275, 1e-12);
}

TEST(MethodVectors, ExposureWindow) {
  const double rate = yearly_rate(0.225);
  EXPECT_NEAR(rate, 3.10, 0.005);
  EXPECT_NEAR(exploited_before_fix(rate, 7), 0.058, 0.0005);
  EXPECT_NEAR(exploited_before_fix(rate, 14), 0.112, 0.0005);
  EXPECT_NEAR(exploited_before_fix(rate, 90), 0.534, 0.001);
  EXPECT_NEAR(exploited_before_fix(rate, 365), 0.955, 0.0005);
}

TEST(MethodVectors, ScannersMoveThePrior) {
  const Scanner textbook{0.8, 0.05};
  EXPECT_NEAR(likelihood_ratio(textbook, ScanResult::hit), 16, 1e-9);
  EXPECT_NEAR(likelihood_ratio(textbook, ScanResult::clean), 0.210526, 5e-7);
  EXPECT_NEAR(updated(0.02, likelihood_ratio(textbook, ScanResult::hit)), 0.246154, 5e-7);
  EXPECT_NEAR(updated(0.02, likelihood_ratio(textbook, ScanResult::clean)), 0.004278, 5e-7);
}

TEST(MethodVectors, CanariesBoundAScanner) {
  const Scanner scanner = calibrated(18, 20, 4, 400);
  EXPECT_NEAR(scanner.sensitivity, 0.717381, 5e-7);
  EXPECT_NEAR(scanner.false_alarms, 0.022737, 5e-7);
  EXPECT_NEAR(likelihood_ratio(scanner, ScanResult::clean), 0.289194, 5e-7);
  EXPECT_NEAR(updated(0.02, likelihood_ratio(scanner, ScanResult::clean)), 0.005867, 5e-7);
}

TEST(MethodVectors, AScannerWithoutCanariesChangesNothing) {
  EXPECT_EQ(likelihood_ratio(Scanner{}, ScanResult::clean), 1);
  EXPECT_EQ(likelihood_ratio(Scanner{}, ScanResult::hit), 1);
  EXPECT_NEAR(updated(0.02, 1), 0.02, 1e-15);
}

TEST(MethodVectors, OneScannerMovesTheOddsByTwentyAtMost) {
  EXPECT_NEAR(updated(0.5, 1e6), 20.0 / 21, 1e-12);
  EXPECT_NEAR(updated(0.5, 1e-6), 1.0 / 21, 1e-12);
}

TEST(MethodVectors, ResidualOfTwoControls) {
  Control first;
  first.hierarchy = "design";
  first.effectiveness = 0.8;
  first.weight = 1;
  Control second;
  second.hierarchy = "protective";
  second.effectiveness = 0.5;
  second.weight = 0.4;
  const Control both[] = {first, second};
  EXPECT_NEAR(0.3 * residual(both, ControlPolicy{}), 0.048, 1e-12);
}

TEST(MethodVectors, IncidentsUpdateTheRate) {
  const Gamma posterior = incident_rate(0.2, 2.0, 1, 3.5);
  EXPECT_NEAR(posterior.shape, 1.4, 1e-12);
  EXPECT_NEAR(posterior.rate, 5.5, 1e-12);
  EXPECT_NEAR(mean(posterior), 0.254545, 5e-7);
  EXPECT_NEAR(quantile(posterior, 0.95), 0.678639, 5e-7);
  EXPECT_NEAR(probability_over(mean(posterior), 1), 0.2247, 5e-5);
}

TEST(MethodVectors, JudgedIntervalBecomesLogNormal) {
  const LogNormal judged = judged_interval(0.001, 0.1);
  EXPECT_NEAR(judged.mu, -4.605170, 5e-7);
  EXPECT_NEAR(judged.sigma, 1.399872, 1e-6);
  EXPECT_NEAR(quantile(judged, 0.5), 0.01, 1e-12);
  EXPECT_NEAR(mean(judged), 0.026640, 5e-7);
  EXPECT_NEAR(quantile(judged, 0.05), 0.001, 1e-12);
  EXPECT_NEAR(quantile(judged, 0.95), 0.1, 1e-12);
}

TEST(MethodVectors, ProbabilityOverYears) {
  EXPECT_NEAR(probability_over(0.0041, 1), 0.004092, 5e-7);
  EXPECT_NEAR(probability_over(0.0041, 5), 0.020291, 5e-7);
  EXPECT_DOUBLE_EQ(probability_over(1e-18, 1), 1e-18);
}

TEST(MethodVectors, Holm) {
  const std::vector<double> adjusted = holm({0.003, 0.02, 0.04, 0.2});
  const double expected[] = {0.012, 0.06, 0.08, 0.2};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(adjusted[i], expected[i], 1e-12);
}

TEST(MethodVectors, AnAttackerWhoRetries) {
  EXPECT_NEAR(after_tries(0.0484, 10), 0.39, 0.005);
  EXPECT_NEAR(after_tries(0.0484, 50), 0.92, 0.005);
}

TEST(MethodVectors, EvidenceAges) {
  EXPECT_NEAR(age_factor(90, 365), 0.84, 0.005);
  EXPECT_NEAR(age_factor(365, 365), 0.5, 1e-12);
}

TEST(MethodVectors, LogNormalProductHasAClosedForm) {
  const Factor product[] = {{"x", LogNormal{-6.605, 1.612}}};
  const auto exact = closed_form(product);
  ASSERT_TRUE(exact.has_value());
  EXPECT_NEAR(exact->median, 0.001353, 1e-6);
  EXPECT_NEAR(exact->q95, 0.01919, 5e-6);
  EXPECT_NEAR(mean(LogNormal{-6.605, 1.612}), 0.004965, 5e-6);
}

}  // namespace
}  // namespace lockstep::risks
