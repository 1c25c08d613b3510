// SPDX-License-Identifier: Apache-2.0
#include "frontends/cli/commands/timeline.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "frontends/cli/table.hpp"

namespace lockstep::frontends {
namespace {

constexpr Day first_day = std::chrono::year{2024} / 12 / 1;
constexpr Day last_day = std::chrono::year{2032} / 12 / 31;

/// The column of a day; days outside stand at the ends.
std::size_t column_of(Day day, std::size_t columns) {
  const auto whole = (last_day - first_day).count();
  const auto apart = (std::clamp(day, first_day, last_day) - first_day).count();
  return static_cast<std::size_t>(apart) * (columns - 1) / static_cast<std::size_t>(whole);
}

std::string axis(const LegalView& view, std::size_t columns) {
  std::string years(columns, ' ');
  std::string marks(columns, '-');
  std::string today(columns, ' ');
  constexpr int first_year = 2025;
  constexpr int last_year = 2032;
  for (int year = first_year; year <= last_year; ++year) {
    const std::size_t at = column_of(Day{std::chrono::year{year} / 1 / 1}, columns);
    years.replace(at, 4, std::to_string(year));
    marks[at] = '|';
  }
  years.resize(columns);
  for (const LegalDate& date : view.dates)
    marks[column_of(date.day, columns)] = date.day <= view.as_of ? 'o' : '*';
  today[column_of(view.as_of, columns)] = '^';
  while (today.ends_with(' '))
    today.pop_back();
  while (years.ends_with(' '))
    years.pop_back();
  return fmt::format("  {}\n  {}\n  {}\n  o applies already, * to come, ^ {}\n", years, marks,
                     today, to_text(view.as_of));
}

std::string cited(const LegalView& view, const LegalDate& date) {
  return to_text(Citation{date.act, date.cites}, short_title_of(view.acts, date.act));
}

}  // namespace

std::string timeline_text(const LegalView& view, int width) {
  if (view.dates.empty()) return "No date of the law matters to this product.\n";
  constexpr std::size_t margin = 4;
  const auto columns = static_cast<std::size_t>(width);
  std::string text = axis(view, columns - margin);
  bool is_past = true;
  text += "\nApplies already:\n";
  for (const LegalDate& date : view.dates) {
    if (is_past && date.day > view.as_of) {
      text += fmt::format("\n---- as of {} ----\n\nTo come:\n", to_text(view.as_of));
      is_past = false;
    }
    text += fmt::format("  {}  {}\n", to_text(date.day),
                        wrap(fmt::format("{} [{}]", date.what, cited(view, date)), columns, 14));
  }
  if (is_past) text += fmt::format("\n---- as of {} ----\n", to_text(view.as_of));
  return text;
}

}  // namespace lockstep::frontends
