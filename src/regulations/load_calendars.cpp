// SPDX-License-Identifier: Apache-2.0
// Holiday rules, expanded for the years that a calendar covers, and time zones:
//
//     - {name: Midsummer Day, weekday: saturday, on_or_after: 06-20}
//     - {name: Good Friday, easter: -2}              # also orthodox_easter
//     - {name: Liberation Day, on: 03-03, if_weekend: next_working_day}
//     - {name: King's Day, on: 04-27, moved: {sunday: -1}, from: 2014, until: 2030}
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/calendar.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::string_view calendar_keys[] = {"id", "name", "years", "source", "note", "holidays"};
constexpr std::string_view holiday_keys[] = {"name",    "on",          "easter", "orthodox_easter",
                                             "weekday", "on_or_after", "from",   "until",
                                             "moved",   "if_weekend"};
constexpr std::string_view zones_keys[] = {"summer_time", "zones"};
constexpr std::string_view summer_keys[] = {"from", "until", "hour_utc", "ahead"};
constexpr std::string_view zone_keys[] = {"zone", "state", "hours", "summer_time"};
constexpr std::array<std::string_view, 7> weekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                      "thursday", "friday", "saturday"};
constexpr int years_max = 100;

int number(Reader& reader, const Json& node, std::string_view key, int otherwise) {
  const Json* member = node.find(key);
  if (member == nullptr) return otherwise;
  const auto found = member->as_int();
  if (!found || *found < -9999 || *found > 9999) {
    reader.error("regulation.type", fmt::format("expected a whole number under '{}'", key),
                 *member);
    return otherwise;
  }
  return static_cast<int>(*found);
}

std::optional<unsigned> weekday_of(Reader& reader, std::string_view word, const Json& at) {
  const auto found = std::ranges::find(weekdays, word);
  if (found != weekdays.end()) return static_cast<unsigned>(found - weekdays.begin());
  reader.error("regulation.word", fmt::format("'{}' is no day of the week", quotable(word)), at);
  return std::nullopt;
}

std::chrono::month_day month_day(Reader& reader, const Json& node, std::string_view key) {
  const std::string text = reader.text(node, key);
  const auto day = parse_day("2001-" + text);
  if (day) {
    const std::chrono::year_month_day found{*day};
    return found.month() / found.day();
  }
  reader.error("regulation.type",
               fmt::format("expected month and day such as 05-01 under '{}'", key), node);
  return std::chrono::January / 1;
}

YearRule read_rule(Reader& reader, const Json& node) {
  YearRule rule;
  if (node.find("easter") != nullptr) {
    rule.kind = YearRule::Kind::western_easter;
    rule.days = number(reader, node, "easter", 0);
  } else if (node.find("orthodox_easter") != nullptr) {
    rule.kind = YearRule::Kind::orthodox_easter;
    rule.days = number(reader, node, "orthodox_easter", 0);
  } else if (node.find("weekday") != nullptr) {
    rule.kind = YearRule::Kind::weekday;
    rule.on = month_day(reader, node, "on_or_after");
    const auto day = weekday_of(reader, reader.text(node, "weekday"), node);
    rule.weekday = std::chrono::weekday{day.value_or(0)};
  } else {
    rule.on = month_day(reader, node, "on");
  }
  return rule;
}

HolidayRule read_holiday(Reader& reader, const Json& node) {
  reader.only(node, holiday_keys);
  HolidayRule holiday;
  holiday.name = reader.text(node, "name");
  holiday.rule = read_rule(reader, node);
  holiday.from = number(reader, node, "from", holiday.from);
  holiday.until = number(reader, node, "until", holiday.until);
  holiday.in_lieu = reader.optional_text(node, "if_weekend") == "next_working_day";
  for (const auto& [word, by] : node["moved"].members()) {
    const auto day = weekday_of(reader, word, by);
    if (day) holiday.moved[*day] = number(reader, node["moved"], word, 0);
  }
  return holiday;
}

void expand(Calendar& calendar, const std::vector<HolidayRule>& rules) {
  std::vector<std::pair<Day, std::string>> in_lieu;
  for (int y = calendar.first_year; y <= calendar.last_year; ++y) {
    for (const HolidayRule& rule : rules) {
      if (y < rule.from || y > rule.until) continue;
      Day day = day_in(rule.rule, std::chrono::year{y});
      const unsigned on = std::chrono::weekday{day}.c_encoding();
      if (const auto moved = rule.moved.find(on); moved != rule.moved.end())
        day += std::chrono::days{moved->second};
      calendar.holidays.emplace(day, rule.name);
      if (rule.in_lieu && (on == 0 || on == 6)) in_lieu.emplace_back(day, rule.name);
    }
  }
  std::ranges::sort(in_lieu);
  for (auto [day, name] : in_lieu) {
    while (!calendar.is_working_day(day))
      day += std::chrono::days{1};
    calendar.holidays.emplace(day, name + " (in lieu)");
  }
}

Calendar read_calendar(Reader& reader, const Json& node) {
  reader.only(node, calendar_keys);
  Calendar calendar;
  calendar.id = reader.text(node, "id");
  calendar.name = reader.text(node, "name");
  calendar.source = reader.text(node, "source");
  calendar.note = reader.text(node, "note");
  calendar.first_year = number(reader, node["years"], "from", 0);
  calendar.last_year = number(reader, node["years"], "until", 0);
  if (calendar.first_year < 1900 || calendar.last_year > 2099 ||
      calendar.last_year < calendar.first_year ||
      calendar.last_year - calendar.first_year > years_max) {
    reader.error("regulation.date", "expected years from 1900 until 2099", node["years"]);
    return calendar;
  }
  std::vector<HolidayRule> rules;
  for (const Json& row : reader.list(node, "holidays"))
    rules.push_back(read_holiday(reader, row));
  expand(calendar, rules);
  return calendar;
}

void read_zones(Reader& reader, const Json& node, Calendars& into) {
  reader.only(node, zones_keys);
  const Json& summer = node["summer_time"];
  reader.only(summer, summer_keys);
  into.summer_from = read_rule(reader, summer["from"]);
  into.summer_until = read_rule(reader, summer["until"]);
  into.summer_hour_utc = std::chrono::hours{number(reader, summer, "hour_utc", 0)};
  into.summer_ahead = std::chrono::hours{number(reader, summer, "ahead", 0)};
  for (const Json& row : reader.list(node, "zones")) {
    reader.only(row, zone_keys);
    into.zones.push_back({reader.text(row, "zone"), reader.text(row, "state"),
                          std::chrono::hours{number(reader, row, "hours", 0)},
                          reader.truth(row, "summer_time") == Truth::yes});
  }
}

}  // namespace

Calendars load_calendars(std::span<const SourceFile> files, Diagnostics& problems) {
  Calendars calendars;
  for (const SourceFile& file : files) {
    Reader reader(file.path, problems);
    if (file.path.starts_with("calendars/"))
      calendars.calendars.push_back(read_calendar(reader, file.tree));
    if (file.path == "time_zones.yaml") read_zones(reader, file.tree, calendars);
  }
  std::ranges::sort(calendars.calendars, {}, &Calendar::id);
  return calendars;
}

}  // namespace lockstep::regulations
