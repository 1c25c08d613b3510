// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/table.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lockstep::frontends {
namespace {

std::string clean(std::string_view text) {
  constexpr std::size_t cell_max = 2000;
  return quotable(text, cell_max);
}

void add_line(std::string& out,
              const std::vector<std::string>& row,
              const std::vector<std::size_t>& widths,
              std::size_t width) {
  std::string line;
  std::size_t column = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool is_last = i + 1 == row.size();
    const std::string cell = clean(row[i]);
    if (is_last) {
      const std::size_t room = std::max<std::size_t>(width > column ? width - column : 0, 20);
      line += wrap(cell, room + column, column);
    } else {
      line += cell + std::string(widths[i] - columns(cell) + 2, ' ');
      column += widths[i] + 2;
    }
  }
  while (line.ends_with(' '))
    line.pop_back();
  out += line + "\n";
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  bool is_first_word = true;
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t size = columns(word);
    if (!is_first_word && column + 1 + size > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!is_first_word) {
      out += ' ';
      ++column;
    }
    out += word;
    column += size;
    is_first_word = false;
  }
  return out;
}

std::string Table::to_text(int width) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns(clean(row[i])));
  std::string out;
  add_line(out, rows_.front(), widths, static_cast<std::size_t>(width));
  std::vector<std::string> rule;
  for (std::size_t i = 0; i < widths.size(); ++i)
    rule.emplace_back(i + 1 == widths.size() ? columns(rows_.front()[i]) : widths[i], '-');
  add_line(out, rule, widths, static_cast<std::size_t>(width));
  for (std::size_t i = 1; i < rows_.size(); ++i)
    add_line(out, rows_[i], widths, static_cast<std::size_t>(width));
  return out;
}

std::string_view words(State state) {
  switch (state) {
    case State::pass:
      return "SHOWN";
    case State::warn:
      return "SHOWN, WITH A REMARK";
    case State::fail:
      return "NOT SHOWN";
    case State::underpowered:
      return "TOO FEW SAMPLES";
    case State::stale:
      return "TOO OLD";
    case State::not_checked:
      return "NOT CHECKED";
    case State::human:
      return "NEEDS A DECISION";
    case State::not_applicable:
      return "DOES NOT APPLY";
  }
  return "NOT CHECKED";
}

std::string colored(State state, bool color) {
  const std::string text(words(state));
  if (!color) return text;
  switch (state) {
    case State::pass:
      return "\x1b[32m" + text + "\x1b[0m";
    case State::fail:
      return "\x1b[1;31m" + text + "\x1b[0m";
    case State::warn:
    case State::underpowered:
    case State::stale:
    case State::human:
      return "\x1b[33m" + text + "\x1b[0m";
    case State::not_checked:
    case State::not_applicable:
      return "\x1b[2m" + text + "\x1b[0m";
  }
  return text;
}

}  // namespace lockstep::frontends
