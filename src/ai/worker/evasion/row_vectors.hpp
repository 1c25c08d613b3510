// SPDX-License-Identifier: Apache-2.0
// Sums over rows that are the same on every processor: sixteen places side by side, added up in
// their order at the end. Included by files whose loops are built for several instruction sets
// (wide.hpp).
#pragma once

#include <array>
#include <cstddef>

namespace lockstep::ai::loops {

inline constexpr std::size_t width = 4;  ///< of a vector
inline constexpr std::size_t vectors = 4;
inline constexpr std::size_t places = width * vectors;

typedef float Floats __attribute__((vector_size(width * sizeof(float)), aligned(4)));
typedef double Doubles __attribute__((vector_size(width * sizeof(double))));

// SPEED: spelled out, so that it becomes one instruction.
[[gnu::always_inline]] inline Doubles doubles(const Floats& x) {
  return Doubles{x[0], x[1], x[2], x[3]};
}

[[gnu::always_inline]] inline Floats floats(const float* from) {
  return *reinterpret_cast<const Floats*>(from);
}

/// Sums in their places.
struct Places {
  Doubles sums[vectors] = {};

  [[gnu::always_inline]] double added_up() const {
    double sum = 0;
    for (const Doubles& each : sums)
      for (std::size_t k = 0; k < width; ++k)
        sum += each[k];
    return sum;
  }
};

}  // namespace lockstep::ai::loops
