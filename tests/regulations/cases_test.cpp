// SPDX-License-Identifier: Apache-2.0
#include "regulations/cases.hpp"

#include "regulations/data.hpp"

namespace lockstep::regulations {
namespace {

TEST(Cases, EachComesOutAndEachRuleHasThem) {
  const auto files = test::data_files();
  const Ruleset& rules = test::real_rules();
  Diagnostics problems;
  const std::vector<Case> cases = read_cases(files, rules, problems);
  EXPECT_GT(cases.size(), 200U);
  check_cases(cases, rules, problems);
  for (const auto& entry : problems.entries())
    ADD_FAILURE() << to_text(entry);
}

}  // namespace
}  // namespace lockstep::regulations
