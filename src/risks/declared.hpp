// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/metrics.hpp"

namespace lockstep::risks {

/// Each declared value of one model against what the samples said of it, data set by data set. All
/// values of a model are one family: what is shown must be so under Holm's correction. Without a
/// bound the value is not checked, with the reason.
std::vector<DeclaredVerdict> judge_declared(const std::string& model_id,
                                            std::span<const Metrics> metrics);

}  // namespace lockstep::risks
