// SPDX-License-Identifier: Apache-2.0
// Blur: out of focus, behind frosted glass, of a camera that moves sideways or forward.
#include <array>

#include "ai/worker/corruption/corruption.hpp"

namespace lockstep::ai {
namespace {

struct Focus {
  double radius;
  double softness;
};

Image defocus_blur(const Image& image, int severity, Random& /*random*/) {
  static constexpr std::array<Focus, severities> small = {
      {{0.3, 0.4}, {0.4, 0.5}, {0.5, 0.6}, {1, 0.2}, {1.5, 0.1}}};
  static constexpr std::array<Focus, severities> large = {
      {{3, 0.1}, {4, 0.5}, {6, 0.5}, {8, 0.5}, {10, 0.5}}};
  const auto [radius, softness] = parameter_of(image, small, large, severity);
  return filtered(image, disk(radius, softness), Border::reflected);
}

struct Glass {
  double sigma;
  int reach;
  int rounds;
};

/// Pixels take the value of a near one. The authors' program means to swap two pixels and copies
/// one; their published numbers belong to that.
Image glass_blur(const Image& image, int severity, Random& random) {
  static constexpr std::array<Glass, severities> small = {
      {{0.05, 1, 1}, {0.25, 1, 1}, {0.4, 1, 1}, {0.25, 1, 2}, {0.4, 1, 2}}};
  static constexpr std::array<Glass, severities> large = {
      {{0.7, 1, 2}, {0.9, 2, 1}, {1, 2, 3}, {1.1, 3, 2}, {1.5, 4, 2}}};
  const auto [sigma, reach, rounds] = parameter_of(image, small, large, severity);
  Image out = in_bytes(blurred(image, sigma, 4, Border::nearest));
  const auto near = [&] {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(2 * reach))) - reach;
  };
  for (int round = 0; round < rounds; ++round)
    for (std::int64_t y = out.height - reach; y > reach; --y)
      for (std::int64_t x = out.width - reach; x > reach; --x) {
        const std::int64_t dx = near();
        const std::int64_t dy = near();
        for (std::int64_t c = 0; c < out.channels; ++c)
          out.at(c, y, x) = out.at(c, y + dy, x + dx);
      }
  return blurred(out, sigma, 4, Border::nearest);
}

struct Motion {
  std::int64_t radius;
  double sigma;
};

Image motion_blur(const Image& image, int severity, Random& random) {
  static constexpr std::array<Motion, severities> small = {
      {{6, 1}, {6, 1.5}, {6, 2}, {8, 2}, {9, 2.5}}};
  static constexpr std::array<Motion, severities> large = {
      {{10, 3}, {15, 5}, {15, 8}, {15, 12}, {20, 15}}};
  const auto [radius, sigma] = parameter_of(image, small, large, severity);
  return moved(image, radius, sigma, random.uniform(-45, 45));
}

struct Zoom {
  int count;  ///< of pictures, the first one as it is
  double step;
};

Image zoom_blur(const Image& image, int severity, Random& /*random*/) {
  static constexpr std::array<Zoom, severities> small = {
      {{7, 0.01}, {12, 0.01}, {16, 0.01}, {21, 0.01}, {26, 0.01}}};
  static constexpr std::array<Zoom, severities> large = {
      {{12, 0.01}, {16, 0.01}, {11, 0.02}, {13, 0.02}, {11, 0.03}}};
  const auto [count, step] = parameter_of(image, small, large, severity);
  Image sum = image;
  for (int i = 0; i < count; ++i) {
    const Image one = zoomed(image, 1 + i * step);
    for (std::size_t k = 0; k < sum.pixels.size(); ++k)
      sum.pixels[k] += one.pixels[k];
  }
  for (float& value : sum.pixels)
    value /= static_cast<float>(count + 1);
  return sum;
}

constexpr std::array rows{
    CorruptionRow{"defocus_blur", "blur", defocus_blur},
    CorruptionRow{"glass_blur", "blur", glass_blur},
    CorruptionRow{"motion_blur", "blur", motion_blur},
    CorruptionRow{"zoom_blur", "blur", zoom_blur},
};

}  // namespace

std::span<const CorruptionRow> blur_corruptions() {
  return rows;
}

}  // namespace lockstep::ai
