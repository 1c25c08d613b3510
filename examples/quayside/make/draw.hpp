// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"

namespace quayside {

/// Images are square; this is their side in pixels.
inline constexpr int side = 20;

/// One picture of a character, as a camera would cut it out of a container code: paint on
/// corrugated steel, slanted, worn, dirty, unevenly lit, out of focus and noisy.
/// @param label  index into `characters`
/// @param random decides everything that differs from picture to picture
/// @returns side * side grey values, row by row, 0 black to 255 white
std::vector<std::uint8_t> draw_character(int label, lockstep::Random& random);

}  // namespace quayside
