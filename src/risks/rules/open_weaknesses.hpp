// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "domain/finding.hpp"
#include "risks/rules/rule.hpp"

namespace lockstep::risks {

/// Adds what a group of open findings says of its scenario: the rate `a` at which one of them is
/// exploited, the window W for which users stay exposed (it becomes the horizon), and the
/// probability of being exploited before the fix, each with its origin. `findings` becomes their
/// advisories, sorted, each once.
/// @param open at least one; findings that no VEX statement has cleared
void set_exploitation(Scenario& scenario,
                      const std::vector<const Finding*>& open,
                      const RiskInput& input);

}  // namespace lockstep::risks
