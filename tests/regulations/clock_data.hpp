// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "regulations/clocks.hpp"
#include "regulations/data.hpp"

namespace lockstep::regulations::test {

struct ClockData {
  Ruleset law;
  ClockRules rules;
  Calendars calendars;
};

/// The clocks of the checkout, read once.
inline const ClockData& clock_data() {
  static const ClockData data = [] {
    static const std::vector<SourceFile> files = data_files();
    Diagnostics problems;
    ClockData loaded;
    loaded.law = load_ruleset(files, problems);
    loaded.rules = load_clocks(files, loaded.law, problems);
    loaded.calendars = load_calendars(files, problems);
    for (const auto& entry : problems.entries())
      ADD_FAILURE() << to_text(entry);
    return loaded;
  }();
  return data;
}

}  // namespace lockstep::regulations::test
