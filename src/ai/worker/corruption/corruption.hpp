// SPDX-License-Identifier: Apache-2.0
// The family of common corruptions: what sensors, weather and storage do to pictures without
// anybody's intent. Five severities each; the parameters are those of the authors' tables, one for
// pictures below 64 pixels a side, one for larger ones.
//
// Source: Hendrycks and Dietterich 2019, "Benchmarking neural network robustness to common
// corruptions and perturbations", arXiv 1903.12261.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/corruption/image.hpp"
#include "base/random.hpp"

namespace lockstep::ai {

inline constexpr int severities = 5;

/// @param severity 1 to 5
/// @param random   the numbers of this sample, corruption and severity
using CorruptFunction = Image (*)(const Image& image, int severity, Random& random);

struct CorruptionRow {
  std::string_view name;
  std::string_view group;  ///< noise, blur, weather or digital
  CorruptFunction apply;
};

/// All corruptions, in the order in which they are listed to people.
std::span<const CorruptionRow> corruptions();

/// The row of that name, or null.
const CorruptionRow* find_corruption(std::string_view name);

/// The picture under a corruption, on the grid of 8 bits. The same for the same seed and sample,
/// whatever else is computed. @param sample its index in the data set
Image corrupted(const CorruptionRow& row,
                const Image& image,
                int severity,
                std::uint64_t seed,
                std::uint32_t sample);

/// Whether the table of small pictures holds.
bool is_small(const Image& image);

/// The parameter of a severity, from the table for pictures of that size.
template <typename T>
const T& parameter_of(const Image& image,
                      const std::array<T, severities>& small,
                      const std::array<T, severities>& large,
                      int severity) {
  return (is_small(image) ? small : large)[static_cast<std::size_t>(severity - 1)];
}

std::span<const CorruptionRow> noise_corruptions();
std::span<const CorruptionRow> blur_corruptions();
std::span<const CorruptionRow> weather_corruptions();
std::span<const CorruptionRow> digital_corruptions();

}  // namespace lockstep::ai
