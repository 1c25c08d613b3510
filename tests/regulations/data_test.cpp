// SPDX-License-Identifier: Apache-2.0
#include "regulations/data.hpp"

namespace lockstep::regulations {
namespace {

TEST(Data, LoadsWithoutProblems) {
  const Ruleset& rules = test::real_rules();
  EXPECT_EQ(rules.acts.size(), 7U);
  EXPECT_EQ(rules.order.size(), rules.decisions.size());
}

}  // namespace
}  // namespace lockstep::regulations
