// SPDX-License-Identifier: Apache-2.0
// How a picture comes about, in the order of the physics: the steel wall (colour, corrugation), the
// paint of the character (its strokes, bent by an affine map, with soft edges), wear and dirt on
// both, the light that falls on it, the lens (blur) and the sensor (noise, 8 bits).
//
// The paint's coverage of a pixel follows from the distance of its centre to the nearest stroke:
// full inside the stroke's half width, none half a pixel outside, a ramp between. That is
// anti-aliasing without drawing in a higher resolution.
#include "draw.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "glyphs.hpp"

namespace quayside {
namespace {

using lockstep::Random;

using Picture = std::vector<double>;  // side * side values, 0 to 1 in the end

/// The map from the character's box to pixels: scale, slant, turn, shift.
struct Placement {
  double width, height, slant, turn;
  Point centre;

  Point operator()(Point p) const {
    const double y = (p.y - 0.5) * height;
    const double x = (p.x - 0.5) * width - slant * y;
    return {centre.x + x * std::cos(turn) - y * std::sin(turn),
            centre.y + x * std::sin(turn) + y * std::cos(turn)};
  }
};

Placement some_placement(Random& random) {
  const double height = random.uniform(12.5, 15.5);
  const double width = height * random.uniform(0.56, 0.70);
  const double slant = random.uniform(-0.18, 0.18);
  const double turn = random.uniform(-8.0, 8.0) * std::numbers::pi / 180;
  const double middle = (side - 1) / 2.0;
  const double dx = random.uniform(-1.3, 1.3);
  return {width, height, slant, turn, {middle + dx, middle + random.uniform(-1.3, 1.3)}};
}

double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
  t = std::clamp(t, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/// How much of each pixel the paint covers, 0 to 1.
Picture paint(int label, Random& random) {
  const Placement place = some_placement(random);
  const double half_width = random.uniform(0.75, 1.35);
  Picture cover(side * side, 0);
  for (const std::vector<Point>& stroke : strokes_of(label)) {
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      const Point a = place(stroke[i - 1]);
      const Point b = place(stroke[i]);
      for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
          const double distance =
              distance_to_segment({static_cast<double>(x), static_cast<double>(y)}, a, b);
          double& value = cover[static_cast<std::size_t>(y * side + x)];
          value = std::max(value, std::clamp(half_width + 0.5 - distance, 0.0, 1.0));
        }
      }
    }
  }
  return cover;
}

/// Spots of dirt, rust or worn paint: soft discs that pull the picture towards their own grey.
void soil(Picture& picture, Random& random) {
  const std::uint32_t spots = random.below(4);
  for (std::uint32_t i = 0; i < spots; ++i) {
    const double x0 = random.uniform(0, side);
    const double y0 = random.uniform(0, side);
    const double radius = random.uniform(0.8, 2.2);
    const double grey = random.uniform(0.15, 0.75);
    const double strength = random.uniform(0.2, 0.6);
    const double stretch = random.uniform(1, 2.5);  // rust runs downwards
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const double distance = std::hypot((x - x0) / radius, (y - y0) / (radius * stretch));
        const double share = strength * std::exp(-distance * distance);
        double& value = picture[static_cast<std::size_t>(y * side + x)];
        value += share * (grey - value);
      }
    }
  }
}

/// Uneven light and the shadows of the corrugated wall, both multiplied onto the picture.
void light(Picture& picture, Random& random) {
  const double angle = random.uniform(0, 2 * std::numbers::pi);
  const double slope = random.uniform(0, 0.2);
  const double ribs = random.uniform(0, 0.08);
  const double period = random.uniform(5, 11);
  const double phase = random.uniform(0, 2 * std::numbers::pi);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double along =
          ((x - side / 2.0) * std::cos(angle) + (y - side / 2.0) * std::sin(angle)) / (side / 2.0);
      const double wave = std::sin(2 * std::numbers::pi * x / period + phase);
      picture[static_cast<std::size_t>(y * side + x)] *= 1 + slope * along + ribs * wave;
    }
  }
}

/// A Gaussian blur in two passes; pixels beyond the edge repeat the edge.
Picture blurred(const Picture& picture, double sigma) {
  if (sigma < 0.2) return picture;
  std::vector<double> kernel(5);
  double sum = 0;
  for (int k = -2; k <= 2; ++k) {
    kernel[static_cast<std::size_t>(k + 2)] = std::exp(-k * k / (2 * sigma * sigma));
    sum += kernel[static_cast<std::size_t>(k + 2)];
  }
  const auto pass = [&](const Picture& in, int dx, int dy) {
    Picture out(in.size(), 0);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        double value = 0;
        for (int k = -2; k <= 2; ++k) {
          const int from_x = std::clamp(x + k * dx, 0, side - 1);
          const int from_y = std::clamp(y + k * dy, 0, side - 1);
          value += kernel[static_cast<std::size_t>(k + 2)] / sum *
                   in[static_cast<std::size_t>(from_y * side + from_x)];
        }
        out[static_cast<std::size_t>(y * side + x)] = value;
      }
    }
    return out;
  };
  return pass(pass(picture, 1, 0), 0, 1);
}

}  // namespace

std::vector<std::uint8_t> draw_character(int label, Random& random) {
  // White on dark containers, dark on light ones.
  double wall = random.uniform(0.06, 0.30);
  double ink = wall + random.uniform(0.48, 0.66);
  if (random.below(3) == 0) std::swap(wall, ink);
  const double opacity = random.uniform(0.85, 1.0);

  Picture picture = paint(label, random);
  for (double& value : picture)
    value = wall + opacity * value * (ink - wall);
  soil(picture, random);
  light(picture, random);
  picture = blurred(picture, random.uniform(0, 0.85));

  const double noise = random.uniform(0.005, 0.03);
  std::vector<std::uint8_t> pixels;
  for (const double value : picture) {
    const double grey = std::clamp(value + noise * random.normal(), 0.0, 1.0);
    pixels.push_back(static_cast<std::uint8_t>(std::lround(grey * 255)));
  }
  return pixels;
}

}  // namespace quayside
