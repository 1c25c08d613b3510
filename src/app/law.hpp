// SPDX-License-Identifier: Apache-2.0
// The embedded law as a thing to look at: its acts, its cases, what it covers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "regulations/cases.hpp"
#include "regulations/coverage.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// One act, and how much of it is there.
struct ActSummary {
  regulations::Act act;
  std::vector<regulations::NamedDate> dates;  ///< those with days of their own
  std::size_t provisions = 0;
  std::size_t decisions = 0;
  std::size_t requirements = 0;
  std::size_t cases = 0;  ///< of all acts together: those whose outcome rests on the act
};

struct CaseOutcome {
  regulations::Case tried;
  std::vector<std::string> differences;  ///< none: it came out as expected
};

struct LawCoverage {
  regulations::Ruleset law;
  std::vector<regulations::Covered> provisions;
};

/// The acts, by id. Errors: as embedded_law.
Result<std::vector<ActSummary>> law_acts();

/// The embedded cases whose id or file contains `filter`, in the order of the files, each evaluated
/// against the embedded law. Errors: as embedded_law; usage.law_cases when none matches.
Result<std::vector<CaseOutcome>> law_cases(std::string_view filter);

/// What became of every provision of the embedded law. Errors: as embedded_law.
Result<LawCoverage> law_coverage();

/// The page docs/generated/coverage.md.
std::string to_markdown(const LawCoverage& coverage);

}  // namespace lockstep::app
