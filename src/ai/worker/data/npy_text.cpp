// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/npy_text.hpp"

#include <charconv>
#include <cstdint>

namespace lockstep::ai {
namespace {

constexpr std::size_t characters_max = 10'000;
constexpr std::uint32_t replacement = 0xFFFD;

void append(std::string& text, std::uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = replacement;
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  const auto tail = [&](unsigned shift) { put(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    return tail(0);
  }
  if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    tail(6);
    return tail(0);
  }
  put(0xF0U | (code >> 18U));
  tail(12);
  tail(6);
  tail(0);
}

std::uint32_t code_at(std::string_view four, bool is_big_endian) {
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < 4; ++i)
    code = (code << 8U) | static_cast<unsigned char>(four[is_big_endian ? i : 3 - i]);
  return code;
}

}  // namespace

std::optional<TextLayout> text_layout(std::string_view descriptor) {
  if (!descriptor.starts_with('U') && !descriptor.starts_with('S')) return std::nullopt;
  TextLayout layout{0, descriptor.starts_with('U')};
  descriptor.remove_prefix(1);
  const char* const end = descriptor.data() + descriptor.size();
  const auto read = std::from_chars(descriptor.data(), end, layout.characters);
  const bool is_read = read.ec == std::errc{} && read.ptr == end;
  if (!is_read || layout.characters == 0 || layout.characters > characters_max) return std::nullopt;
  return layout;
}

std::vector<std::string> texts_of(std::string_view data,
                                  const TextLayout& layout,
                                  bool is_big_endian) {
  std::vector<std::string> texts;
  texts.reserve(data.size() / layout.bytes());
  const std::size_t step = layout.is_wide ? 4 : 1;
  for (std::size_t at = 0; at + layout.bytes() <= data.size(); at += layout.bytes()) {
    std::string& text = texts.emplace_back();
    for (std::size_t i = 0; i < layout.bytes(); i += step) {
      const std::string_view piece = data.substr(at + i, step);
      const std::uint32_t code = layout.is_wide ? code_at(piece, is_big_endian)
                                                : static_cast<unsigned char>(piece.front());
      if (code == 0) break;
      append(text, layout.is_wide || code < 0x80 ? code : replacement);
    }
  }
  return texts;
}

}  // namespace lockstep::ai
