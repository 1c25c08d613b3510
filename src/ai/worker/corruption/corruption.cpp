// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/corruption/corruption.hpp"

#include <algorithm>

namespace lockstep::ai {

std::span<const CorruptionRow> corruptions() {
  static const std::vector<CorruptionRow> rows = [] {
    std::vector<CorruptionRow> all;
    for (const auto table :
         {noise_corruptions(), blur_corruptions(), weather_corruptions(), digital_corruptions()})
      all.insert(all.end(), table.begin(), table.end());
    return all;
  }();
  return rows;
}

const CorruptionRow* find_corruption(std::string_view name) {
  const auto row = std::ranges::find(corruptions(), name, &CorruptionRow::name);
  return row == corruptions().end() ? nullptr : &*row;
}

Image corrupted(const CorruptionRow& row,
                const Image& image,
                int severity,
                std::uint64_t seed,
                std::uint32_t sample) {
  Random random(RandomKey{seed, stream_of(row.name), static_cast<std::uint32_t>(severity), sample});
  return in_bytes(row.apply(image, severity, random));
}

bool is_small(const Image& image) {
  return std::min(image.height, image.width) < 64;
}

}  // namespace lockstep::ai
