// SPDX-License-Identifier: Apache-2.0
// How a kernel slides along one axis, as lists of who reads whom. A convolution and its transpose
// are products of these lists over the axes, so that strides, dilations, pads and borders are
// settled once, here, and never met again in a loop.
#pragma once

#include <cstdint>
#include <vector>

namespace lockstep::ai::fused {

/// One spatial axis of a convolution.
struct Sliding {
  std::int64_t inputs = 1;
  std::int64_t outputs = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t before = 0;  ///< pad in front
};

/// Positions that are computed from the same positions.
struct AxisGroup {
  std::vector<std::int32_t> targets;
  std::vector<std::int32_t> sources;  ///< ascending
  std::vector<std::int32_t> kernel;   ///< [target][source]: place in the kernel, -1 where none
  int pattern = 0;                    ///< groups with equal `kernel` have equal numbers
};

/// One group for each output.
std::vector<AxisGroup> forward_groups(const Sliding& axis);

/// The inputs, in groups that the same outputs read: two neighbours each for a stride of 2.
std::vector<AxisGroup> backward_groups(const Sliding& axis);

}  // namespace lockstep::ai::fused
