// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "domain/fact.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What is known about one fact while a ruleset is evaluated.
struct Value {
  bool known = false;
  Words words = 0;                    ///< of a bool, choice or set
  std::int64_t number = 0;            ///< of an int, or the day since 1970
  const std::string* text = nullptr;  ///< of a text
  const Fact* stated = nullptr;       ///< the statement behind it, if there is one
};

/// The facts by index with what the law presumes or derives, the outcomes that each decision may
/// still have, and the test of a condition against both. Cheap to copy: to try an answer is to
/// copy.
class Known {
 public:
  /// The facts must outlive this.
  Known(const Ruleset& rules, std::span<const Fact> facts, Day as_of);
  /// Nothing is known until `start`.
  explicit Known(const Ruleset& rules);

  /// Begins anew with other facts, in the memory of those before; they must outlive this.
  void start(std::span<const Fact> facts, Day as_of);

  /// Kleene's three-valued answer.
  Truth test(const Condition& condition) const;

  /// The day that a named date has by the law of this day, if it has one.
  std::optional<Day> day_of(int date) const;

  /// The same with this value for the fact, and the facts that rest on it derived again. Decisions
  /// keep the outcomes that they had.
  Known with(int fact, const Value& value) const;

  const Value& value(int fact) const { return values_[static_cast<std::size_t>(fact)]; }

  Words possible(int decision) const { return possible_[static_cast<std::size_t>(decision)]; }

  void set_possible(int decision, Words outcomes) {
    possible_[static_cast<std::size_t>(decision)] = outcomes;
  }

  /// The condition that settles a choice while nothing is stated, with its word, or nullptr.
  const std::pair<int, Condition>* derived_word(const FactDefinition& fact) const;

  Day as_of() const { return as_of_; }

 private:
  Value settle(std::size_t fact) const;
  Truth test_day(const Condition& condition) const;

  const Ruleset* rules_;
  Day as_of_{};
  std::vector<const Fact*> stated_;
  std::vector<Value> values_;
  std::vector<Words> possible_;
};

}  // namespace lockstep::regulations
