// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidcheck.h>
#include <string>
#include <vector>

#include "domain/fact.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations::test {

/// A day around those at which the law changes.
inline rc::Gen<Day> arbitrary_day() {
  return rc::gen::map(rc::gen::inRange(0, 3000), [](int days) {
    return Day(std::chrono::year{2023} / 6 / 1) + std::chrono::days(days);
  });
}

/// A value that fits the fact, or unknown.
inline rc::Gen<FactValue> arbitrary_value(const FactDefinition& fact) {
  const auto word = rc::gen::map(
      rc::gen::inRange<std::size_t>(0, std::max<std::size_t>(1, fact.words.size())),
      [&fact](std::size_t i) { return fact.words.empty() ? std::string() : fact.words[i].word; });
  const auto known = [&]() -> rc::Gen<FactValue> {
    switch (fact.type) {
      case FactType::boolean:
        return rc::gen::map(rc::gen::arbitrary<bool>(), [](bool yes) { return FactValue(yes); });
      case FactType::choice:
        return rc::gen::map(word, [](const std::string& text) { return FactValue(text); });
      case FactType::set:
        return rc::gen::map(rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(word)),
                            [](const std::vector<std::string>& texts) { return FactValue(texts); });
      case FactType::integer:
        return rc::gen::map(rc::gen::inRange<std::int64_t>(0, 1000),
                            [](std::int64_t number) { return FactValue(number); });
      case FactType::day:
        return rc::gen::map(arbitrary_day(), [](Day day) { return FactValue(day); });
      case FactType::text:
        return rc::gen::map(rc::gen::element<std::string>("DE", "NO", "FR", "SG"),
                            [](const std::string& text) { return FactValue(text); });
    }
    return rc::gen::just(FactValue{});
  }();
  return rc::gen::weightedOneOf<FactValue>({{8, known}, {1, rc::gen::just(FactValue{})}});
}

/// Some of the facts of the catalogue, each once, switches included.
inline rc::Gen<std::vector<Fact>> arbitrary_facts(const Ruleset& rules) {
  return rc::gen::exec([&rules] {
    const int share = *rc::gen::inRange(1, 10);
    std::vector<Fact> facts;
    for (const FactDefinition& fact : rules.facts) {
      if (*rc::gen::inRange(0, 10) >= share) continue;
      facts.push_back({fact.name, *arbitrary_value(fact), {}});
    }
    return facts;
  });
}

/// Evidence of arbitrary kinds and states, with distinct ids.
inline rc::Gen<std::vector<EvidenceState>> arbitrary_evidence(const Ruleset& rules) {
  return rc::gen::exec([&rules] {
    const int count = *rc::gen::inRange(0, 40);
    std::vector<EvidenceState> evidence;
    for (int i = 0; i < count; ++i) {
      EvidenceState one;
      one.id = "e" + std::to_string(i);
      one.kind = (*rc::gen::elementOf(rules.evidence_kinds)).kind;
      one.state = *rc::gen::weightedElement<State>({{6, State::pass},
                                                    {1, State::warn},
                                                    {1, State::fail},
                                                    {1, State::stale},
                                                    {1, State::not_checked}});
      one.shows.push_back((*rc::gen::elementOf(rules.requirements)).id);
      evidence.push_back(std::move(one));
    }
    return evidence;
  });
}

}  // namespace lockstep::regulations::test
