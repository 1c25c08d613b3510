// SPDX-License-Identifier: Apache-2.0
// What happens to a picture on its way: contrast, warping, coarse pixels, compression.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "ai/worker/corruption/corruption.hpp"
#include "ai/worker/corruption/jpeg.hpp"

namespace lockstep::ai {
namespace {

Image contrast(const Image& image, int severity, Random& /*random*/) {
  const double kept = parameter_of<double>(image, {0.75, 0.5, 0.4, 0.3, 0.15},
                                           {0.4, 0.3, 0.2, 0.1, 0.05}, severity);
  Image out = image;
  const std::int64_t size = image.height * image.width;
  for (std::int64_t c = 0; c < image.channels; ++c) {
    float* plane = out.plane(c);
    const double mean = std::accumulate(plane, plane + size, 0.0) / static_cast<double>(size);
    for (std::int64_t i = 0; i < size; ++i)
      plane[i] = static_cast<float>((static_cast<double>(plane[i]) - mean) * kept + mean);
  }
  return out;
}

/// In sides of the picture.
struct Elastic {
  double strength;
  double smoothness;
  double corner;
};

/// The affine map that takes three points to three others, as x' = a x + b y + c and so on.
struct Affine {
  std::array<double, 3> x;
  std::array<double, 3> y;
};

struct Point {
  double x;
  double y;
};

/// By Cramer's rule; nothing sensible when the points lie on a line.
Affine affine_of(const std::array<Point, 3>& from, const std::array<Point, 3>& to) {
  const auto area = [](double ax, double ay, double bx, double by) { return ax * by - bx * ay; };
  const double whole = area(from[1].x - from[0].x, from[1].y - from[0].y, from[2].x - from[0].x,
                            from[2].y - from[0].y);
  const auto solve = [&](double p, double q, double r) {
    const double a = area(q - p, from[1].y - from[0].y, r - p, from[2].y - from[0].y) / whole;
    const double b = area(from[1].x - from[0].x, q - p, from[2].x - from[0].x, r - p) / whole;
    return std::array<double, 3>{a, b, p - a * from[0].x - b * from[0].y};
  };
  return {solve(to[0].x, to[1].x, to[2].x), solve(to[0].y, to[1].y, to[2].y)};
}

Image warped(const Image& image, const Affine& back) {
  Image out(image.channels, image.height, image.width);
  for (std::int64_t c = 0; c < image.channels; ++c)
    for (std::int64_t y = 0; y < image.height; ++y)
      for (std::int64_t x = 0; x < image.width; ++x) {
        const auto u = static_cast<double>(x);
        const auto v = static_cast<double>(y);
        out.at(c, y, x) = static_cast<float>(
            read_at(image, c, back.y[0] * u + back.y[1] * v + back.y[2],
                    back.x[0] * u + back.x[1] * v + back.x[2], Border::reflected));
      }
  return out;
}

Image shifts(const Image& image, double sigma, double strength, Random& random) {
  Image field(1, image.height, image.width);
  for (float& value : field.pixels)
    value = static_cast<float>(random.uniform(-1, 1));
  field = blurred(field, sigma, 3, Border::mirrored);
  for (float& value : field.pixels)
    value *= static_cast<float>(strength);
  return field;
}

Image elastic_transform(const Image& image, int severity, Random& random) {
  static constexpr std::array<Elastic, severities> small = {
      {{0, 0, 0.08}, {0.05, 0.2, 0.07}, {0.08, 0.06, 0.06}, {0.1, 0.04, 0.05}, {0.1, 0.03, 0.03}}};
  static constexpr std::array<Elastic, severities> large = {
      {{2, 0.7, 0.1}, {2, 0.08, 0.2}, {0.05, 0.01, 0.02}, {0.07, 0.01, 0.02}, {0.12, 0.01, 0.02}}};
  const Elastic& by = parameter_of(image, small, large, severity);
  const auto side = static_cast<double>(std::min(image.height, image.width));
  const double middle_x = std::floor(static_cast<double>(image.width) / 2);
  const double middle_y = std::floor(static_cast<double>(image.height) / 2);
  const double reach = std::floor(side / 3);
  const std::array<Point, 3> from = {{{middle_x + reach, middle_y + reach},
                                      {middle_x + reach, middle_y - reach},
                                      {middle_x - reach, middle_y - reach}}};
  std::array<Point, 3> to = from;
  for (Point& point : to) {
    point.x += random.uniform(-by.corner * side, by.corner * side);
    point.y += random.uniform(-by.corner * side, by.corner * side);
  }
  const Image turned = warped(image, affine_of(to, from));
  const Image dx = shifts(image, by.smoothness * side, by.strength * side, random);
  const Image dy = shifts(image, by.smoothness * side, by.strength * side, random);
  Image out = turned;
  for (std::int64_t c = 0; c < image.channels; ++c)
    for (std::int64_t y = 0; y < image.height; ++y)
      for (std::int64_t x = 0; x < image.width; ++x)
        out.at(c, y, x) = static_cast<float>(read_at(
            turned, c, static_cast<double>(y) + static_cast<double>(dy.at(0, y, x)),
            static_cast<double>(x) + static_cast<double>(dx.at(0, y, x)), Border::mirrored));
  return out;
}

Image pixelate(const Image& image, int severity, Random& /*random*/) {
  const double kept = parameter_of<double>(image, {0.95, 0.9, 0.85, 0.75, 0.65},
                                           {0.6, 0.5, 0.4, 0.3, 0.25}, severity);
  const auto fewer = [kept](std::int64_t size) {
    return std::max<std::int64_t>(static_cast<std::int64_t>(static_cast<double>(size) * kept), 1);
  };
  return boxed(boxed(image, fewer(image.height), fewer(image.width)), image.height, image.width);
}

Image jpeg_compression(const Image& image, int severity, Random& /*random*/) {
  const double quality =
      parameter_of<double>(image, {80, 65, 58, 50, 40}, {25, 18, 15, 10, 7}, severity);
  return through_jpeg(image, static_cast<int>(quality));
}

constexpr std::array rows{
    CorruptionRow{"contrast", "digital", contrast},
    CorruptionRow{"elastic_transform", "digital", elastic_transform},
    CorruptionRow{"pixelate", "digital", pixelate},
    CorruptionRow{"jpeg_compression", "digital", jpeg_compression},
};

}  // namespace

std::span<const CorruptionRow> digital_corruptions() {
  return rows;
}

}  // namespace lockstep::ai
