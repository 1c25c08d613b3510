// SPDX-License-Identifier: Apache-2.0
// Coefficients of an image that are zero outside a window. One element behind a convolution reads a
// patch of the image before it, and that a larger patch of the one before: backward passes that
// start at one place of an image carry the patch, not the image.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <utility>

#include "ai/worker/certify/graph.hpp"

namespace lockstep::ai::certify {

/// A window of an image [channels, height, width].
struct Window {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t top = 0;
  std::int64_t left = 0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;

  /// The elements inside, of each image. @param images [..., channels * height * width]
  at::Tensor inside(const at::Tensor& images) const;

  /// Whole images, zero outside. @param a [B, S, channels * rows * columns]
  at::Tensor whole(const at::Tensor& a) const;
};

/// Whether the node is a convolution over two axes, which windows pass through.
bool takes_windows(const LinearNode& node);

/// LinearNode::backward of coefficients inside a window of the node's result.
/// @param a [B, S, channels * rows * columns]
std::pair<at::Tensor, Window> backward(const LinearNode& node,
                                       const at::Tensor& a,
                                       const Window& window);

}  // namespace lockstep::ai::certify
