// SPDX-License-Identifier: Apache-2.0
#include "regulations/contradictions.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "base/text.hpp"
#include "regulations/known.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

class Check {
 public:
  Check(const Ruleset& rules, std::span<const Fact> facts, Diagnostics& problems)
      : rules_(rules), known_(rules, facts, Day{}), problems_(problems) {}

  void run(const FactContradiction& row) {
    switch (row.kind) {
      case FactContradiction::Kind::conditions:
        if (!holds(row.when)) return;
        for (const Condition& never : row.never) {
          std::vector<int> facts;
          collect_facts(row.when, facts);
          collect_facts(never, facts);
          if (holds(never)) report(row, std::move(facts));
        }
        return;
      case FactContradiction::Kind::not_after:
        if (are_stated({row.first, row.second}) &&
            value(row.first).number > value(row.second).number)
          report(row, {row.first, row.second});
        return;
      case FactContradiction::Kind::within:
        if (are_stated({row.first, row.second}) &&
            (value(row.first).words & ~value(row.second).words) != 0)
          report(row, {row.first, row.second});
        return;
      case FactContradiction::Kind::apart:
        if (are_stated({row.first, row.second}) &&
            (value(row.first).words & value(row.second).words) != 0)
          report(row, {row.first, row.second});
    }
  }

 private:
  const Value& value(int fact) const { return known_.value(fact); }

  bool are_stated(const std::vector<int>& facts) const {
    return std::ranges::all_of(facts, [&](int fact) { return value(fact).stated != nullptr; });
  }

  bool holds(const Condition& condition) const {
    std::vector<int> facts;
    collect_facts(condition, facts);
    return are_stated(facts) && known_.test(condition) == Truth::yes;
  }

  std::string sentence(const Fact& fact) const {
    const std::string where = lockstep::to_text(fact.provenance);
    return fmt::format("{} = {}{}", fact.name, quotable(lockstep::to_text(fact.value)),
                       where.empty() ? "" : " (" + where + ")");
  }

  std::string cited(const FactContradiction& row) const {
    std::vector<std::string> texts;
    for (const Citation& citation : row.cites)
      texts.push_back(rules_.cited(citation));
    return texts.empty() ? "" : " (" + join(texts, ", ") + ")";
  }

  void report(const FactContradiction& row, std::vector<int> facts) {
    std::ranges::sort(facts);
    const auto doubles = std::ranges::unique(facts);
    facts.erase(doubles.begin(), doubles.end());
    std::vector<std::string> sentences;
    const Fact* last = nullptr;
    for (const int one : facts) {
      const Fact* stated = value(one).stated;
      sentences.push_back(sentence(*stated));
      if (last == nullptr || is_after(*stated, *last)) last = stated;
    }
    problems_.error("facts.contradiction",
                    fmt::format("{} cannot be true together: {}{}; mend one, or say 'unknown'",
                                join(sentences, " and "), row.why, cited(row)),
                    last->provenance.where);
  }

  /// Whether one was stated later than the other: further down in the file, or by an option.
  static bool is_after(const Fact& one, const Fact& other) {
    const auto place = [](const Fact& fact) {
      return std::tuple(fact.provenance.kind != Provenance::Kind::read, fact.provenance.where.line,
                        fact.provenance.where.column);
    };
    return place(one) > place(other);
  }

  const Ruleset& rules_;
  Known known_;
  Diagnostics& problems_;
};

}  // namespace

void check_contradictions(const Ruleset& rules,
                          std::span<const Fact> facts,
                          Diagnostics& problems) {
  if (facts.size() < 2) return;
  Check check(rules, facts, problems);
  for (const FactContradiction& row : rules.contradictions)
    check.run(row);
}

}  // namespace lockstep::regulations
