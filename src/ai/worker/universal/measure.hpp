// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ai/universal.hpp"
#include "ai/worker/data/fit.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// What a change did, and the change.
struct UniversalOutcome {
  UniversalReport report;
  std::vector<float> values;        ///< row by row
  std::vector<std::int64_t> shape;  ///< a sample's, or [channels, side, side] of a patch
};

/// The change as a file of its numbers (.npy, float32), or as a picture (.png): of a patch as it
/// is, of a perturbation grey where nothing changes, the largest change at full strength.
/// @param range of the samples' values
/// Errors: ai.shape where a picture was asked for of what is none.
Result<std::string> bytes_of(const UniversalOutcome& outcome,
                             const ValueRange& range,
                             std::string_view file);

/// Makes one change from half of the samples and lays it over the other half. The same bits for any
/// number of threads.
/// Errors: ai.plan, ai.norm, ai.shape (a patch for samples that are no pictures), ai.scores, and
/// those of running the net.
Result<UniversalOutcome> measure_universal(const Classifier& classifier,
                                           const Samples& samples,
                                           const UniversalPlan& plan,
                                           int threads,
                                           Progress& progress);

}  // namespace lockstep::ai
