// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "domain/state.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What evidence there is: its kind, whether it holds, and the requirements that it names.
struct EvidenceState {
  std::string id;
  std::string kind;  ///< a word of data/evidence_kinds.yaml
  State state = State::not_checked;
  std::vector<std::string> shows;
};

/// Everything that the law says about these facts on this day. The facts must have passed
/// app::check_facts: names of the catalogue, fitting values, each name once. Facts that the
/// ruleset does not know are passed over.
///
/// The same arguments give the same view; the order of the facts and of the evidence does not
/// matter. A further known fact never adds a possible outcome.
LegalView evaluate(const Ruleset& rules,
                   std::span<const Fact> facts,
                   Day as_of,
                   std::span<const EvidenceState> evidence = {});

}  // namespace lockstep::regulations
