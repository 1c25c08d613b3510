// SPDX-License-Identifier: Apache-2.0
// Matrix products for sources that are often zero (lanes_sparse.inc).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ai/worker/fused/plan.hpp"

namespace lockstep::ai::fused {

/// A line of the cache.
struct alignas(64) Line {
  std::array<float, lane_group> columns{};
};

/// Lists of `Sparse`; `view` points into them.
struct SparsePlan {
  std::int32_t first_source = 0;
  std::int32_t sources = 0;
  std::int32_t first_sum = 0;
  std::vector<Target> targets;
  std::vector<Line> weights;
  std::vector<Line> bias;

  Sparse view() const;

  /// Slots that the rows must have, spare ones included.
  std::int64_t slots() const;
};

/// The same layer as `plan`, if it is a matrix product that is large enough, all of its weights are
/// finite and the lists of both are within `plan_bytes_max`.
/// @param first_spare from this slot on, rows are free
std::optional<SparsePlan> sparse_plan_of(const LinearPlan& plan, std::int64_t first_spare);

}  // namespace lockstep::ai::fused
