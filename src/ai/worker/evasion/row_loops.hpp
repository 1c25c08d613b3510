// SPDX-License-Identifier: Apache-2.0
// The loops over plain rows that attacks spend their time in, each built for several instruction
// sets (wide.hpp). Sums are float64, over sixteen places side by side that are added up at the end
// in their order, so that every processor gives the same bits. Rows have `count` elements and do
// not overlap, but for those that are the same.
#pragma once

#include <cstddef>

namespace lockstep::ai::loops {

/// The sum of a[i] * b[i].
double product(const float* a, const float* b, std::size_t count);

/// The sum of (a[i] - b[i])^2, of |a[i] - b[i]|, and the largest |a[i] - b[i]|.
double squares_between(const float* a, const float* b, std::size_t count);
double sizes_between(const float* a, const float* b, std::size_t count);
double largest_between(const float* a, const float* b, std::size_t count);

/// The sum of |a[i]|, and the largest |a[i]|.
double sizes(const float* a, std::size_t count);
float largest(const float* a, std::size_t count);

/// How many elements differ.
std::size_t differing(const float* a, const float* b, std::size_t count);

/// point[i] brought into [low, high].
void clamp(float* point, std::size_t count, float low, float high);

/// point[i] brought into [x[i] - most, x[i] + most], then into [low, high].
void clamp_around(
    float* point, const float* x, std::size_t count, float most, float low, float high);

/// point[i] = x[i] + scale * (point[i] - x[i]), in float64, then brought into [low, high].
void draw_towards(
    float* point, const float* x, std::size_t count, double scale, float low, float high);

/// point[i] += scale * way[i], the product in float64.
void add_scaled(float* point, const float* way, std::size_t count, double scale);

/// point[i] += by, where way[i] is above 0 and at least `least`; -= by, where it is below 0 and
/// -way[i] at least `least`.
void add_signs(float* point, const float* way, std::size_t count, float by, float least);

/// Whether every a[i] is a number with an end: neither NaN nor infinite.
bool is_finite(const float* a, std::size_t count);

/// How many |way[i]| are at least `least` and not 0.
std::size_t at_least(const float* way, std::size_t count, float least);

/// How far each element is from x, and how far it may be in that direction. Writes both.
void changes(const float* point,
             const float* x,
             std::size_t count,
             float low,
             float high,
             float* size,
             float* room);

/// What is left of changes after each has shrunk by as much, no further than to 0 and no more than
/// its room, and how fast that falls: how many are neither at 0 nor at their room.
struct Left {
  double sum;
  double rate;
};

Left left_after(const float* size, const float* room, std::size_t count, float shrink);

/// Puts what left_after counts into the point.
void take_changes(float* point,
                  const float* x,
                  std::size_t count,
                  const float* size,
                  const float* room,
                  float shrink,
                  float low,
                  float high);

}  // namespace lockstep::ai::loops
