// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "domain/risk.hpp"

namespace lockstep::risks {

/// What is left over all: one entry for each class of harm that occurs, sorted, then one for all
/// classes, named "". Empty without risks.
std::vector<OverallRisk> overall_risks(std::span<const Risk> risks);

}  // namespace lockstep::risks
