// SPDX-License-Identifier: Apache-2.0
// Noise of sensors: electronic, of the light itself, and elements that are stuck.
#include <array>
#include <cmath>

#include "ai/worker/corruption/corruption.hpp"

namespace lockstep::ai {
namespace {

Image gaussian_noise(const Image& image, int severity, Random& random) {
  const double scale = parameter_of<double>(image, {0.04, 0.06, 0.08, 0.09, 0.10},
                                            {0.08, 0.12, 0.18, 0.26, 0.38}, severity);
  Image out = image;
  for (float& value : out.pixels)
    value += static_cast<float>(scale * random.normal());
  return out;
}

/// A Poisson number by inversion; `mean` is at most some hundreds.
double poisson(double mean, Random& random) {
  const double u = random.uniform();
  double term = std::exp(-mean);
  double sum = term;
  double count = 0;
  while (sum <= u && term > 0) {
    ++count;
    term *= mean / count;
    sum += term;
  }
  return count;
}

Image shot_noise(const Image& image, int severity, Random& random) {
  const double photons =
      parameter_of<double>(image, {500, 250, 100, 75, 50}, {60, 25, 12, 5, 3}, severity);
  Image out = image;
  for (float& value : out.pixels)
    value = static_cast<float>(poisson(static_cast<double>(value) * photons, random) / photons);
  return out;
}

Image impulse_noise(const Image& image, int severity, Random& random) {
  const double share = parameter_of<double>(image, {0.01, 0.02, 0.03, 0.05, 0.07},
                                            {0.03, 0.06, 0.09, 0.17, 0.27}, severity);
  Image out = image;
  for (float& value : out.pixels) {
    const double u = random.uniform();
    if (u < share) value = u < share / 2 ? 0.0F : 1.0F;
  }
  return out;
}

constexpr std::array rows{
    CorruptionRow{"gaussian_noise", "noise", gaussian_noise},
    CorruptionRow{"shot_noise", "noise", shot_noise},
    CorruptionRow{"impulse_noise", "noise", impulse_noise},
};

}  // namespace

std::span<const CorruptionRow> noise_corruptions() {
  return rows;
}

}  // namespace lockstep::ai
