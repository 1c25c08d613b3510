// SPDX-License-Identifier: Apache-2.0
#include "base/printable.hpp"

#include <cstring>

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

enum class Lines { one, many };

/// A line feed or a tab where there may be several lines.
bool is_blank(std::uint32_t code, Lines lines) {
  return lines == Lines::many && (code == '\n' || code == '\t');
}

bool is_shown(const Character& next, Lines lines) {
  return next.is_utf8 && (is_blank(next.code, lines) || !is_control(next.code));
}

/// How many bytes from the front are shown as they are. SPEED: most of every text is printable
/// ASCII, of which sixteen are looked at together.
std::size_t shown_prefix(std::string_view text, Lines lines) {
  using Block = signed char __attribute__((vector_size(16)));
  using Halves = std::int64_t __attribute__((vector_size(16)));
  std::size_t at = 0;
  while (at < text.size()) {
    Block block;
    if (at + sizeof block <= text.size()) {
      std::memcpy(&block, text.data() + at, sizeof block);
      // Beyond ASCII is below zero.
      auto stops = (block < 0x20) | (block == 0x7F);
      if (lines == Lines::many) stops &= (block != '\n') & (block != '\t');
      const auto halves = reinterpret_cast<Halves>(stops);
      if ((halves[0] | halves[1]) == 0) {
        at += sizeof block;
        continue;
      }
    }
    if (text[at] >= 0x20 && text[at] < 0x7F) {
      ++at;
      continue;
    }
    const Character next = first_character(text.substr(at));
    if (!is_shown(next, lines)) break;
    at += next.size;
  }
  return at;
}

std::string shown(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t prefix = shown_prefix(text, lines);
    out += text.substr(0, prefix);
    text.remove_prefix(prefix);
    if (text.empty()) break;
    out += '?';
    text.remove_prefix(first_character(text).size);
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

std::string printable(std::string text) {
  if (shown_prefix(text, Lines::many) == text.size()) return text;
  return shown(text, Lines::many);
}

std::string printable_line(std::string_view text) {
  if (shown_prefix(text, Lines::one) == text.size()) return std::string(text);
  return shown(text, Lines::one);
}

}  // namespace lockstep
