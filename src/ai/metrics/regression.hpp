// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ai/metrics/measure.hpp"
#include "base/result.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// What a model said of samples whose right numbers are known.
struct Numbers {
  std::vector<double> said;   ///< [samples], finite
  std::vector<double> right;  ///< [samples], finite
};

/// Whether the values are declared of numbers. Errors: ai.declared when some are and others are of
/// classes.
Result<bool> is_of_numbers(std::span<const DeclaredMetric> declared);

/// Every metric of numbers, and what the samples say of each declared value.
/// Errors: ai.declared when a declared value names a metric or a group that is not there.
Result<Metrics> measure_numbers(const Numbers& numbers,
                                const std::optional<Grouping>& grouping,
                                const MetricsSettings& settings);

}  // namespace lockstep::ai
