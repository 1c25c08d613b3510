// SPDX-License-Identifier: Apache-2.0
#include "regulations/calendar.hpp"

#include <algorithm>

namespace lockstep::regulations {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::weekday;
using std::chrono::year;

bool is_weekend(Day day) {
  const weekday on{day};
  return on == std::chrono::Saturday || on == std::chrono::Sunday;
}

year year_of(Day day) {
  return std::chrono::year_month_day{day}.year();
}

}  // namespace

Day western_easter(year year) {
  const int y = static_cast<int>(year);
  const int a = y % 19;
  const int b = y / 100;
  const int c = y % 100;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - b / 4 - g + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return Day{year / std::chrono::month(static_cast<unsigned>(sum / 31)) /
             std::chrono::day(static_cast<unsigned>(sum % 31 + 1))};
}

Day orthodox_easter(year year) {
  const int y = static_cast<int>(year);
  const int d = (19 * (y % 19) + 15) % 30;
  const int e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
  const int sum = d + e + 114;
  const Day julian{year / std::chrono::month(static_cast<unsigned>(sum / 31)) /
                   std::chrono::day(static_cast<unsigned>(sum % 31 + 1))};
  return julian + days{13};  // between the calendars from 1900 to 2099
}

Day day_in(const YearRule& rule, year year) {
  switch (rule.kind) {
    case YearRule::Kind::western_easter:
      return western_easter(year) + days{rule.days};
    case YearRule::Kind::orthodox_easter:
      return orthodox_easter(year) + days{rule.days};
    case YearRule::Kind::fixed:
    case YearRule::Kind::weekday:
      break;
  }
  const Day first{year / rule.on.month() / rule.on.day()};
  if (rule.kind == YearRule::Kind::fixed) return first;
  return first + (rule.weekday - weekday{first});
}

bool Calendar::covers(Day day) const {
  const int y = static_cast<int>(year_of(day));
  return first_year <= y && y <= last_year;
}

std::string Calendar::why_not_working(Day day) const {
  if (weekday{day} == std::chrono::Saturday) return "Saturday";
  if (weekday{day} == std::chrono::Sunday) return "Sunday";
  const auto found = holidays.find(day);
  return found == holidays.end() ? std::string() : found->second;
}

bool Calendar::is_working_day(Day day) const {
  return !is_weekend(day) && !holidays.contains(day);
}

const Calendar* Calendars::find(std::string_view state) const {
  const auto found = std::ranges::find(calendars, state, &Calendar::id);
  return found == calendars.end() ? nullptr : &*found;
}

const TimeZone* Calendars::zone(std::string_view name) const {
  const auto found = std::ranges::find(zones, name, &TimeZone::name);
  return found == zones.end() ? nullptr : &*found;
}

const TimeZone* Calendars::zone_of(std::string_view state) const {
  const auto found = std::ranges::find(zones, state, &TimeZone::state);
  return found == zones.end() ? nullptr : &*found;
}

hours Calendars::offset(const TimeZone& zone, Instant at) const {
  if (!zone.has_summer_time) return zone.standard;
  const year y = year_of(std::chrono::floor<days>(at));
  const Instant from = Instant{day_in(summer_from, y)} + summer_hour_utc;
  const Instant until = Instant{day_in(summer_until, y)} + summer_hour_utc;
  return zone.standard + (from <= at && at < until ? summer_ahead : hours{0});
}

Day Calendars::local_day(const TimeZone& zone, Instant at) const {
  return std::chrono::floor<days>(at + offset(zone, at));
}

Instant Calendars::instant_of(const TimeZone& zone, Day day, std::chrono::seconds time) const {
  const Instant in_summer = Instant{day} + time - zone.standard - summer_ahead;
  if (in_summer + offset(zone, in_summer) == Instant{day} + time) return in_summer;
  return Instant{day} + time - zone.standard;
}

}  // namespace lockstep::regulations
