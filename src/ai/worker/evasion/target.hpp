// SPDX-License-Identifier: Apache-2.0
// Attacks that are to reach a class.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <string>
#include <vector>

#include "ai/worker/data/samples.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Where each sample is to be driven.
struct Targets {
  at::Tensor wanted;  ///< [samples] int64
  at::Tensor
      start;  ///< [samples] int64: the nearest sample (L2) that the net puts there, or itself
  std::vector<std::int64_t> left_out;  ///< samples that the net puts there without attack; rising
};

/// @param target "second" (the class with the second highest score), "next" (the class after the
/// right
///     one, the first after the last), or the number of a class
/// @param logits of the clean samples [samples, classes]
/// Errors: ai.plan when it is neither, or no sample is left.
Result<Targets> targets_of(const std::string& target,
                           const Samples& samples,
                           const at::Tensor& logits);

}  // namespace lockstep::ai
