// SPDX-License-Identifier: Apache-2.0
#include "regulations/checks/fold.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/printable.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::uint32_t table_begin = 0xC0;
/// The letter without its accent for U+00C0 to U+017F; '*' where it becomes two.
constexpr std::string_view letters =
    "aaaaaa*ceeeeiiiidnooooo ouuuuy**aaaaaa*ceeeeiiiidnooooo ouuuuy*y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
    "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 9> doubles = {{{0xC6, "ae"},
                                                                                {0xDE, "th"},
                                                                                {0xDF, "ss"},
                                                                                {0xE6, "ae"},
                                                                                {0xFE, "th"},
                                                                                {0x132, "ij"},
                                                                                {0x133, "ij"},
                                                                                {0x152, "oe"},
                                                                                {0x153, "oe"}}};

bool is_kept(char c) {
  constexpr std::string_view kept = ".,:/@()&'";
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || kept.find(c) != std::string_view::npos;
}

/// What one character becomes; "" for one that is dropped, " " for one that parts words.
std::string_view folded(const Character& one, std::string_view bytes, std::array<char, 2>& room) {
  if (one.size == 1) {
    const char c = bytes[0];
    room[0] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return is_kept(room[0]) ? std::string_view(room.data(), 1) : " ";
  }
  if (one.code >= table_begin && one.code < table_begin + letters.size()) {
    const char letter = letters[one.code - table_begin];
    room[0] = letter;
    if (letter != '*') return {room.data(), 1};
    const auto found =
        std::ranges::find(doubles, one.code, &std::pair<std::uint32_t, std::string_view>::first);
    return found->second;
  }
  if (one.code == 0xAD || (one.code >= 0x300 && one.code < 0x370)) return "";  // soft, combining
  if (one.code == 0x2018 || one.code == 0x2019) return "'";
  if (one.code == 0xFB01) return "fi";
  if (one.code == 0xFB02) return "fl";
  if (one.code == 0xFB00) return "ff";
  if (one.code < table_begin || (one.code >= 0x2000 && one.code < 0x2E80) || one.code == 0xFEFF)
    return " ";  // signs, dashes and spaces
  return bytes.substr(0, one.size);
}

void append(std::string_view text, std::string& into) {
  std::array<char, 2> room{};
  while (!text.empty()) {
    const Character one = first_character(text);
    const std::string_view piece = folded(one, text, room);
    const bool is_second_space = piece == " " && (into.empty() || into.back() == ' ');
    if (!is_second_space) into += piece;
    text.remove_prefix(one.size);
  }
}

bool is_small(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80U;
}

/// Whether a word goes on behind the line.
bool is_parted(std::string_view line, std::string_view next) {
  while (line.ends_with(' ') || line.ends_with('\t'))
    line.remove_suffix(1);
  while (next.starts_with(' ') || next.starts_with('\t'))
    next.remove_prefix(1);
  return line.size() > 1 && line.back() == '-' && is_small(line[line.size() - 2]) &&
         !next.empty() && is_small(next.front());
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80U;
}

}  // namespace

std::string fold(std::string_view text) {
  std::string out;
  append(text, out);
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::size_t FoldedText::line_of(std::size_t at) const {
  const auto behind = std::ranges::upper_bound(line_begins, at);
  return behind == line_begins.begin() ? 0
                                       : static_cast<std::size_t>(behind - line_begins.begin()) - 1;
}

FoldedText fold_lines(const std::vector<ReceivedLine>& lines) {
  FoldedText folded;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    folded.line_begins.push_back(folded.text.size());
    append(lines[i].text, folded.text);
    if (i + 1 < lines.size() && is_parted(lines[i].text, lines[i + 1].text)) {
      while (folded.text.ends_with(' '))
        folded.text.pop_back();
    } else if (!folded.text.ends_with(' ')) {
      folded.text += ' ';
    }
  }
  return folded;
}

std::size_t find_words(std::string_view folded, std::string_view words, std::size_t from) {
  for (std::size_t at = folded.find(words, from); at != std::string_view::npos;
       at = folded.find(words, at + 1)) {
    const bool begins = at == 0 || !is_word(folded[at - 1]) || !is_word(words.front());
    const std::size_t end = at + words.size();
    const bool ends = end >= folded.size() || !is_word(folded[end]) || !is_word(words.back());
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

}  // namespace lockstep::regulations
