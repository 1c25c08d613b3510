// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// Something in the law that is otherwise from a day on.
struct Turn {
  enum class Kind {
    in_force,  ///< the act comes into force
    change,    ///< a rule begins or ends, or a date or a state of the law gets another value
    reached,   ///< a day that the law names is there: what it announced applies
  };

  Kind kind = Kind::change;
  Day day;
  int act = -1;
  std::string
      rule;  ///< "ai.annex_i/D3", "ai.annex_iii_from", "cra.scheme_recognised", the act's id
  std::string says;                ///< "begins", "ends", "is now 2027-12-02", "is reached: ..."
  std::string by;                  ///< the amending act, "" where none is recorded for that day
  std::vector<std::string> cites;  ///< paths in the act
};

/// What turned after one day and up to another, by day, and which rules rest on it.
class Turns {
 public:
  /// @param after the last day that is not looked at
  /// @param until the last day that is
  Turns(const Ruleset& rules, Day after, Day until);

  const std::vector<Turn>& all() const { return turns_; }

  /// The turns that the decision rests on, directly or through what it asks; rising.
  const std::set<std::size_t>& of_decision(int decision) const;
  /// Those that the requirement's conditions, exception and date rest on.
  const std::set<std::size_t>& of_requirement(int requirement) const;
  /// Those of the named date itself.
  const std::set<std::size_t>& of_date(int date) const;

 private:
  using Found = std::set<std::size_t>;

  void add(Turn turn, Found& of);
  void read_acts();
  void read_dates();
  void read_facts();
  void read_decisions();
  void read_requirements();
  void collect(const Condition& condition, Found& found) const;
  void add_span(const InForce& span, Turn turn, Found& of);

  const Ruleset& rules_;
  Day after_;
  Day until_;
  std::vector<Turn> turns_;
  std::vector<Found> of_act_;
  std::vector<Found> of_date_;
  std::vector<Found> of_fact_;
  std::vector<Found> of_decision_;
  std::vector<Found> of_requirement_;
};

/// The changes of the law (not the days that it had announced before) after `answered` and up to
/// `as_of`, one for each act and day, with what each changed for these facts: the law of the day
/// before is held against that of the day.
/// @param facts as for evaluate
std::vector<LawChange> law_changes(const Ruleset& rules,
                                   std::span<const Fact> facts,
                                   Day answered,
                                   Day as_of);

}  // namespace lockstep::regulations
