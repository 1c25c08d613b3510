// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep {

/// The first character of a text that is meant to be UTF-8.
struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< bytes; 1 when they are not UTF-8
  bool is_utf8 = false;
};

/// @param bytes not empty
/// Source: RFC 3629, section 4; no overlong forms, no surrogates.
Character first_character(std::string_view bytes);

/// How many bytes at the beginning are well-formed UTF-8.
std::size_t utf8_prefix(std::string_view bytes);

/// Whether a terminal acts on the character instead of showing it: the C0 and C1 controls, DEL, and
/// what breaks lines or turns the direction of writing (U+2028, U+2029, U+202A to U+202E, U+2066 to
/// U+2069; Unicode Technical Report 36, section 2.2).
bool is_control(std::uint32_t code);

/// The text with '?' for every control character but line feed and tab, and for every byte that is
/// not UTF-8: what foreign text may do to a terminal ends here.
std::string printable(std::string text);

/// The same on one line: line feeds and tabs become '?' too.
std::string printable_line(std::string_view text);

}  // namespace lockstep
