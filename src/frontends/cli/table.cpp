// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/table.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

#include "base/text.hpp"

namespace lockstep::frontends {
namespace {

std::string clean(std::string_view text) {
  constexpr std::size_t cell_max = 2000;
  return quotable(text, cell_max);
}

/// First and last code points of characters that take two columns, and of those that take none.
/// Source: Unicode 15, East_Asian_Width W and F; general categories Mn and Cf, as far as they occur
/// in names.
struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array<Range, 14> wide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0x33FF},
                                         {0x3400, 0x4DBF},
                                         {0x4E00, 0x9FFF},
                                         {0xA000, 0xA4CF},
                                         {0xA960, 0xA97F},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0xFFE0, 0xFFE6},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 9> unseen = {{{0x0300, 0x036F},
                                          {0x0483, 0x0489},
                                          {0x0591, 0x05BD},
                                          {0x064B, 0x065F},
                                          {0x200B, 0x200F},
                                          {0x20D0, 0x20FF},
                                          {0x3099, 0x309A},
                                          {0xFE00, 0xFE0F},
                                          {0xFE20, 0xFE2F}}};

bool is_in(std::span<const Range> ranges, char32_t point) {
  return std::ranges::any_of(
      ranges, [point](const Range& one) { return point >= one.first && point <= one.last; });
}

/// The code point that begins at `at`, and its bytes. The text is UTF-8 (`clean` makes it so).
std::pair<char32_t, std::size_t> point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = byte(at);
  if (lead < 0xC0) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  char32_t point = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i)
    point = (point << 6U) | (byte(at + i) & 0x3FU);
  return {point, std::min(size, text.size() - at)};
}

std::size_t columns_of(char32_t point) {
  if (point < 0x300) return 1;
  if (is_in(unseen, point)) return 0;
  return is_in(wide, point) ? 2 : 1;
}

/// The text with a space wherever a word would be wider than `width`: behind the last mark that
/// joins its parts, where there is one.
std::string with_short_words(std::string_view text, std::size_t width) {
  constexpr std::string_view joints = "-/:@,";
  std::string out;
  std::size_t column = 0;
  std::size_t joint = 0;  // place in `out` behind the last joint of the word; 0 without one
  for (std::size_t at = 0; at < text.size();) {
    const auto [point, size] = point_at(text, at);
    const std::size_t taken = columns_of(point);
    if (point == ' ') {
      column = 0;
      joint = 0;
    } else if (column + taken > width) {
      const std::size_t end = joint == 0 ? out.size() : joint;
      column = columns(std::string_view(out).substr(end)) + taken;
      out.insert(end, 1, ' ');
      joint = 0;
    } else {
      column += taken;
    }
    out += text.substr(at, size);
    if (size == 1 && joints.find(text[at]) != std::string_view::npos) joint = out.size();
    at += size;
  }
  return out;
}

std::size_t widest_word(std::string_view text) {
  std::size_t widest = 0;
  for (const std::string_view word : split(text, ' '))
    widest = std::max(widest, columns(word));
  return widest;
}

/// How wide the cells of a column are, and the widest words in them.
struct ColumnWidth {
  std::size_t natural = 0;
  std::size_t word = 0;
};

/// The widths of the columns: their natural ones where they fit; else the last gives way first, as
/// its cells are sentences, then the widest whose words stay whole, then the widest.
std::vector<std::size_t> fitted(std::span<const ColumnWidth> columns, std::size_t width) {
  constexpr std::size_t last_min = 20;
  std::vector<std::size_t> widths;
  for (const ColumnWidth& column : columns)
    widths.push_back(column.natural);
  const std::size_t gaps = 2 * (widths.size() - 1);
  const auto excess = [&] {
    const std::size_t total = gaps + std::accumulate(widths.begin(), widths.end(), std::size_t{0});
    return total > width ? total - width : 0;
  };
  std::size_t& last = widths.back();
  last -= std::min(excess(), last - std::min(last, last_min));
  const std::size_t least =
      std::max<std::size_t>(3, (width - std::min(gaps, width)) / widths.size());
  // Of columns that are equally wide a later one gives way: ids stand in front.
  const auto give_way = [&](auto floor_of) {
    auto widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool is_wider = widest == widths.size() || widths[i] >= widths[widest];
      if (widths[i] > floor_of(i) && is_wider) widest = i;
    }
    if (widest == widths.size()) return false;
    widths[widest] -= std::min(excess(), widths[widest] - floor_of(widest));
    return true;
  };
  const auto whole_words = [&](std::size_t i) { return columns[i].word; };
  const auto part_of_words = [least](std::size_t) { return least; };
  while (excess() > 0 && give_way(whole_words)) {
  }
  while (excess() > 0 && give_way(part_of_words)) {
  }
  return widths;
}

void add_line(std::string& out,
              const std::vector<std::string>& row,
              const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string text = wrap(with_short_words(clean(row[i]), widths[i]), widths[i]);
    std::vector<std::string>& lines = cells.emplace_back();
    for (const std::string_view line : split(text, '\n'))
      lines.emplace_back(line);
    height = std::max(height, lines.size());
  }
  for (std::size_t number = 0; number < height; ++number) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = number < cells[i].size() ? cells[i][number] : "";
      const std::size_t taken = columns(cell);
      line += cell + std::string(widths[i] > taken ? widths[i] - taken + 2 : 2, ' ');
    }
    while (line.ends_with(' '))
      line.pop_back();
    out += line + "\n";
  }
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [point, size] = point_at(text, at);
    count += columns_of(point);
    at += size;
  }
  return count;
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

std::string wrap_all(std::string_view text, std::size_t width, std::size_t indent) {
  return wrap(with_short_words(text, width - std::min(indent, width - 1)), width, indent);
}

std::string Table::to_text(int width) const {
  std::vector<ColumnWidth> natural(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = clean(row[i]);
      natural[i].natural = std::max(natural[i].natural, columns(cell));
      natural[i].word = std::max(natural[i].word, widest_word(cell));
    }
  }
  const auto widths = fitted(natural, static_cast<std::size_t>(width));
  std::string out;
  add_line(out, rows_.front(), widths);
  std::vector<std::string> rule;
  for (std::size_t i = 0; i < widths.size(); ++i)
    rule.emplace_back(
        i + 1 == widths.size() ? std::min(widths[i], columns(rows_.front()[i])) : widths[i], '-');
  add_line(out, rule, widths);
  for (std::size_t i = 1; i < rows_.size(); ++i)
    add_line(out, rows_[i], widths);
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
