// SPDX-License-Identifier: Apache-2.0
#include "risks/overall.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace lockstep::risks {
namespace {

Risk risk(const std::string& harm_class, int severity, double q95) {
  Risk one;
  one.level = "high";
  one.harm.harm_class = harm_class;
  one.harm.severity = severity;
  one.current.q95 = q95;
  return one;
}

TEST(Overall, EachClassIsBracketedByTheLargestAndTheSum) {
  Risk open = risk("I", 3, 1);
  open.level = "unknown";
  const auto all = overall_risks(std::vector{risk("I", 3, 0.2), risk("I", 4, 0.3),
                                             risk("I", 2, 0.9), risk("H", 3, 0.5), open});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].harm_class, "H");
  EXPECT_EQ(all[0].scenarios, 1);
  EXPECT_DOUBLE_EQ(all[0].point, 0.5);
  EXPECT_EQ(all[1].harm_class, "I");
  EXPECT_DOUBLE_EQ(all[1].low, 0.3);
  EXPECT_DOUBLE_EQ(all[1].point, 0.44);
  EXPECT_DOUBLE_EQ(all[1].high, 0.5);
  EXPECT_EQ(all[1].scenarios, 2);
  EXPECT_EQ(all[1].milder, 1);
  EXPECT_EQ(all[1].without_level, 1);
  EXPECT_EQ(all[2].harm_class, "");
  EXPECT_DOUBLE_EQ(all[2].low, 0.5);
  EXPECT_DOUBLE_EQ(all[2].point, 0.72);
  EXPECT_DOUBLE_EQ(all[2].high, 1);
}

TEST(Overall, WithoutRisksNothingIsSaid) {
  EXPECT_TRUE(overall_risks({}).empty());
}

RC_GTEST_PROP(OverallProperties, ThePointLiesWithinTheBracket, ()) {
  const auto percents =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 101)));
  std::vector<Risk> risks;
  for (const int percent : percents)
    risks.push_back(risk("H", 3, percent / 100.0));
  const OverallRisk overall = overall_risks(risks).back();
  RC_ASSERT((overall.low <= overall.point + 1e-12 && overall.point <= overall.high + 1e-12));
}

}  // namespace
}  // namespace lockstep::risks
