// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ai/metrics/scores.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// [policy] Fewer wrong answers than these on the half that is fitted are none to fit.
inline constexpr std::int64_t scaling_errors_min = 10;

/// The temperature that fits every second sample best, from the first on, and what it does to the
/// others. Nothing where too few answers are wrong, or no temperature is best.
std::optional<TemperatureScaling> scaled(const Scores& scores);

}  // namespace lockstep::ai
