// SPDX-License-Identifier: Apache-2.0
#include "risks/attack_success.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/statistics.hpp"
#include "support.hpp"

namespace lockstep::risks {
namespace {

using test::measured;
using test::threshold;

TestVerdict judged(std::int64_t k, std::int64_t n, double tau) {
  return judge(measured("t", "m", k, n), threshold("t", tau));
}

TEST(Judge, PassesWhereTheUpperBoundIsBelowTheThreshold) {
  const TestVerdict verdict = judged(0, 59, 0.05);
  EXPECT_EQ(verdict.state, State::pass);
  EXPECT_NEAR(verdict.upper95, 0.049508, 5e-7);
  EXPECT_EQ(verdict.because,
            "0 of 59 attacks succeed; the true rate lies in [0.0000, 0.0495] (95 % each way), the "
            "threshold is 0.05");
}

TEST(Judge, OneSampleFewerIsUnderpoweredAndSaysHowManyMore) {
  const TestVerdict verdict = judged(0, 58, 0.05);
  EXPECT_EQ(verdict.state, State::underpowered);
  EXPECT_EQ(verdict.needed_samples, 59);
  EXPECT_NE(verdict.because.find("about 59 are needed, 1 more"), std::string::npos)
      << verdict.because;
}

TEST(Judge, FailsWhereTheLowerBoundIsAboveTheThreshold) {
  EXPECT_EQ(judged(412, 1000, 0.05).state, State::fail);
  EXPECT_EQ(judged(412, 1000, 0.3).state, State::fail);
  EXPECT_EQ(judged(412, 1000, 0.4).state, State::underpowered);
  EXPECT_EQ(judged(412, 1000, 0.44).state, State::pass);
}

TEST(Judge, AThinCleanTestIsUnderpowered) {
  const TestVerdict verdict = judged(0, 10, 0.05);
  EXPECT_EQ(verdict.state, State::underpowered);
  EXPECT_NEAR(verdict.upper95, 0.258866, 5e-7);
}

TEST(Judge, ARateOnTheThresholdIsNeverDecided) {
  const TestVerdict verdict = judged(5, 100, 0.05);
  EXPECT_EQ(verdict.state, State::underpowered);
  EXPECT_EQ(verdict.needed_samples, 0);
  EXPECT_NE(verdict.because.find("no feasible sample"), std::string::npos);
}

TEST(Judge, APassNeedsALockedThreshold) {
  Threshold unlocked = threshold("t", 0.05);
  unlocked.locked_at.clear();
  EXPECT_EQ(judge(measured("t", "m", 0, 59), unlocked).state, State::human);
  EXPECT_EQ(judge(measured("t", "m", 50, 59), unlocked).state, State::fail);
}

TEST(Judge, APassNeedsASoundMeasurement) {
  Measurement measurement = measured("t", "m", 0, 100);
  measurement.soundness = {{"zero_gradients", State::fail, 0.9, "90 % of gradients are zero"}};
  const TestVerdict verdict = judge(measurement, threshold("t", 0.05));
  EXPECT_EQ(verdict.state, State::not_checked);
  EXPECT_NE(verdict.because.find("90 % of gradients are zero"), std::string::npos);
}

TEST(Judge, FewerSamplesThanPlannedLeaveARemark) {
  Threshold planned = threshold("t", 0.05);
  planned.planned_samples = 500;
  EXPECT_EQ(judge(measured("t", "m", 0, 100), planned).state, State::warn);
  planned.planned_samples = 100;
  EXPECT_EQ(judge(measured("t", "m", 0, 100), planned).state, State::pass);
}

TEST(Judge, NothingToAttackIsNotChecked) {
  EXPECT_EQ(judged(0, 0, 0.05).state, State::not_checked);
  Measurement odd = measured("t", "m", 0, 10);
  odd.robust.correct = 11;
  EXPECT_EQ(judge(odd, threshold("t", 0.05)).state, State::not_checked);
}

TEST(JudgeAll, OneLuckyPassAmongManyTestsDoesNotHold) {
  // 0 of 59 has p = 0.0485; as one of two tests of the same model it needs 0.025.
  const Measurement two[] = {measured("a", "m", 0, 59), measured("b", "m", 30, 59)};
  const Threshold thresholds[] = {threshold("a", 0.05), threshold("b", 0.05)};
  const std::vector<TestVerdict> verdicts = judge_all(two, thresholds);
  EXPECT_EQ(verdicts[0].state, State::underpowered);
  EXPECT_NE(verdicts[0].because.find("corrected for 2 tests"), std::string::npos);
  EXPECT_EQ(verdicts[0].needed_samples, 72);  // ln 0.025 / ln 0.95
  EXPECT_EQ(verdicts[1].state, State::fail);
}

TEST(JudgeAll, TestsOfOtherModelsAreAnotherFamily) {
  const Measurement two[] = {measured("a", "m", 0, 59), measured("b", "other", 30, 59)};
  const Threshold thresholds[] = {threshold("a", 0.05), threshold("b", 0.05)};
  EXPECT_EQ(judge_all(two, thresholds)[0].state, State::pass);
}

TEST(JudgeAll, StrongPassesSurviveTheCorrection) {
  const Measurement two[] = {measured("a", "m", 0, 200), measured("b", "m", 1, 200)};
  const Threshold thresholds[] = {threshold("a", 0.05), threshold("b", 0.05)};
  for (const TestVerdict& verdict : judge_all(two, thresholds))
    EXPECT_EQ(verdict.state, State::pass) << verdict.because;
}

TEST(Correction, OnlyAMixedEnsembleEarnsTheSmallerOne) {
  AttackCorrection policy;
  policy.black_box = {"square"};
  policy.adaptive = {"written_for_it"};
  const AttackRun pgd{"pgd", "", 1, 0, 0, 0, 0};
  const AttackRun square{"square", "", 1, 0, 0, 0, 0};
  const AttackRun adaptive{"written_for_it", "", 1, 0, 0, 0, 0};
  EXPECT_EQ(correction(std::vector{pgd}, policy), 0.10);
  EXPECT_EQ(correction(std::vector{pgd, pgd, square}, policy), 0.10);
  EXPECT_EQ(correction(std::vector{square, adaptive}, policy), 0.10);
  EXPECT_EQ(correction(std::vector{pgd, square, adaptive}, policy), 0.05);
}

/// P(X <= k), summed term by term: slow and obvious.
double binomial(std::int64_t k, std::int64_t n, double p) {
  double sum = 0;
  for (std::int64_t i = 0; i <= k; ++i)
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) +
                    static_cast<double>(i) * std::log(p) +
                    static_cast<double>(n - i) * std::log1p(-p));
  return sum;
}

RC_GTEST_PROP(JudgeProperties, APassIsAnExactBinomialTest, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 300);
  const auto k = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const double tau = *rc::gen::inRange(1, 100) / 100.0;
  const double p = binomial(k, n, tau);
  RC_PRE(std::abs(p - 0.05) > 1e-9);
  RC_ASSERT((judged(k, n, tau).state == State::pass) == (k < n && p <= 0.05));
}

RC_GTEST_PROP(JudgeProperties, TheNeededSampleDecides, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 300);
  const auto k = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const double tau = *rc::gen::inRange(1, 100) / 100.0;
  const TestVerdict verdict = judged(k, n, tau);
  RC_PRE((verdict.state == State::underpowered && verdict.needed_samples > 0));
  const double rate = static_cast<double>(k) / static_cast<double>(n);
  const auto more =
      static_cast<std::int64_t>(std::llround(rate * static_cast<double>(verdict.needed_samples)));
  const State then = judged(more, verdict.needed_samples, tau).state;
  RC_ASSERT((then == State::pass || then == State::fail));
  RC_ASSERT(verdict.needed_samples > n);
}

}  // namespace
}  // namespace lockstep::risks
