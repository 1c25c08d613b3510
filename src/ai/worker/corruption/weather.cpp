// SPDX-License-Identifier: Apache-2.0
// Weather: snow, frost, fog, and more light.
//
// Frost is laid over pictures from photographs of frozen glass; those are not part of this program.
// It makes its own texture, so that the numbers of this one corruption cannot be compared with
// published ones.
#include <algorithm>
#include <array>
#include <cmath>

#include "ai/worker/corruption/corruption.hpp"

namespace lockstep::ai {
namespace {

/// Clouds: heights in [0, 1] by the diamond-square algorithm, whose jumps shrink by `decay` at each
/// halving. Opposite edges fit.
/// Source: Fournier, Fussell and Carpenter 1982, "Computer rendering of stochastic models".
class Clouds {
 public:
  Clouds(std::int64_t side, double decay, Random& random) : side_(side), random_(random) {
    map_ = Image(1, side, side);
    double jump = 100;
    for (std::int64_t step = side; step >= 2; step /= 2, jump /= decay) {
      const std::int64_t half = step / 2;
      for (std::int64_t y = 0; y < side; y += step)
        for (std::int64_t x = 0; x < side; x += step)
          set(y + half, x + half,
              at(y, x) + at(y, x + step) + at(y + step, x) + at(y + step, x + step), jump);
      for (std::int64_t y = 0; y < side; y += step)
        for (std::int64_t x = 0; x < side; x += step) {
          set(y, x + half,
              at(y - half, x + half) + at(y + half, x + half) + at(y, x) + at(y, x + step), jump);
          set(y + half, x,
              at(y + half, x - half) + at(y + half, x + half) + at(y, x) + at(y + step, x), jump);
        }
    }
    const auto [low, high] = std::ranges::minmax(map_.pixels);
    for (float& value : map_.pixels)
      value = high > low ? (value - low) / (high - low) : 0;
  }

  double at(std::int64_t y, std::int64_t x) const {
    return static_cast<double>(map_.at(0, (y + side_) % side_, (x + side_) % side_));
  }

 private:
  void set(std::int64_t y, std::int64_t x, double sum, double jump) {
    map_.at(0, y, x) = static_cast<float>(sum / 4 + jump * random_.uniform(-jump, jump));
  }

