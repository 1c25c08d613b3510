// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/legal_view.hpp"
#include "regulations/turns.hpp"

namespace lockstep::app {

/// One thing that the law has otherwise on the later day, and why.
struct LawDifference {
  ViewChange change;
  std::vector<std::size_t> causes;  ///< indices in LawDiff::turns; empty when none is known
};

struct LawDiff {
  std::string subject;
  Day from;
  Day to;
  std::vector<regulations::Turn> turns;  ///< everything that turned in between, by day
  std::vector<std::string> acts;         ///< short titles, by the turn's act
  std::vector<LawDifference> differences;
};

/// What the law says otherwise about the same facts on two days: codes, answers, obligations (also
/// those whose first day has come) and dates. Errors: as legal_view; usage.date when the days do
/// not rise.
Result<LawDiff> law_diff(
    const LegalRequest& request, Day from, Day to, const Files& files, Diagnostics& problems);

}  // namespace lockstep::app
