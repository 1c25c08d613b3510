// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/received.hpp"

namespace lockstep::regulations {

/// The text in the form in which words are compared: small letters without accents, other marks
/// than . , : / @ ( ) & and ' as spaces, runs of spaces as one, none at the ends. Letters of other
/// scripts stay as they are.
std::string fold(std::string_view text);

/// A whole document folded into one text, so that words which a line break parts are found.
struct FoldedText {
  std::string text;
  std::vector<std::size_t> line_begins;  ///< in `text`, by index of the line; rising

  /// The index of the line on which the character stands.
  std::size_t line_of(std::size_t at) const;
};

/// Lines are joined by one space, and without any where a line ends in a hyphen behind a small
/// letter and the next begins with one.
FoldedText fold_lines(const std::vector<ReceivedLine>& lines);

/// The place of `words` as whole words at or behind `from`, or npos.
std::size_t find_words(std::string_view folded, std::string_view words, std::size_t from = 0);

}  // namespace lockstep::regulations
