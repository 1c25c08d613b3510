// SPDX-License-Identifier: Apache-2.0
#include "regulations/turns.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "regulations/cases.hpp"
#include "regulations/data.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/generate.hpp"

namespace lockstep::regulations {
namespace {

constexpr Day before = std::chrono::year{2026} / 7 / 26;

TEST(LawChanges, NameTheAmendmentThatCameAfterTheAnswers) {
  const auto changes = law_changes(test::real_rules(), {}, before, before + std::chrono::days(1));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes.front().act, "eu-2024-1689");
  EXPECT_EQ(changes.front().by, "Regulation (EU) 2026/1744");
  EXPECT_FALSE(changes.front().changed.empty());
  EXPECT_FALSE(changes.front().cites.empty());
  EXPECT_TRUE(std::ranges::count(changes.front().facts, "ai.prohibited_practices") == 1);
}

TEST(LawChanges, AreNoneWhenNothingCameAfter) {
  EXPECT_TRUE(law_changes(test::real_rules(), {}, before, before).empty());
}

RC_GTEST_PROP(Turns, NothingTurnsWithoutACause, ()) {
  const Ruleset& rules = test::real_rules();
  const std::vector<Fact> facts = *test::arbitrary_facts(rules);
  const Day day = *test::arbitrary_day();
  const Day later = day + std::chrono::days(*rc::gen::inRange(0, 900));
  const LegalView was = evaluate(rules, facts, day);
  const LegalView is = evaluate(rules, facts, later);
  const Turns turns(rules, day, later);
  for (std::size_t i = 0; i < was.answers.size(); ++i) {
    if (was.answers[i].codes == is.answers[i].codes &&
        possible_outcomes(was.answers[i]) == possible_outcomes(is.answers[i]))
      continue;
    RC_ASSERT(!turns.of_decision(static_cast<int>(i)).empty());
  }
  for (std::size_t i = 0; i < was.obligations.size(); ++i) {
    if (was.obligations[i].applies == is.obligations[i].applies &&
        was.obligations[i].applies_from == is.obligations[i].applies_from)
      continue;
    RC_ASSERT(!turns.of_requirement(static_cast<int>(i)).empty());
  }
}

}  // namespace
}  // namespace lockstep::regulations
