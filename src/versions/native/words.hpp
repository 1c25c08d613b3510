// SPDX-License-Identifier: Apache-2.0
// The few words about texts that the native notations share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "versions/text.hpp"

namespace lockstep::versions {

/// The digits, plus one.
inline std::string successor(std::string_view digits) {
  std::string number(digits);
  for (std::size_t i = number.size(); i-- > 0;) {
    if (number[i] != '9') {
      ++number[i];
      return number;
    }
    number[i] = '0';
  }
  return "1" + number;
}

/// Takes what stands before the next white space off the front, and the white space after it.
inline std::string_view take_word(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && !is_space(rest[end]))
    ++end;
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  while (!rest.empty() && is_space(rest.front()))
    rest.remove_prefix(1);
  return word;
}

/// The words between white space.
inline std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view rest = without_spaces(text); !rest.empty();)
    words.push_back(take_word(rest));
  return words;
}

/// Pieces between a separator of one or more characters.
inline std::vector<std::string_view> split_at(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t found = text.find(separator);
    pieces.push_back(text.substr(0, found));
    if (found == std::string_view::npos) return pieces;
    text.remove_prefix(found + separator.size());
  }
}

}  // namespace lockstep::versions
