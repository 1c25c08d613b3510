// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::ai {

/// How NumPy stores texts: all of one width, filled up with zeros.
struct TextLayout {
  std::size_t characters = 0;  ///< of each element
  bool is_wide = false;        ///< UTF-32 (U), else bytes (S)

  std::size_t bytes() const { return characters * (is_wide ? 4 : 1); }
};

/// The layout of a descriptor without its byte order ("U12", "S8"); nothing when it is none, or
/// wider than 10,000 characters.
std::optional<TextLayout> text_layout(std::string_view descriptor);

/// The texts as UTF-8; code points that are none become U+FFFD.
/// @param data elements one after the other, a multiple of layout.bytes(), which is not 0
std::vector<std::string> texts_of(std::string_view data,
                                  const TextLayout& layout,
                                  bool is_big_endian);

}  // namespace lockstep::ai
