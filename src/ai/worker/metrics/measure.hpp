// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ai/metrics/measure.hpp"
#include "ai/metrics_plan.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Class scores of the samples by the classifier, in the plan's batches, as plain arrays.
/// Errors: ai.shape when labels are no classes of the model, ai.scores when scores are not finite.
Result<Scores> scores_of(const Classifier& classifier,
                         const Samples& samples,
                         const MetricsPlan& plan,
                         int threads,
                         Progress& progress);

/// Everything that the plan asks for, but files and digests.
/// @param other a model to compare with, or null
/// Errors: as scores_of; ai.declared.
Result<Metrics> measure_metrics(const Classifier& classifier,
                                const Classifier* other,
                                const Samples& samples,
                                const std::optional<Grouping>& grouping,
                                const MetricsPlan& plan,
                                int threads,
                                Progress& progress);

}  // namespace lockstep::ai
