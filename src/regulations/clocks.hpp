// SPDX-License-Identifier: Apache-2.0
// The clocks of data/regulations/ACT/clocks/ and data/clocks.yaml: which reports are owed after an
// event, counted from what, within how long.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/deadline.hpp"
#include "regulations/calendar.hpp"
#include "regulations/period.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What a limit is counted from: an instant of the event, or the submission of an earlier stage.
struct Anchor {
  std::string instant;                 ///< "aware", "measure_available"; "" for a submission
  std::vector<std::string> submitted;  ///< ids of clocks; the first that was submitted counts
};

struct ClockLimit {
  Period within;
  Anchor after;
  std::string dropped_when_later;  ///< falls away when this instant comes after its strict end
};

/// Another addressee, where a condition holds.
struct Instead {
  Condition when;
  std::vector<std::string> to;
  std::string at;
  std::vector<std::string> cites;
};

struct Clock {
  std::string id;
  int act = -1;
  std::string what;
  std::string stage;
  std::string owed_by;
  std::vector<std::string> to;
  std::string at;  ///< a place of data/clocks.yaml
  Condition runs_when;
  std::vector<NamedDate::Choice> applies_from;  ///< the first whose condition holds counts
  std::string promptly;
  std::string starts;              ///< the instant that a clock without a number begins with
  std::vector<ClockLimit> limits;  ///< the earliest end counts
  bool at_noon = false;            ///< its own rule for weekends
  std::optional<Condition> at_noon_unless;
  std::vector<std::string> at_noon_cites;
  std::optional<ClockLimit> platform;  ///< what the reporting platform's own counter shows
  std::optional<Instead> instead;
  std::vector<std::string> content;
  std::vector<std::string> cites;
  std::vector<std::string> notes;
  std::vector<std::string> contested;
  Position where;
};

/// A place that facts of the event can tell, in the order of the law.
struct PlaceOrder {
  std::vector<std::string> facts;  ///< the first whose word is a Member State counts, "none" passes
  std::vector<std::string> cites;
};

struct AlarmRow {
  Period up_to;
  Period before;
};

struct ClockRules {
  std::vector<Clock> clocks;
  WorkingDaysLeast working_days;
  std::string working_days_contested;
  std::vector<AlarmRow> alarm;  ///< [policy], rising
  std::map<std::string, std::string> instants;
  std::map<std::string, std::string> places;
  std::map<std::string, PlaceOrder> told_by;  ///< for some of the places

  const Clock* find(std::string_view id) const;
};

/// Reads clocks.yaml and regulations/ACT/clocks/*.yaml; other files are passed over. `law` must
/// have been loaded with event_facts.yaml. Codes: regulation.* of data/errors/regulation.yaml.
ClockRules load_clocks(std::span<const SourceFile> files,
                       const Ruleset& law,
                       Diagnostics& problems);

/// Holds an event against the names of the law and against itself: unknown States, zones, places,
/// instants and clocks, a report before its event. Codes: event.*, facts.*.
void check_event(const Event& event,
                 const Ruleset& law,
                 const ClockRules& rules,
                 const Calendars& calendars,
                 Diagnostics& problems);

/// All clocks, side by side. The event must have passed check_event.
ClockView run_clocks(const Event& event,
                     const Ruleset& law,
                     const ClockRules& rules,
                     const Calendars& calendars,
                     Instant as_of);

}  // namespace lockstep::regulations
