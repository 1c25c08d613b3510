// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/diagnostics.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// Reads facts.yaml, event_facts.yaml, countries.yaml, contradictions.yaml, evidence_kinds.yaml,
/// duty_words.yaml, regulations/{crosswalk,conflicts}.yaml and
/// regulations/ACT/{act,provisions/*,rules/*}.yaml; other files are passed over. All problems of
/// all files are reported, each with its line, and where two places contradict each other with
/// both. Nothing is half loaded: after an error the ruleset is empty. Codes: regulation.* of
/// data/errors/regulation.yaml.
Ruleset load_ruleset(std::span<const SourceFile> files, Diagnostics& problems);

}  // namespace lockstep::regulations
