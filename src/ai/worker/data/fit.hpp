// SPDX-License-Identifier: Apache-2.0
// Whether samples and the answers of a model fit each other.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <string>

#include "ai/worker/data/samples.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// What an element of a sample can hold.
struct ValueRange {
  double low = 0;
  double high = 1;
};

/// [0, 1] where all samples lie in it, as pixels do; else what the samples hold.
ValueRange value_range(const Samples& samples);

/// Whether every label is a class of a model with so many. Errors: ai.shape.
Result<> check_labels(const Samples& samples, std::int64_t classes);

/// Whether all class scores are finite: NaN compares as no class, and would count as right or wrong
/// by chance. @param logits [samples, classes]; @param model its path, for messages
/// Errors: ai.scores.
Result<> check_scores(const at::Tensor& logits, const std::string& model);

}  // namespace lockstep::ai
