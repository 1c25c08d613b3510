// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/obligation.hpp"
#include "regulations/known.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What one decision came to. Several possible outcomes mean that facts are missing.
struct Decided {
  Words possible = 0;
  bool settled = false;
  std::vector<int> missing;  ///< facts, in catalogue order
  Answer answer;
};

/// One evaluation in progress: the facts by index, and the decisions as they are reached.
class Walk {
 public:
  Walk(const Ruleset& rules, std::span<const Fact> facts, Day as_of);

  /// Kleene's three-valued answer.
  Truth test(const Condition& condition) const { return known_.test(condition); }

  /// The facts and decisions that made the condition yes or no, as sentences.
  void add_reasons(const Condition& condition, std::vector<std::string>& because) const;
  /// The facts that keep the condition from being decided, without order.
  void add_missing(const Condition& condition, std::vector<int>& missing) const;
  /// Sorts by catalogue order and removes doubles; the names of the facts.
  std::vector<std::string> names(std::vector<int>& missing) const;

  const Decided& decided(int decision) const { return decided_[index(decision)]; }

  /// The text that was stated for a fact, or nothing.
  const std::string* text_of(int fact) const { return known_.value(fact).text; }

  /// The day that a named date has by the law of this day, if it has one.
  std::optional<Day> day_of(int date) const { return known_.day_of(date); }

  bool in_force(int act) const { return rules_.acts[index(act)].in_force <= as_of_; }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  void decide(int decision);
  Truth walk_step(const Step& step,
                  DecisionStep& trace,
                  std::vector<std::string>& codes,
                  std::vector<int>& missing) const;
  Truth walk_rows(const Step& step,
                  DecisionStep& trace,
                  std::vector<std::string>& codes,
                  std::vector<int>& missing) const;
  std::string sentence(int fact) const;

  const Ruleset& rules_;
  Day as_of_;
  Known known_;
  std::vector<Decided> decided_;
};

}  // namespace lockstep::regulations
