// SPDX-License-Identifier: Apache-2.0
// The fast ranking against the slow and obvious one: the whole evaluation for each answer.
#include "regulations/next_question.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

#include "regulations/cases.hpp"
#include "regulations/data.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/generate.hpp"

namespace lockstep::regulations {
namespace {

/// Codes and words that decisions may still come to, and the yes and the no of requirements.
std::int64_t outcomes(const Ruleset& rules, const std::vector<Fact>& facts, Day day) {
  const LegalView view = evaluate(rules, facts, day);
  std::size_t count = 0;
  for (const Answer& answer : view.answers) {
    if (rules.find_decision(answer.id)->optional) continue;
    const auto words = possible_outcomes(answer);
    const std::set<std::string> codes(answer.codes.begin(), answer.codes.end());
    count += answer.steps.empty() ? 1 : codes.size() + words.size();
  }
  for (const Obligation& one : view.obligations)
    count += one.applies == Truth::unknown ? 2 : 1;
  return static_cast<std::int64_t>(count);
}

/// Every answer of a bool, choice or list; nothing for the other kinds.
std::vector<FactValue> answers_of(const FactDefinition& fact) {
  if (fact.type == FactType::boolean) return {true, false};
  std::vector<FactValue> answers;
  if (fact.type != FactType::choice && fact.type != FactType::set) return answers;
  if (fact.type == FactType::set) answers.emplace_back(std::vector<std::string>{});
  for (const Word& word : fact.words) {
    if (fact.type == FactType::set)
      answers.emplace_back(std::vector<std::string>{word.word});
    else
      answers.emplace_back(word.word);
  }
  return answers;
}

double slow_fewer(const Ruleset& rules,
                  const FactDefinition& fact,
                  const std::vector<Fact>& facts,
                  Day day) {
  const std::int64_t now = outcomes(rules, facts, day);
  const auto answers = answers_of(fact);
  std::int64_t saved = 0;
  for (const FactValue& answer : answers) {
    std::vector<Fact> then = facts;
    std::erase_if(then, [&](const Fact& one) { return one.name == fact.name; });
    then.push_back({fact.name, answer, {}});
    saved += now - outcomes(rules, then, day);
  }
  return static_cast<double>(saved) / static_cast<double>(answers.size());
}

RC_GTEST_PROP(NextQuestion, AgreesWithWholeEvaluations, ()) {
  const Ruleset& rules = test::real_rules();
  const std::vector<Fact> facts = *test::arbitrary_facts(rules);
  const Day day = *test::arbitrary_day();
  auto missing = evaluate(rules, facts, day).missing_facts;
  RC_PRE(!missing.empty());
  const auto ranked = most_telling_first(rules, facts, day, missing);
  RC_ASSERT(ranked.size() == missing.size());
  RC_ASSERT(std::ranges::is_sorted(ranked, std::ranges::greater{}, &MissingFact::fewer));
  const MissingFact& one = *rc::gen::elementOf(ranked);
  const FactDefinition& fact = *rules.find_fact(one.fact);
  RC_PRE(!answers_of(fact).empty());
  RC_ASSERT(one.fewer == slow_fewer(rules, fact, facts, day));
}

TEST(NextQuestion, AsksWhatLeavesTheFewestOutcomesFirst) {
  const Ruleset& rules = test::real_rules();
  const Day day = std::chrono::year{2029} / 1 / 15;
  const auto ranked = most_telling_first(rules, {}, day, evaluate(rules, {}, day).missing_facts);
  ASSERT_FALSE(ranked.empty());
  double best = 0;
  for (const MissingFact& one : ranked) {
    const FactDefinition& fact = *rules.find_fact(one.fact);
    if (!answers_of(fact).empty()) best = std::max(best, slow_fewer(rules, fact, {}, day));
  }
  EXPECT_EQ(ranked.front().fewer, best);
}

/// Three questions of which each rule asks about its own, so that every completion can be tried:
/// the average over all completions is what the ranking must find for each answer.
TEST(NextQuestion, CountsWhatAllCompletionsOfASmallLawLeave) {
  const std::string text = R"(
id: eu-1-1
title: A small act
short_title: Small
celex: none
eli: none
oj: none
in_force: 2020-01-01
)";
  const std::string facts_text = R"(
facts:
  - {name: a, type: bool, ask: "a?", why: w, who: x, cites: [eu-1-1/art_1]}
  - {name: b, type: choice, words: {r: r, s: s, t: t}, ask: "b?", why: w, who: x,
     cites: [eu-1-1/art_1]}
)";
  const std::string rules_text = R"(
decisions:
  - id: s.scope
    question: in or out
    cites: [art_1]
    steps:
      - {id: S1, ask: "out?", cites: [art_1], when: {a: no}, then: out}
      - {id: S2, ask: "r?", cites: [art_1], when: {b: r}, then: small}
      - {id: S3, ask: "s?", cites: [art_1], when: {b: s}, then: middle}
      - {id: S4, cites: [art_1], then: large}
)";
  std::vector<SourceFile> files;
  const auto add = [&](const std::string& path, const std::string& yaml) {
    Diagnostics problems;
    auto tree = parse_yaml(yaml, path, problems);
    for (const auto& entry : problems.entries())
      ADD_FAILURE() << to_text(entry);
    files.push_back({path, tree.has_value() ? *std::move(tree) : Json()});
  };
  add("facts.yaml", facts_text);
  add("regulations/eu-1-1/act.yaml", text);
  add("regulations/eu-1-1/provisions/all.yaml", "provisions: {art_1: all}\n");
  add("regulations/eu-1-1/rules/all.yaml", rules_text);
  Diagnostics problems;
  const Ruleset rules = load_ruleset(files, problems);
  for (const auto& entry : problems.entries())
    ADD_FAILURE() << to_text(entry);
  // The outcomes over all completions: {out, small, middle, large} of a, b unknown.
  const auto reached = [](std::optional<bool> a, std::optional<int> b) {
    std::set<std::string> found;
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j) {
        if ((a && *a != (i == 1)) || (b && *b != j)) continue;
        found.insert(i == 0 ? "out" : j == 0 ? "small" : j == 1 ? "middle" : "large");
      }
    return static_cast<double>(found.size());
  };
  const double now = reached({}, {});
  const double fewer_a = now - (reached(true, {}) + reached(false, {})) / 2;
  const double fewer_b = now - (reached({}, 0) + reached({}, 1) + reached({}, 2)) / 3;
  const Day day = std::chrono::year{2029} / 1 / 15;
  const auto ranked = most_telling_first(rules, {}, day, evaluate(rules, {}, day).missing_facts);
  ASSERT_EQ(ranked.size(), 2U);
  // Both leave two outcomes on average, so that they stand as in the catalogue.
  EXPECT_EQ(ranked[0].fact, "a");
  EXPECT_DOUBLE_EQ(ranked[0].fewer, fewer_a);
  EXPECT_DOUBLE_EQ(ranked[1].fewer, fewer_b);
}

}  // namespace
}  // namespace lockstep::regulations
