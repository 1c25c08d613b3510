// SPDX-License-Identifier: Apache-2.0
#include "risks/declared.hpp"

#include <gtest/gtest.h>

#include "base/exact_tests.hpp"

namespace lockstep::risks {
namespace {

DeclaredTest test_of(std::int64_t k, std::int64_t n, double declared) {
  DeclaredTest test;
  test.declared = {"accuracy", -1, "", declared, 0.95};
  test.measured.metric = "accuracy";
  test.measured.value = static_cast<double>(k) / static_cast<double>(n);
  test.measured.count = Count{k, n};
  test.measured.samples = n;
  test.lower = lower_bound(k, n);
  test.upper = upper_bound(k, n);
  test.p_shown = binomial_at_least(k, n, declared);
  test.p_refuted = binomial_at_most(k, n, declared);
  test.needed = 1234;
  test.test = "exact binomial, one-sided";
  return test;
}

std::vector<DeclaredVerdict> judged_together(std::vector<DeclaredTest> tests) {
  Metrics metrics;
  metrics.data.path = "test.npz";
  metrics.declared = std::move(tests);
  return judge_declared("reader", std::span(&metrics, 1));
}

DeclaredVerdict judged(const DeclaredTest& test) {
  return judged_together({test}).at(0);
}

TEST(DeclaredVerdicts, AreShownRefutedOrUnderpowered) {
  EXPECT_EQ(judged(test_of(990, 1000, 0.98)).state, State::pass);
  EXPECT_EQ(judged(test_of(960, 1000, 0.98)).state, State::fail);
  const DeclaredVerdict open = judged(test_of(985, 1000, 0.98));
  EXPECT_EQ(open.state, State::underpowered);
  EXPECT_EQ(open.because,
            "accuracy measured 0.9850 (985 of 1000), at least 0.9770 with 95 % confidence; "
            "declared at least 0.98; too few samples to decide: at this value about 1234 are "
            "needed");
}

TEST(DeclaredVerdicts, ExactlyTheValueDeclaredIsNotShown) {
  EXPECT_EQ(judged(test_of(980, 1000, 0.98)).state, State::underpowered);
}

TEST(DeclaredVerdicts, SeveralValuesMustHoldTogether) {
  const DeclaredTest near = test_of(988, 1000, 0.98);  // p = 0.038
  ASSERT_LT(near.p_shown, 0.05);
  EXPECT_EQ(judged(near).state, State::pass);
  const auto verdicts = judged_together({near, test_of(989, 1000, 0.982)});
  EXPECT_EQ(id_of(verdicts[0]), "reader.accuracy");
  EXPECT_EQ(verdicts[0].data, "test.npz");
  EXPECT_EQ(verdicts[0].state, State::underpowered) << verdicts[0].because;
  EXPECT_NE(verdicts[0].because.find("corrected for 2 declared values it is not shown"),
            std::string::npos);
}

TEST(DeclaredVerdicts, WithoutABoundNothingWasChecked) {
  DeclaredTest test = test_of(990, 1000, 0.98);
  test.lower.reset();
  test.upper.reset();
  test.measured.why_not = "3 wrong answers are too few to resample (at least 10)";
  const DeclaredVerdict verdict = judged(test);
  EXPECT_EQ(verdict.state, State::not_checked);
  EXPECT_EQ(verdict.because,
            "accuracy measured 0.9900, which nothing bounds: 3 wrong answers are too few to "
            "resample (at least 10)");
  test.measured.value.reset();
  test.measured.why_not = "there are no samples";
  EXPECT_EQ(judged(test).because, "accuracy was not measured: there are no samples");
}

}  // namespace
}  // namespace lockstep::risks
