// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ai/metrics/regression.hpp"
#include "ai/metrics_plan.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// What a net with one input and one number for each sample says of the first `wanted` samples of
/// the arrays, whose right numbers are `y` or `labels`.
/// Errors: ai.shape when the net answers anything else, ai.scores when it answers numbers that are
/// not finite, ai.data, ai.random, onnx.training, onnx.run.
Result<Numbers> numbers_of(const Net& net,
                           std::vector<NamedArray> arrays,
                           const MetricsPlan& plan,
                           std::int64_t wanted,
                           const std::string& model,
                           const std::string& data,
                           Progress& progress);

}  // namespace lockstep::ai
