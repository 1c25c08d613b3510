// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {

/// How a kernel slides over the spatial axes of [N, C, D1, ...]: the attributes that convolutions
/// and poolings share. All vectors have one entry per spatial axis.
struct Windows {
  std::vector<std::int64_t> kernel;
  std::vector<std::int64_t> strides;
  std::vector<std::int64_t> dilations;
  std::vector<std::int64_t> before;   ///< pads
  std::vector<std::int64_t> after;    ///< pads
  std::vector<std::int64_t> outputs;  ///< positions of the window along each axis

  bool is_symmetric() const { return before == after; }
};

/// Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode.
/// @param sizes  the spatial sizes of the input
/// @param kernel the kernel where the weights give it; empty: from kernel_shape
/// Throws OperatorError where they do not fit together.
Windows windows_of(const Call& call,
                   const std::vector<std::int64_t>& sizes,
                   std::vector<std::int64_t> kernel);

/// The attribute auto_pad: NOTSET, where it is left out or empty, SAME_UPPER, SAME_LOWER or VALID.
/// Throws OperatorError for other words.
std::string auto_pad_of(const Call& call);

/// The attribute group. Throws OperatorError where the channels of x are not so many groups.
std::int64_t groups_of(const Call& call, const at::Tensor& x);

/// x with `before` and `after` elements of `value` around its spatial axes (negative: cut off).
at::Tensor padded(const at::Tensor& x,
                  const std::vector<std::int64_t>& before,
                  const std::vector<std::int64_t>& after,
                  double value);

/// The sizes of x behind the batch and channel axes.
std::vector<std::int64_t> spatial_sizes(const at::Tensor& x);

}  // namespace lockstep::ai
