// SPDX-License-Identifier: Apache-2.0
#include "documents/render/escape.hpp"

#include <cstddef>
#include <cstdint>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::documents {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// One code point and how many bytes it took; U+FFFD over one byte for what is no UTF-8.
struct Decoded {
  char32_t point = replacement;
  std::size_t bytes = 1;
};

Decoded decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (text.size() < length || !is_utf8(text.substr(0, length))) return {};
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return {point, length};
}

/// C0 but for tab and line feed, DEL, C1, and the two noncharacters that end the first plane.
bool is_control(char32_t point) {
  if (point == '\t' || point == '\n') return false;
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xFFFE || point == 0xFFFF;
}

/// Embeddings, overrides, isolates and marks. Source: Unicode Standard Annex 9, table of explicit
/// directional formatting characters.
bool turns_direction(char32_t point) {
  return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
         point == 0x200E || point == 0x200F || point == 0x061C;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const Decoded one = decode(text);
    if (one.point == '&') {
      out += "&amp;";
    } else if (one.point == '<') {
      out += "&lt;";
    } else if (one.point == '>') {
      out += "&gt;";
    } else if (one.point == '"') {
      out += "&quot;";
    } else if (one.point == '\'') {
      out += "&#39;";
    } else if (one.point == replacement || is_control(one.point)) {
      out += "\xEF\xBF\xBD";
    } else if (turns_direction(one.point)) {
      out += fmt::format("[U+{:04X}]", static_cast<std::uint32_t>(one.point));
    } else {
      out += text.substr(0, one.bytes);
    }
    text.remove_prefix(one.bytes);
  }
  return out;
}

std::string css_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Decoded one = decode(text);
    const bool plain = (one.point >= 'a' && one.point <= 'z') ||
                       (one.point >= 'A' && one.point <= 'Z') ||
                       (one.point >= '0' && one.point <= '9') || one.point == ' ';
    const bool shown = !is_control(one.point) && !turns_direction(one.point);
    if (plain) {
      out += text[0];
    } else {
      out += fmt::format("\\{:06X} ", static_cast<std::uint32_t>(shown ? one.point : replacement));
    }
    text.remove_prefix(one.bytes);
  }
  return out + '"';
}

}  // namespace lockstep::documents
