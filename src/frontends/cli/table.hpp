// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/state.hpp"

namespace lockstep::frontends {

/// A plain-text table that fits the terminal: columns as wide as their widest cell; where that is
/// too wide, the last one is wrapped, and then the widest ones, inside words where it must be.
/// Control characters of foreign text are shown as '?'.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  bool is_empty() const { return rows_.size() == 1; }

  /// @param width columns of the terminal, at least 40
  std::string to_text(int width) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// `text` in lines of at most `width` columns, every line but the first indented.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

/// The same, and words that are wider than a line are broken.
std::string wrap_all(std::string_view text, std::size_t width, std::size_t indent = 0);

/// The columns that UTF-8 text takes: one for each code point, two for those of East Asian scripts
/// and pictures, none for combining marks.
std::size_t columns(std::string_view text);

/// How a person reads a state: "FAIL", "NEEDS A DECISION", "NOT CHECKED".
std::string_view words(State state);

/// The same in its colour, when `color` is on.
std::string colored(State state, bool color);

}  // namespace lockstep::frontends