  std::int64_t side_;
  Random& random_;
  Image map_;
};

std::int64_t power_of_two_above(const Image& image) {
  std::int64_t side = 2;
  while (side < std::max(image.height, image.width))
    side *= 2;
  return side;
}

double grey_at(const Image& image, std::int64_t y, std::int64_t x) {
  if (image.channels != 3) return static_cast<double>(image.at(0, y, x));
  // Luma of ITU-R BT.601.
  return 0.299 * static_cast<double>(image.at(0, y, x)) +
         0.587 * static_cast<double>(image.at(1, y, x)) +
         0.114 * static_cast<double>(image.at(2, y, x));
}

struct Snow {
  double mean;
  double spread;
  double zoom;
  double threshold;
  std::int64_t radius;
  double sigma;
  double kept;
};

Image snow(const Image& image, int severity, Random& random) {
  static constexpr std::array<Snow, severities> small = {{{0.1, 0.2, 1, 0.6, 8, 3, 0.95},
                                                          {0.1, 0.2, 1, 0.5, 10, 4, 0.9},
                                                          {0.15, 0.3, 1.75, 0.55, 10, 4, 0.9},
                                                          {0.25, 0.3, 2.25, 0.6, 12, 6, 0.85},
                                                          {0.3, 0.3, 1.25, 0.65, 14, 12, 0.8}}};
  static constexpr std::array<Snow, severities> large = {{{0.1, 0.3, 3, 0.5, 10, 4, 0.8},
                                                          {0.2, 0.3, 2, 0.5, 12, 4, 0.7},
                                                          {0.55, 0.3, 4, 0.9, 12, 8, 0.7},
                                                          {0.55, 0.3, 4.5, 0.85, 12, 8, 0.65},
                                                          {0.55, 0.3, 2.5, 0.85, 12, 12, 0.55}}};
  const Snow& by = parameter_of(image, small, large, severity);
  Image flakes(1, image.height, image.width);
  for (float& value : flakes.pixels)
    value = static_cast<float>(by.mean + by.spread * random.normal());
  flakes = zoomed(flakes, by.zoom);
  for (float& value : flakes.pixels)
    if (static_cast<double>(value) < by.threshold) value = 0;
  flakes = in_bytes(moved(in_bytes(flakes), by.radius, by.sigma, random.uniform(-135, -45)));
  Image out = image;
  for (std::int64_t y = 0; y < image.height; ++y)
    for (std::int64_t x = 0; x < image.width; ++x) {
      const double pale = grey_at(image, y, x) * 1.5 + 0.5;
      const double falling =
          static_cast<double>(flakes.at(0, y, x)) +
          static_cast<double>(flakes.at(0, image.height - 1 - y, image.width - 1 - x));
      for (std::int64_t c = 0; c < image.channels; ++c) {
        const auto value = static_cast<double>(image.at(c, y, x));
        out.at(c, y, x) =
            static_cast<float>(by.kept * value + (1 - by.kept) * std::max(value, pale) + falling);
      }
    }
  return out;
}

struct Frost {
  double kept;
  double laid;
};

Image frost(const Image& image, int severity, Random& random) {
  static constexpr std::array<Frost, severities> small = {
      {{1, 0.2}, {1, 0.3}, {0.9, 0.4}, {0.85, 0.4}, {0.75, 0.45}}};
  static constexpr std::array<Frost, severities> large = {
      {{1, 0.4}, {0.8, 0.6}, {0.7, 0.7}, {0.65, 0.7}, {0.6, 0.75}}};
  const auto [kept, laid] = parameter_of(image, small, large, severity);
  // Ridges of two clouds: the lines along which each is in the middle, as ice grows in needles.
  const Clouds coarse(power_of_two_above(image), 1.8, random);
  const Clouds fine(power_of_two_above(image), 1.3, random);
  static constexpr std::array<double, 3> tint = {0.85, 0.95, 1.0};  // red, green, blue of ice
  Image out = image;
  for (std::int64_t y = 0; y < image.height; ++y)
    for (std::int64_t x = 0; x < image.width; ++x) {
      const double ridge = 1 - std::abs(2 * coarse.at(y, x) - 1);
      const double needle = 1 - std::abs(2 * fine.at(y, x) - 1);
      const double ice = ridge * ridge * (0.5 + 0.5 * needle);
      for (std::int64_t c = 0; c < image.channels; ++c)
        out.at(c, y, x) = static_cast<float>(
            kept * static_cast<double>(image.at(c, y, x)) +
            laid * ice * (image.channels == 3 ? tint[static_cast<std::size_t>(c)] : 1.0));
    }
  return out;
}

struct Fog {
  double thickness;
  double decay;
};

Image fog(const Image& image, int severity, Random& random) {
  static constexpr std::array<Fog, severities> small = {
      {{0.2, 3}, {0.5, 3}, {0.75, 2.5}, {1, 2}, {1.5, 1.75}}};
  static constexpr std::array<Fog, severities> large = {
      {{1.5, 2}, {2, 2}, {2.5, 1.7}, {2.5, 1.5}, {3, 1.4}}};
  const auto [thickness, decay] = parameter_of(image, small, large, severity);
  const Clouds clouds(power_of_two_above(image), decay, random);
  const auto brightest = static_cast<double>(std::ranges::max(image.pixels));
  const double scale = brightest / (brightest + thickness);
  Image out = image;
  for (std::int64_t c = 0; c < image.channels; ++c)
    for (std::int64_t y = 0; y < image.height; ++y)
      for (std::int64_t x = 0; x < image.width; ++x)
        out.at(c, y, x) = static_cast<float>(
            (static_cast<double>(image.at(c, y, x)) + thickness * clouds.at(y, x)) * scale);
  return out;
}

/// The value of hue, saturation and value raised; the other two stay.
Image brightness(const Image& image, int severity, Random& /*random*/) {
  static constexpr std::array<double, severities> small = {0.05, 0.1, 0.15, 0.2, 0.3};
  static constexpr std::array<double, severities> large = {0.1, 0.2, 0.3, 0.4, 0.5};
  const double more = parameter_of(image, small, large, severity);
  Image out = image;
  for (std::int64_t y = 0; y < image.height; ++y)
    for (std::int64_t x = 0; x < image.width; ++x) {
      double value = 0;
      for (std::int64_t c = 0; c < image.channels; ++c)
        value = std::max(value, static_cast<double>(image.at(c, y, x)));
      const double raised = std::min(value + more, 1.0);
      for (std::int64_t c = 0; c < image.channels; ++c)
        out.at(c, y, x) = static_cast<float>(
            value > 0 ? static_cast<double>(image.at(c, y, x)) * raised / value : raised);
    }
  return out;
}

constexpr std::array rows{
    CorruptionRow{"snow", "weather", snow},
    CorruptionRow{"frost", "weather", frost},
    CorruptionRow{"fog", "weather", fog},
    CorruptionRow{"brightness", "weather", brightness},
};

}  // namespace

std::span<const CorruptionRow> weather_corruptions() {
  return rows;
}

}  // namespace lockstep::ai
