// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ai/worker/data/npz.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

struct TabularSchema;

/// Samples with their right classes.
struct Samples {
  at::Tensor x;           ///< [samples, ...] float32 or float64, every element finite
  at::Tensor y;           ///< [samples] int64
  std::string file = {};  ///< where they come from, for messages
  const TabularSchema* table = nullptr;  ///< what their features mean; null when they are no rows

  std::int64_t count() const { return x.size(0); }
};

/// The first `wanted` samples of an .npz with `images` or `x` and `labels` or `y`. uint8 is scaled
/// by 1/255, float is taken as it is. Shapes are made to fit the model where only dimensions of
/// size 1 or the place of the channels differ.
/// @param shape   the model's input behind the batch axis; -1 where it is free
/// @param float64 whether the model wants float64
/// Errors: ai.data (an array is missing, there twice, of the wrong type, not finite or too large, a
/// label is no whole number), ai.shape.
Result<Samples> samples_of(std::span<const NamedArray> arrays,
                           const std::vector<std::int64_t>& shape,
                           std::int64_t wanted,
                           bool float64,
                           const std::string& file);

}  // namespace lockstep::ai
