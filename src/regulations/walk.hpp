// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/obligation.hpp"
#include "regulations/index.hpp"
#include "regulations/known.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What one decision came to. Several possible outcomes mean that facts are missing.
struct Decided {
  Words possible = 0;
  bool settled = false;
  std::vector<int> missing;         ///< facts, in catalogue order
  std::vector<std::size_t> walked;  ///< the steps behind those of the answer
  std::vector<DecisionStep> made;   ///< by step: what never changes is filled in once
};

/// One evaluation in progress: the facts by index, and the decisions as they are reached.
///
/// SPEED: most of an evaluation was memory for words that are the same for every product.
/// So a walk can begin anew: what an answer says of the law stays, what it says of the facts is
/// written again, and no sentence about a fact is written twice.
class Walk {
 public:
  Walk(const Ruleset& rules, std::span<const Fact> facts, Day as_of);
  /// Nothing is decided until `start`.
  explicit Walk(const Ruleset& rules);

  /// Begins anew with other facts, which must outlive this, and decides everything.
  void start(std::span<const Fact> facts, Day as_of);

  /// Kleene's three-valued answer.
  Truth test(const Condition& condition) const { return known_.test(condition); }

  /// The facts and decisions that made the condition yes or no, as sentences.
  void add_reasons(const Condition& condition, std::vector<std::string>& because) const;
  /// The facts that keep the condition from being decided, without order.
  void add_missing(const Condition& condition, std::vector<int>& missing) const;
  /// Sorts by catalogue order and removes doubles; the names of the facts.
  std::vector<std::string> names(std::vector<int>& missing) const;
  /// The same, in the place of what `texts` held.
  void name(std::vector<int>& missing, std::vector<std::string>& texts) const;

  const Decided& decided(int decision) const { return decided_[at(decision)]; }

  const Answer& answer(int decision) const { return answers_[at(decision)]; }

  /// The answers by decision. They may be swapped out to be read, and must be back at the next
  /// `start`.
  std::vector<Answer>& answers() { return answers_; }

  /// The text that was stated for a fact, or nothing.
  const std::string* text_of(int fact) const { return known_.value(fact).text; }

  /// The day that a named date has by the law of this day, if it has one.
  std::optional<Day> day_of(int date) const { return known_.day_of(date); }

  bool in_force(int act) const { return rules_.acts[at(act)].in_force <= as_of_; }

 private:
  void decide(int decision);
  void forget(int decision);
  DecisionStep step_of(const Step& step, DecisionStep& made) const;
  Truth walk_step(const Step& step,
                  DecisionStep& trace,
                  std::vector<std::string>& codes,
                  std::vector<int>& missing) const;
  Truth walk_rows(const Step& step,
                  DecisionStep& trace,
                  std::vector<std::string>& codes,
                  std::vector<int>& missing) const;
  const std::string& sentence(int fact) const;
  const std::string& outcome(int decision) const;
  std::string write_sentence(int fact) const;

  const Ruleset& rules_;
  Day as_of_{};
  Known known_;
  std::vector<Decided> decided_;
  std::vector<Answer> answers_;                 // by decision
  mutable std::vector<std::string> sentences_;  // by fact, "" until it is asked for
  mutable std::vector<std::string> outcomes_;   // by decision, the same
};

}  // namespace lockstep::regulations
