// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "domain/ai_run.hpp"

namespace lockstep::documents {

/// A run of the tests of a product's models as one HTML page: the verdicts, and for each test its
/// numbers, curve, classes, checks and pictures. The page of one run is the same whenever it is
/// made.
std::string ai_run_page(const AiRun& run);

/// The class that fares worst under attack, by the share of its samples that still stand; classes
/// with fewer than `samples_min` samples do not count. Null when there is none.
inline constexpr std::int64_t class_samples_min = 10;
const ClassOutcome* worst_class(const AttackDetails& details);

}  // namespace lockstep::documents
