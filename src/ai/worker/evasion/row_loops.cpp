// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/row_loops.hpp"

#include <algorithm>

#include "ai/worker/evasion/row_vectors.hpp"
#include "ai/worker/evasion/wide.hpp"

namespace lockstep::ai::loops {
namespace {

/// Adds term(a[i], b[i]) up; what does not fill a vector is a sum of its own, which comes first.
template <typename Term>
[[gnu::always_inline]] inline double summed(const float* a,
                                            const float* b,
                                            std::size_t count,
                                            Term term) {
  Places places_of;
  std::size_t i = 0;
  for (; i + places <= count; i += places)
    for (std::size_t v = 0; v < vectors; ++v)
      places_of.sums[v] +=
          term(doubles(floats(a + i + v * width)), doubles(floats(b + i + v * width)));
  double rest = 0;
  for (; i < count; ++i)
    rest += term(Doubles{} + static_cast<double>(a[i]), Doubles{} + static_cast<double>(b[i]))[0];
  return rest + places_of.added_up();
}

[[gnu::always_inline]] inline float size_of(float value) {
  return value < 0 ? -value : value;
}

}  // namespace

LS_WIDE double product(const float* a, const float* b, std::size_t count) {
  return summed(a, b, count, [](const Doubles& p, const Doubles& q) { return p * q; });
}

LS_WIDE double squares_between(const float* a, const float* b, std::size_t count) {
  return summed(a, b, count, [](const Doubles& p, const Doubles& q) { return (p - q) * (p - q); });
}

LS_WIDE double sizes_between(const float* a, const float* b, std::size_t count) {
  return summed(a, b, count, [](const Doubles& p, const Doubles& q) {
    const Doubles difference = p - q;
    return difference < 0 ? -difference : difference;
  });
}

LS_WIDE double largest_between(const float* a, const float* b, std::size_t count) {
  Doubles most[vectors] = {};
  std::size_t i = 0;
  for (; i + places <= count; i += places)
    for (std::size_t v = 0; v < vectors; ++v) {
      const Doubles difference =
          doubles(floats(a + i + v * width)) - doubles(floats(b + i + v * width));
      const Doubles size = difference < 0 ? -difference : difference;
      most[v] = size > most[v] ? size : most[v];
    }
  double found = 0;
  for (; i < count; ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    found = std::max(found, difference < 0 ? -difference : difference);
  }
  for (const Doubles& each : most)
    for (std::size_t k = 0; k < width; ++k)
      found = std::max(found, each[k]);
  return found;
}

LS_WIDE double sizes(const float* a, std::size_t count) {
  return summed(a, a, count, [](const Doubles& p, const Doubles&) { return p < 0 ? -p : p; });
}

LS_WIDE float largest(const float* a, std::size_t count) {
  Floats most[vectors] = {};
  std::size_t i = 0;
  for (; i + places <= count; i += places)
    for (std::size_t v = 0; v < vectors; ++v) {
      const Floats value = floats(a + i + v * width);
      const Floats size = value < 0 ? -value : value;
      most[v] = size > most[v] ? size : most[v];
    }
  float found = 0;
  for (; i < count; ++i)
    found = std::max(found, size_of(a[i]));
  for (const Floats& each : most)
    for (std::size_t k = 0; k < width; ++k)
      found = std::max(found, each[k]);
  return found;
}

LS_WIDE std::size_t differing(const float* a, const float* b, std::size_t count) {
  int found = 0;
  for (std::size_t i = 0; i < count; ++i)
    found += a[i] != b[i] ? 1 : 0;
  return static_cast<std::size_t>(found);
}

LS_WIDE void clamp(float* point, std::size_t count, float low, float high) {
  for (std::size_t i = 0; i < count; ++i)
    point[i] = point[i] < low ? low : point[i] > high ? high : point[i];
}

LS_WIDE void clamp_around(
    float* point, const float* x, std::size_t count, float most, float low, float high) {
  for (std::size_t i = 0; i < count; ++i) {
    const float least = x[i] - most;
    const float largest = x[i] + most;
    const float near = point[i] < least ? least : point[i] > largest ? largest : point[i];
    point[i] = near < low ? low : near > high ? high : near;
  }
}

LS_WIDE void draw_towards(
    float* point, const float* x, std::size_t count, double scale, float low, float high) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto centre = static_cast<double>(x[i]);
    const auto there =
        static_cast<float>(centre + scale * (static_cast<double>(point[i]) - centre));
    point[i] = there < low ? low : there > high ? high : there;
  }
}

LS_WIDE void add_scaled(float* point, const float* way, std::size_t count, double scale) {
  for (std::size_t i = 0; i < count; ++i)
    point[i] += static_cast<float>(scale * static_cast<double>(way[i]));
}

LS_WIDE void add_signs(float* point, const float* way, std::size_t count, float by, float least) {
  for (std::size_t i = 0; i < count; ++i) {
    const float signed_by = way[i] > 0 ? by : way[i] < 0 ? -by : 0.0F;
    point[i] += size_of(way[i]) >= least ? signed_by : 0.0F;
  }
}

LS_WIDE bool is_finite(const float* a, std::size_t count) {
  int others = 0;
  for (std::size_t i = 0; i < count; ++i)
    others += a[i] - a[i] == 0 ? 0 : 1;
  return others == 0;
}

LS_WIDE std::size_t at_least(const float* way, std::size_t count, float least) {
  int found = 0;
  for (std::size_t i = 0; i < count; ++i)
    found += way[i] != 0 && size_of(way[i]) >= least ? 1 : 0;
  return static_cast<std::size_t>(found);
}

LS_WIDE void changes(const float* point,
                     const float* x,
                     std::size_t count,
                     float low,
                     float high,
                     float* size,
                     float* room) {
  for (std::size_t i = 0; i < count; ++i) {
    const float change = point[i] - x[i];
    const float most = change >= 0 ? high - x[i] : x[i] - low;
    size[i] = size_of(change);
    room[i] = most > 0 ? most : 0;
  }
}

LS_WIDE Left left_after(const float* size, const float* room, std::size_t count, float shrink) {
  Places sum;
  float free[places] = {};
  std::size_t i = 0;
  for (; i + places <= count; i += places)
    for (std::size_t v = 0; v < vectors; ++v) {
      const Floats left = floats(size + i + v * width) - shrink;
      const Floats most = floats(room + i + v * width);
      sum.sums[v] += doubles(left < 0 ? Floats{} : left > most ? most : left);
      for (std::size_t k = 0; k < width; ++k)
        free[v * width + k] += left[k] > 0 && left[k] < most[k] ? 1.0F : 0.0F;
    }
  Left all{sum.added_up(), 0};
  for (; i < count; ++i) {
    const float left = size[i] - shrink;
    all.sum += static_cast<double>(left < 0 ? 0 : left > room[i] ? room[i] : left);
    all.rate += left > 0 && left < room[i] ? 1 : 0;
  }
  for (const float each : free)
    all.rate += static_cast<double>(each);
  return all;
}

LS_WIDE void take_changes(float* point,
                          const float* x,
                          std::size_t count,
                          const float* size,
                          const float* room,
                          float shrink,
                          float low,
                          float high) {
  for (std::size_t i = 0; i < count; ++i) {
    const float less = size[i] - shrink;
    const float left = less < 0 ? 0 : less > room[i] ? room[i] : less;
    const float there = point[i] >= x[i] ? x[i] + left : x[i] - left;
    point[i] = there < low ? low : there > high ? high : there;
  }
}

}  // namespace lockstep::ai::loops
