// SPDX-License-Identifier: Apache-2.0
// A picture and what filters do to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstep::ai {

/// A picture of 1 (grey) or 3 (red, green, blue) channels, values in [0, 1].
struct Image {
  std::int64_t channels = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<float> pixels;  ///< [channel][row][column]

  Image() = default;
  Image(std::int64_t c, std::int64_t h, std::int64_t w);

  float* plane(std::int64_t channel);
  const float* plane(std::int64_t channel) const;

  float& at(std::int64_t channel, std::int64_t y, std::int64_t x) {
    return pixels[index(channel, y, x)];
  }

  float at(std::int64_t channel, std::int64_t y, std::int64_t x) const {
    return pixels[index(channel, y, x)];
  }

 private:
  std::size_t index(std::int64_t channel, std::int64_t y, std::int64_t x) const {
    return static_cast<std::size_t>((channel * height + y) * width + x);
  }
};

/// What lies beyond the edge, for a row a b c d: a a|a b c d (nearest), b a|a b c d (mirrored), or
/// c b|a b c d (reflected).
enum class Border { nearest, mirrored, reflected };

/// The place within [0, size) that a place outside stands for.
std::int64_t inside(std::int64_t place, std::int64_t size, Border border);

/// Weights around a pixel: [rows][columns], both odd.
struct Kernel {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::vector<double> weights{1.0};
};

/// A round spot of light, its edge softened. @param radius and @param softness in pixels
Kernel disk(double radius, double softness);

Image filtered(const Image& image, const Kernel& kernel, Border border);

/// A Gaussian cut off at `truncate` standard deviations; sigma 0 changes nothing.
Image blurred(const Image& image, double sigma, double truncate, Border border);

/// Blurred along a line from each pixel, one-sided, with falling weights.
/// @param angle in degrees, of the direction that the light comes from
Image moved(const Image& image, std::int64_t radius, double sigma, double angle);

/// The middle enlarged by `factor` >= 1 to the size of the picture, linearly interpolated.
Image zoomed(const Image& image, double factor);

/// Each pixel the mean of the box of pixels that it covers.
Image boxed(const Image& image, std::int64_t height, std::int64_t width);

/// The value at fractional places, linearly interpolated.
double read_at(const Image& image, std::int64_t channel, double y, double x, Border border);

/// All values clipped to [0, 1].
Image clipped(Image image);

/// All values on the grid of 8 bits, rounded down as a file of the original has them.
Image in_bytes(Image image);

}  // namespace lockstep::ai
