// SPDX-License-Identifier: Apache-2.0
// The law of data/ through bytes and back: rows, words and answers stay what they were.
#include "regulations/compiled.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "regulations/cases.hpp"
#include "regulations/data.hpp"
#include "regulations/evaluate.hpp"

namespace lockstep::regulations {
namespace {

TEST(Compiled, NumbersTextsAndAbsentValuesComeBack) {
  Ruleset rules;
  FactDefinition& fact = rules.facts.emplace_back();
  fact.name = std::string("a\0b", 3);
  fact.least = std::numeric_limits<std::int64_t>::min();
  fact.most = std::numeric_limits<std::int64_t>::max();
  fact.unstated = ~Words{0};
  fact.derive.emplace().kind = Condition::Kind::any;
  fact.derive->parts.resize(2);
  fact.by_law = {{{parse_day("1957-03-25"), {}}, {}, Truth::yes}};
  FactContradiction& never = rules.contradictions.emplace_back();
  never.kind = FactContradiction::Kind::apart;
  never.second = 7;
  never.why = "why";
  rules.fact_index = {{"b", 300}, {"a", -300}};
  const Ruleset again = ruleset_of(to_bytes(rules));
  ASSERT_EQ(again.facts.size(), 1U);
  EXPECT_EQ(again.facts[0].name, fact.name);
  EXPECT_EQ(again.facts[0].least, fact.least);
  EXPECT_EQ(again.facts[0].most, fact.most);
  EXPECT_EQ(again.facts[0].unstated, fact.unstated);
  ASSERT_TRUE(again.facts[0].derive);
  EXPECT_EQ(again.facts[0].derive->kind, Condition::Kind::any);
  EXPECT_EQ(again.facts[0].derive->subject, -1);
  EXPECT_EQ(again.facts[0].derive->parts.size(), 2U);
  EXPECT_EQ(again.facts[0].by_law[0].in_force.from, parse_day("1957-03-25"));
  EXPECT_FALSE(again.facts[0].by_law[0].in_force.until);
  ASSERT_EQ(again.contradictions.size(), 1U);
  EXPECT_EQ(again.contradictions[0].kind, FactContradiction::Kind::apart);
  EXPECT_EQ(again.contradictions[0].first, -1);
  EXPECT_EQ(again.contradictions[0].second, 7);
  EXPECT_EQ(again.contradictions[0].why, "why");
  EXPECT_EQ(again.fact_index, rules.fact_index);
}

TEST(Compiled, EveryCaseComesOutByTheLawThatWentThroughBytes) {
  const std::string bytes = to_bytes(test::real_rules());
  const Ruleset law = ruleset_of(bytes);
  EXPECT_EQ(to_bytes(law), bytes);
  Diagnostics problems;
  const std::vector<Case> cases = read_cases(test::data_files(), law, problems);
  EXPECT_FALSE(problems.has_errors());
  EXPECT_GT(cases.size(), 200U);
  for (const Case& one : cases)
    for (const std::string& difference : differences(one, evaluate(law, one.facts, one.as_of)))
      ADD_FAILURE() << one.id << ": " << difference;
}

TEST(CompiledDeathTest, BytesThatAreCutShortAreOurOwnFault) {
  const std::string bytes = to_bytes(test::real_rules());
  EXPECT_DEATH(ruleset_of(std::string_view(bytes).substr(0, bytes.size() / 2)), "cut short");
  EXPECT_DEATH(ruleset_of(bytes + '\0'), "longer");
}

}  // namespace
}  // namespace lockstep::regulations
