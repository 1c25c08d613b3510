// SPDX-License-Identifier: Apache-2.0
#include "risks/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <rapidcheck/gtest.h>

#include "base/statistics.hpp"
#include "risks/attack_success.hpp"

namespace lockstep::risks {
namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Mean, median and 95 % value of the probability over five years.
struct Outcome {
  double mean, median, q95;
};

Outcome outcome(std::vector<Factor> factors, std::uint64_t seed = 7) {
  const std::vector<double> rates = sample_rates("camera", factors, seed);
  std::vector<double> probabilities;
  for (const double rate : rates)
    probabilities.push_back(probability_over(rate, 5));
  const Likelihood likelihood = likelihood_over(summarise(rates), 5);
  return {mean_of(probabilities), likelihood.median, likelihood.q95};
}

// The worked example of the method, section 6: a printed pattern hides a flame.
std::vector<Factor> camera(std::int64_t k, std::int64_t n, double d) {
  return {{"a", LogNormal{0, 0.978}}, success_factor(k, n, d), {"h", Beta{2, 98}}};
}

TEST(WorkedExample, FirstDesign) {
  const Outcome result = outcome(camera(37, 1000, 0.05));
  EXPECT_NEAR(result.mean / 0.0134, 1, 0.02);
  EXPECT_NEAR(result.median / 0.0068, 1, 0.02);
  EXPECT_NEAR(result.q95 / 0.047, 1, 0.02);
}

TEST(WorkedExample, TheJudgedRateIsLogNormal) {
  const LogNormal rate = judged_interval(0.2, 5);
  EXPECT_NEAR(rate.mu, 0, 1e-12);
  EXPECT_NEAR(rate.sigma, 0.978, 0.0005);
}

TEST(WorkedExample, UpperBoundOfTheCorrectedSuccess) {
  EXPECT_NEAR(corrected(lockstep::upper_bound(37, 1000), 0.05), 0.0960, 5e-5);
}

TEST(WorkedExample, SecondSensor) {
  std::vector<Factor> factors = camera(37, 1000, 0.05);
  factors.push_back({"e", Beta{18.5, 2.5}, 1, -1});
  const Outcome result = outcome(factors);
  EXPECT_NEAR(result.mean / 0.0016, 1, 0.03);
  EXPECT_NEAR(result.median / 0.00068, 1, 0.03);
  EXPECT_NEAR(result.q95 / 0.0061, 1, 0.03);
}

TEST(WorkedExample, AThinCleanTestIsNoBetter) {
  const Outcome thick = outcome(camera(37, 1000, 0.05));
  const Outcome thin = outcome(camera(0, 10, 0.05));
  EXPECT_NEAR(thin.q95 / 0.054, 1, 0.02);
  EXPECT_NEAR(thin.median / 0.0064, 1, 0.02);
  EXPECT_GT(thin.q95, thick.q95);
  EXPECT_NEAR(outcome(camera(0, 10, 0.10)).q95 / 0.078, 1, 0.02);
  std::vector<Factor> flat = camera(0, 10, 0.05);
  flat[1].distribution = Beta{1, 11};
  EXPECT_NEAR(outcome(flat).q95 / 0.074, 1, 0.02);
}

/// Kolmogorov's distance between draws and quantiles; 1.95 / sqrt(n) is passed by chance once in a
/// thousand.
double distance(const Distribution& distribution, std::uint32_t n) {
  const Factor one[] = {{"x", distribution}};
  std::vector<double> draws = sample_rates("distance", one, 1, n);
  std::sort(draws.begin(), draws.end());
  double worst = 0;
  constexpr int steps = 1000;
  for (int i = 1; i < steps; ++i) {
    const double p = static_cast<double>(i) / steps;
    const auto below =
        std::lower_bound(draws.begin(), draws.end(), quantile(distribution, p)) - draws.begin();
    worst = std::max(worst, std::abs(static_cast<double>(below) / n - p));
  }
  return worst;
}

TEST(Simulation, DrawsFollowTheirDistributions) {
  constexpr std::uint32_t n = 100'000;
  const double limit = 1.95 / std::sqrt(n);
  const Distribution all[] = {LogNormal{-2, 1.5}, Beta{37.5, 963.5}, Beta{2, 98},
                              Beta{0.5, 10.5},    Beta{0.5, 0.5},    Beta{1000.5, 0.5},
                              Gamma{1.4, 5.5},    Gamma{0.3, 2}};
  for (const Distribution& one : all)
    EXPECT_LT(distance(one, n), limit) << one.index() << " " << mean(one);
}

TEST(Simulation, MeansAreRight) {
  const Distribution all[] = {Beta{0.5, 10.5}, Beta{18.5, 2.5}, Gamma{0.3, 2}, Gamma{40, 3}};
  for (const Distribution& one : all) {
    const Factor factor[] = {{"x", one}};
    EXPECT_NEAR(mean_of(sample_rates("mean", factor, 3)) / mean(one), 1, 0.02);
  }
}

TEST(Simulation, AgreesWithTheClosedForm) {
  const Factor factors[] = {{"a", judged_interval(0.2, 5)},
                            {"v", Fixed{0.05}},
                            {"h", judged_interval(0.001, 0.01), 0, 1, 1}};
  const auto exact = closed_form(factors);
  ASSERT_TRUE(exact.has_value());
  const RateSummary drawn = summarise(sample_rates("closed", factors, 11));
  EXPECT_NEAR(drawn.median / exact->median, 1, 0.02);
  EXPECT_LE(drawn.q95_low, exact->q95);
  EXPECT_GE(drawn.q95_high, exact->q95);
  EXPECT_EQ(likelihood_over(*exact, 5).monte_carlo_error, 0);
}

TEST(Simulation, AReachableBoundIsSimulated) {
  const Factor factors[] = {{"h", judged_interval(0.2, 0.9), 0, 1, 1}};
  EXPECT_FALSE(closed_form(factors).has_value());
  for (const double rate : sample_rates("bound", factors, 1, 10'000))
    EXPECT_LE(rate, 1);
}

TEST(Simulation, TheIntervalOfTheQuantileHoldsItAsOftenAsItSays) {
  const Factor factors[] = {{"x", Beta{2, 98}}};
  const double truth = quantile(Beta{2, 98}, 0.95);
  int held = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RateSummary summary = summarise(sample_rates("coverage", factors, seed, 2000));
    if (summary.q95_low <= truth && truth <= summary.q95_high) ++held;
  }
  EXPECT_GE(held, 180);  // 190 expected; fewer than 180 comes about once in 2,000
}

TEST(Simulation, AnotherScenarioOrFactorLeavesTheDrawsAsTheyWere) {
  const Factor a{"a", LogNormal{0, 1}};
  const Factor one{"one", Fixed{1}};
  const Factor first[] = {a};
  const Factor second[] = {one, a};
  EXPECT_EQ(sample_rates("s", first, 5, 100), sample_rates("s", second, 5, 100));
  EXPECT_NE(sample_rates("s", first, 5, 100), sample_rates("t", first, 5, 100));
  EXPECT_NE(sample_rates("s", first, 5, 100), sample_rates("s", first, 6, 100));
  const std::vector<double> few = sample_rates("s", first, 5, 10);
  const std::vector<double> many = sample_rates("s", first, 5, 100);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST(Simulation, TheFirstDrawsAreKnown) {
  // Written down once, so that a change of the generator or a transform cannot pass unseen.
  const Factor log_normal[] = {{"a", LogNormal{0, 1}}};
  const Factor beta[] = {{"v", Beta{2, 98}}};
  EXPECT_NEAR(sample_rates("fixed", log_normal, 42, 3)[2], 14.3431245513964, 1e-9);
  EXPECT_NEAR(sample_rates("fixed", beta, 42, 3)[2], 0.0232390683541567, 1e-12);
}

RC_GTEST_PROP(SimulationProperties, MoreResidualIsMoreRisk, (std::uint32_t seed)) {
  const Factor factors[] = {{"a", LogNormal{0, 1}}, {"v", Beta{1, 9}}};
  const RateSummary rate = summarise(sample_rates("p", factors, seed, 500));
  RC_ASSERT(rate.median <= rate.q95);
  RC_ASSERT(rate.q95_low <= rate.q95);
  RC_ASSERT(rate.q95 <= rate.q95_high);
  const Likelihood half = likelihood_over(rate, 5, 0.5);
  const Likelihood whole = likelihood_over(rate, 5, 1);
  RC_ASSERT(half.q95 <= whole.q95);
  RC_ASSERT(half.median <= whole.median);
  RC_ASSERT((whole.q95 >= 0 && whole.q95 <= 1));
}

}  // namespace
}  // namespace lockstep::risks
