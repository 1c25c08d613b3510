// SPDX-License-Identifier: Apache-2.0
// Samples in the order of what is said of one class: what curves over thresholds need.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ai/metrics/metrics.hpp"
#include "ai/metrics/scores.hpp"

namespace lockstep::ai {

struct Ranked {
  double score;         ///< logarithm of the odds of the class
  std::uint32_t place;  ///< in the slice
  bool is_positive;     ///< whether the sample is of the class
};

/// The answer for more classes than are ranked, which is the reason alone; nothing for fewer.
std::optional<Bounded> too_many_classes(const Subject& subject);

/// By rising score. Cost: a sort.
std::vector<Ranked> ranked(const Slice& slice, std::int64_t class_index);

}  // namespace lockstep::ai
