// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/metrics_plan.hpp"
#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/nets/text_model.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// The metrics of a classifier of texts, but files and digests.
/// Errors: ai.shape when labels are no classes of the model, ai.scores, ai.declared (groups are not
/// known of texts), and those of asking the model.
Result<Metrics> measure_text_metrics(const TextModel& model,
                                     const TextSet& set,
                                     const MetricsPlan& plan,
                                     int threads,
                                     Progress& progress);

}  // namespace lockstep::ai
