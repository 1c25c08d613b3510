// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "regulations/checks/run_check.hpp"
#include "regulations/checks/signs.hpp"
#include "regulations/walk.hpp"

namespace lockstep::regulations {

/// What the documents say that does not go together, in the order of the rules. Dates of one month
/// are the same, and texts of which one holds the other. A rule whose condition is not known
/// counts.
std::vector<Contradiction> find_contradictions(const Checks& checks,
                                               const CheckInput& input,
                                               const Walk& walk,
                                               std::span<const ReadDocument> documents);

/// The place of a hit, for the view.
SeenAt seen_at(const Checks& checks, const ReadDocument& document, const SignHit& hit);

}  // namespace lockstep::regulations
