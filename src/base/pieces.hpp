// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep {

/// A text of many megabytes in pieces, in order. They are handed on as they are: to join them takes
/// the memory twice, and as long as making them.
using TextPieces = std::vector<std::string>;

inline std::string joined(const TextPieces& pieces) {
  std::string text;
  for (const std::string& piece : pieces)
    text += piece;
  return text;
}

/// Writes all bytes of all pieces, in order, to an open file. @returns 0, or the system's `errno`
int write_all(int descriptor, std::span<const std::string_view> pieces);

}  // namespace lockstep
