// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/diagnostics.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// Reads facts.yaml, evidence_kinds.yaml, duty_words.yaml and
/// regulations/ACT/{act,provisions/*,rules/*}.yaml; other files are passed over. All problems of
/// all files are reported, each with its line. The ruleset may be evaluated only when `problems`
/// stayed without errors. Codes: regulation.* of data/errors/regulation.yaml.
Ruleset load_ruleset(std::span<const SourceFile> files, Diagnostics& problems);

}  // namespace lockstep::regulations
