// SPDX-License-Identifier: Apache-2.0
// One described event, and the deadlines that the law attaches to it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/fact.hpp"

namespace lockstep {

/// An instant that a person wrote down.
struct StatedInstant {
  Instant at;
  Position where;
};

/// A person's decision that the organisation was aware. The program never makes it.
struct Awareness {
  StatedInstant at;
  std::string by;  ///< the role of who decided
  std::string reason;
  std::vector<std::string> acts;  ///< short titles, empty: for all acts without one of their own
};

/// What might have been the moment of awareness; for a person to choose from.
struct Candidate {
  StatedInstant at;
  std::string what;
};

/// An event file, as read. Names are checked against data/clocks.yaml by regulations.
struct Event {
  std::string path;
  std::string title;
  std::string member_state;                   ///< "DE", "EL"; "" when not stated
  std::string time_zone;                      ///< "Atlantic/Canary"; "" for the State's usual one
  std::map<std::string, std::string> places;  ///< from place ("csirt") to State, where it differs
  std::vector<Fact> facts;                    ///< names begin with "event."
  std::vector<Awareness> aware;
  std::vector<Candidate> candidates;
  std::map<std::string, StatedInstant> instants;   ///< "measure_available", ...
  std::map<std::string, StatedInstant> submitted;  ///< by the id of a clock
  std::map<std::string, Position>
      places_at;  ///< where each place, "member_state", "time_zone" stands
};

/// One stage of one act's reports.
struct Deadline {
  enum class State {
    not_known,    ///< a fact is missing, so that nobody can say whether it runs
    needs_aware,  ///< a person has to decide when the organisation was aware
    not_begun,    ///< what it is counted from has not happened
    no_number,    ///< to be done at once, without a number of hours
    running,
    alarm,        ///< the strict end is near
    strict_over,  ///< the strict end is over, the outer one is not
    passed,       ///< the outer end is over
    done,
    done_late,
  };

  std::string id;
  std::string act;  ///< short title
  std::string what;
  std::string stage;
  std::string owed_by;
  std::vector<std::string> to;
  std::string promptly;  ///< what governs before any number of hours
  std::string limit;     ///< "24 hours from aware", "" without a number
  std::vector<std::string> content;
  std::vector<std::string> cites;
  std::vector<std::string> notes;
  std::vector<std::string> contested;
  State state = State::not_known;
  std::string place;  ///< the State whose holidays and clocks count
  std::string zone;
  std::string from_what;        ///< "aware", "submitted CRA-SI-2"
  std::optional<Instant> from;  ///< what it is counted from
  std::optional<Instant> strict;
  std::optional<Instant> outer;
  std::string from_local;  ///< by the clocks of the zone: "Fri 27 Nov 2026 16:20 +01:00"
  std::string strict_local;
  std::string outer_local;
  std::string outer_not_checked;  ///< why there is no outer end
  std::vector<std::string> because;
  std::vector<std::string> missing;  ///< facts or instants that would settle it
  std::optional<Instant> submitted;
};

struct NotRunning {
  std::string id;
  std::string act;
  std::vector<std::string> because;
};

struct ClockView {
  Instant as_of;
  std::string title;
  std::vector<Awareness> aware;
  std::vector<Candidate> candidates;
  std::vector<Deadline> deadlines;  ///< in the order of acts and rows
  std::vector<NotRunning> not_running;
  std::vector<std::string> calendar_notes;  ///< what the holiday lists in use do not include
};

std::string_view to_text(Deadline::State state);

}  // namespace lockstep
