// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <optional>

namespace lockstep::ai {

/// Where rows, columns and channels stand in a sample that is a picture.
struct PictureLayout {
  std::int64_t channels = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
  bool channels_last = false;

  std::int64_t size() const { return channels * height * width; }

  /// The place of a value in the sample.
  std::int64_t place(std::int64_t c, std::int64_t y, std::int64_t x) const {
    return channels_last ? (y * width + x) * channels + c : (c * height + y) * width + x;
  }
};

/// The layout of samples of 1 or 3 channels, by their shape; nothing for others.
inline std::optional<PictureLayout> picture_layout_of(at::IntArrayRef shape) {
  const auto is_colours = [](std::int64_t size) { return size == 1 || size == 3; };
  if (shape.size() == 2) return PictureLayout{1, shape[0], shape[1], false};
  if (shape.size() != 3) return std::nullopt;
  if (is_colours(shape[0])) return PictureLayout{shape[0], shape[1], shape[2], false};
  if (is_colours(shape[2])) return PictureLayout{shape[2], shape[0], shape[1], true};
  return std::nullopt;
}

}  // namespace lockstep::ai
