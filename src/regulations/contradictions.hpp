// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/diagnostics.hpp"
#include "domain/fact.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// Reports the statements that cannot be true together (data/contradictions.yaml), each pair once,
/// at the place of the one that was made last, with both places in its words. What nobody stated,
/// or stated as unknown, contradicts nothing. The facts must fit the catalogue, each once.
/// Code: facts.contradiction.
void check_contradictions(const Ruleset& rules, std::span<const Fact> facts, Diagnostics& problems);

}  // namespace lockstep::regulations
