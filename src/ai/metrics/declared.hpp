// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ai/metrics/metrics.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// Holds the samples against a declared value, in both directions.
/// @param bounded what the metric's row gave for the samples that the value speaks of
/// @param family  how many values are declared of the model: the samples needed allow for it
DeclaredTest test_declared(const DeclaredMetric& declared,
                           const Metric& metric,
                           const Bounded& bounded,
                           std::int64_t family);

/// Of one model against another on the same samples, in the same order.
ModelComparison compare(const Scores& scores, const Scores& other);

}  // namespace lockstep::ai
