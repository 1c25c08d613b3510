// SPDX-License-Identifier: Apache-2.0
// How a kernel slides along one axis, as lists of who reads whom. A convolution and its transpose
// are products of these lists over the axes, so that strides, dilations, pads and borders are
// settled once, here, and never met again in a loop.
#pragma once

#include <cstdint>
#include <iterator>
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

/// Positions that are computed from the same positions: one by one, or some neighbours together by
/// four products (winograd.hpp). Then each entry of `sources` is a line of four neighbours, one for
/// each product, each entry of `targets` a line of `outputs`, and `kernel` has `taps` places for
/// each pair. The neighbours of a stride of 2 are every second position.
struct AxisGroup {
  std::vector<std::int32_t> targets;  ///< [entry][outputs]
  std::vector<std::int32_t> sources;  ///< [entry][products]; -1 outside the image
  std::vector<std::int32_t> kernel;  ///< [target][source][taps]: place in the kernel, -1 where none
  std::int64_t products = 1;
  std::int64_t outputs = 1;
  std::int64_t taps = 1;
  int pattern = 0;  ///< groups of one axis with equal `kernel` and sizes have equal numbers

  std::int64_t target_entries() const { return std::ssize(targets) / outputs; }

  std::int64_t source_entries() const { return std::ssize(sources) / products; }
};

/// One group for each output.
std::vector<AxisGroup> forward_groups(const Sliding& axis);

/// The inputs, in groups that the same outputs read: two neighbours each for a stride of 2.
std::vector<AxisGroup> backward_groups(const Sliding& axis);

/// The same with as many positions as can be in groups of four products, and the others after them.
/// All one by one where an output reads fewer than two or more than three neighbours of one kind.
std::vector<AxisGroup> tiled_forward_groups(const Sliding& axis);
std::vector<AxisGroup> tiled_backward_groups(const Sliding& axis);

}  // namespace lockstep::ai::fused
