// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// One case: facts, a day, and what must come out. Only what a case names is compared.
struct Case {
  std::string id;
  std::string says;
  Day as_of;
  std::vector<Fact> facts;
  std::vector<std::pair<std::string, std::vector<std::string>>> codes;    ///< list, its codes
  std::vector<std::pair<std::string, std::vector<std::string>>> answers;  ///< decision, outcomes
  std::vector<std::string> applies;
  std::vector<std::string> does_not_apply;
  std::vector<std::string> unsettled;  ///< requirements of which nobody can say yet
  std::vector<std::pair<std::string, std::string>>
      conflicts;  ///< conflict, "applies", "overridden"
  Position where;
};

/// Reads regulations/cases/*.yaml, then regulations/ACT/cases/*.yaml. A case may build on an
/// earlier one and may stand for a table in which one fact varies; each line of a table becomes a
/// case of its own.
std::vector<Case> read_cases(std::span<const SourceFile> files,
                             const Ruleset& rules,
                             Diagnostics& problems);

/// What the view of a case's facts has otherwise than the case expects, one sentence each:
/// "cra: expected IN:I-3, found IN:default".
std::vector<std::string> differences(const Case& one, const LegalView& view);

/// Evaluates all cases, reports those that come out differently (regulation.case_wrong), and every
/// step, row and requirement that no case shows to hold, not to hold, and to be unknown
/// (regulation.case_missing).
void check_cases(std::span<const Case> cases, const Ruleset& rules, Diagnostics& problems);

/// The outcomes of a decision that are still possible, by its trace.
std::vector<std::string> possible_outcomes(const Answer& answer);

}  // namespace lockstep::regulations
