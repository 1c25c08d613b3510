// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/corruption.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// The accuracy under each corruption and severity of the plan, of the classifier and, when it is
/// not null, of another one on the same pictures. A picture is the same in any batch and on any
/// number of threads.
/// Errors: ai.corruption (a name that is none, samples that are no pictures in [0, 1]), ai.plan,
/// ai.shape, and those of running the net.
Result<CorruptionReport> measure_corruptions(const Classifier& classifier,
                                             const Classifier* baseline,
                                             const Samples& samples,
                                             const CorruptionPlan& plan,
                                             int threads,
                                             Progress& progress);

}  // namespace lockstep::ai
