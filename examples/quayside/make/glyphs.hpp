// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace quayside {

/// A point of the drawing plane: x to the right, y downwards.
struct Point {
  double x = 0;
  double y = 0;
};

/// The characters of a container code in the order of the class labels: A to Z, then 0 to 9.
/// Source: ISO 6346, owner code, category identifier, serial number and check digit.
inline constexpr std::string_view characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The strokes of a character, each a line through its points, in a box from (0, 0) to (1, 1).
/// @param label index into `characters`
std::vector<std::vector<Point>> strokes_of(int label);

}  // namespace quayside
