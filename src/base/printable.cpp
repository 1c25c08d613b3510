// SPDX-License-Identifier: Apache-2.0
#include "base/printable.hpp"

#include <algorithm>

namespace lockstep {
namespace {

/// How many bytes a lead byte announces, and the bits of the code that it carries.
Character announced(unsigned char lead) {
  if (lead < 0x80) return {lead, 1, true};
  if (lead >= 0xC2 && lead <= 0xDF) return {lead & 0x1FU, 2, true};
  if (lead >= 0xE0 && lead <= 0xEF) return {lead & 0x0FU, 3, true};
  if (lead >= 0xF0 && lead <= 0xF4) return {lead & 0x07U, 4, true};
  return {0, 1, false};
}

/// Printable ASCII, which is most of every text and shown as it is.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F;
}

std::string shown(std::string_view text, bool is_one_line) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Character next = first_character(text);
    const bool is_blank = !is_one_line && (next.code == '\n' || next.code == '\t');
    if (next.is_utf8 && (is_blank || !is_control(next.code))) {
      out += text.substr(0, next.size);
    } else {
      out += '?';
    }
    text.remove_prefix(next.size);
  }
  return out;
}

}  // namespace

Character first_character(std::string_view bytes) {
  constexpr Character malformed{0, 1, false};
  Character next = announced(static_cast<unsigned char>(bytes.front()));
  if (next.size > bytes.size()) return malformed;
  for (std::size_t i = 1; i < next.size; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if ((byte & 0xC0U) != 0x80U) return malformed;
    next.code = (next.code << 6U) | (byte & 0x3FU);
  }
  const bool is_overlong =
      (next.size == 3 && next.code < 0x800) || (next.size == 4 && next.code < 0x10000);
  const bool is_surrogate = next.code >= 0xD800 && next.code <= 0xDFFF;
  if (is_overlong || is_surrogate || next.code > 0x10FFFF) return malformed;
  return next;
}

std::size_t utf8_prefix(std::string_view bytes) {
  std::size_t size = 0;
  while (size < bytes.size()) {
    const Character next = first_character(bytes.substr(size));
    if (!next.is_utf8) return size;
    size += next.size;
  }
  return size;
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string printable(std::string_view text) {
  return shown(text, false);
}

std::string printable_line(std::string_view text) {
  return shown(text, true);
}

}  // namespace lockstep
