// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// The missing facts with `fewer` worked out, the one that is worth asking first in front. An
/// outcome is a code or a word that a decision may still come to, or the yes and the no of a
/// requirement. Equal facts stand by how much waits for them, then as they came.
/// @param facts as for evaluate
/// @param missing of the view of these facts on this day
std::vector<MissingFact> most_telling_first(const Ruleset& rules,
                                            std::span<const Fact> facts,
                                            Day as_of,
                                            std::vector<MissingFact> missing);

}  // namespace lockstep::regulations
