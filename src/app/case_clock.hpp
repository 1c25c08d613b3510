// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/deadline.hpp"
#include "regulations/calendar.hpp"
#include "regulations/clocks.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// The law with the facts of events, which product files do not know, the clocks and the calendars.
struct ClockData {
  regulations::Ruleset law;
  regulations::ClockRules rules;
  regulations::Calendars calendars;
};

/// As built into the program. Errors: as embedded_law.
Result<ClockData> embedded_clocks();

/// Reads an event file and computes all deadlines that the law attaches to it, as of an instant.
/// All problems of the file go to `problems`. Errors: file.*, yaml.*, input.problems.
Result<ClockView> case_clock(const std::string& event_file,
                             Instant as_of,
                             const Files& files,
                             Diagnostics& problems);

/// lockstep/clocks/1
std::string clocks_document(const ClockView& view, int exit);

}  // namespace lockstep::app
