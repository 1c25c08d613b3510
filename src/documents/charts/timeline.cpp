// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "documents/charts/charts.hpp"
#include "documents/charts/svg.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

constexpr double left = 20;
constexpr double right = 700;
constexpr double axis_y = 52;

double days(Day day) {
  return static_cast<double>(day.time_since_epoch().count());
}

int year_of(Day day) {
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

Day first_of(int year) {
  return Day{std::chrono::year(year) / std::chrono::January / std::chrono::day(1)};
}

std::string distance(Day day, Day as_of) {
  const auto apart = (day - as_of).count();
  if (apart == 0) return "today";
  return apart > 0 ? fmt::format("in {} days", apart) : fmt::format("{} days ago", -apart);
}

Table data_table(const LegalView& law, Day as_of) {
  Table table{
      "Dates that matter to this product", {{"Date"}, {"Distance"}, {"What"}, {"Provision"}}, {}};
  for (const LegalDate& date : law.dates)
    table.rows.push_back({{Line{Date{date.day}}, distance(date.day, as_of), date.what,
                           cite(law, date.act, date.cites)},
                          ""});
  return table;
}

void draw_years(Svg& svg, const Scale& x, int first, int last) {
  svg.line({left, axis_y}, {right, axis_y}, "axis");
  const int step = std::max(1, (last - first) / 10 + 1);
  for (int year = first; year <= last; year += step) {
    const double at = x(days(first_of(year)));
    svg.line({at, axis_y}, {at, axis_y + 8}, "axis");
    svg.text({at, axis_y + 24}, std::to_string(year), Anchor::middle, "small");
  }
}

}  // namespace

std::optional<Figure> timeline(const LegalView& law, Day as_of) {
  if (law.dates.empty()) return std::nullopt;
  const Day first_day = std::min(law.dates.front().day, as_of);
  const Day last_day = std::max(law.dates.back().day, as_of);
  const int first = year_of(first_day);
  const int last = year_of(last_day) + 1;
  const Scale x{days(first_of(first)), days(first_of(last)), left + 10, right - 10};
  Svg svg;
  draw_years(svg, x, first, last);
  std::int64_t ahead = 0;
  for (const LegalDate& date : law.dates) {
    const bool past = date.day < as_of;
    ahead += past ? 0 : 1;
    svg.shape(past ? Shape::circle : Shape::diamond, {x(days(date.day)), axis_y}, 7,
              past ? "f-neutral" : "f-high");
  }
  const double today = x(days(as_of));
  svg.line({today, 22}, {today, axis_y + 12}, "limit");
  svg.text({std::clamp(today, left + 70, right - 70), 16}, "report " + to_text(as_of),
           Anchor::middle, "halo");
  svg.shape(Shape::circle, {left + 8, 104}, 6, "f-neutral").text({left + 22, 108}, "past");
  svg.shape(Shape::diamond, {left + 88, 104}, 7, "f-high").text({left + 102, 108}, "to come");
  return Figure{"Dates that matter to this product",
                {"Timeline of legal dates",
                 fmt::format("{} between {} and {}; {} not before the day of this report, {}.",
                             count_of(static_cast<std::int64_t>(law.dates.size()), "date", "dates"),
                             to_text(law.dates.front().day), to_text(law.dates.back().day), ahead,
                             to_text(as_of)),
                 720, 120, svg.take()},
                data_table(law, as_of)};
}

}  // namespace lockstep::documents
