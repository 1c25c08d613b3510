// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/universal.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Makes one change from half of the samples and lays it over the other half. The same bits for any
/// number of threads.
/// Errors: ai.plan, ai.norm, ai.shape (a patch for samples that are no pictures), ai.scores, and
/// those of running the net.
Result<UniversalReport> measure_universal(const Classifier& classifier,
                                          const Samples& samples,
                                          const UniversalPlan& plan,
                                          int threads,
                                          Progress& progress);

}  // namespace lockstep::ai
