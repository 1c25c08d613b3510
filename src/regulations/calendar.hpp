// SPDX-License-Identifier: Apache-2.0
// Public holidays and time zones of the Member States and of the EU institutions, as
// data/calendars/ and data/time_zones.yaml say them.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/time.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// One day of every year.
struct YearRule {
  enum class Kind { fixed, western_easter, orthodox_easter, weekday };
  Kind kind = Kind::fixed;
  std::chrono::month_day on{};     ///< the day, or the first on which the weekday may fall
  std::chrono::weekday weekday{};  ///< for Kind::weekday
  int days = 0;                    ///< from Easter Sunday
};

struct HolidayRule {
  std::string name;
  YearRule rule;
  int from = 0;                   ///< the first year, 0 for ever
  int until = 9999;               ///< the last year
  std::map<unsigned, int> moved;  ///< from weekday (Sunday is 0) to days by which it moves
  bool in_lieu = false;           ///< on a weekend, the next working day is free as well
};

/// The working days of one State. Answers only for the years that its data covers.
struct Calendar {
  std::string id;  ///< "DE", "EL", "EU"
  std::string name;
  std::string source;
  std::string note;  ///< what is not included
  int first_year = 0;
  int last_year = 0;
  std::map<Day, std::string> holidays;

  bool covers(Day day) const;
  bool is_working_day(Day day) const;
  /// "Saturday", "Christmas Day", or "" for a working day.
  std::string why_not_working(Day day) const;
};

struct TimeZone {
  std::string name;
  std::string state;
  std::chrono::hours standard{0};
  bool has_summer_time = false;
};

struct Calendars {
  std::vector<Calendar> calendars;  ///< by id
  std::vector<TimeZone> zones;      ///< in the order of the file
  YearRule summer_from;
  YearRule summer_until;
  std::chrono::hours summer_hour_utc{0};
  std::chrono::hours summer_ahead{0};

  const Calendar* find(std::string_view state) const;
  /// The zone of that name, or the first of the State.
  const TimeZone* zone(std::string_view name) const;
  const TimeZone* zone_of(std::string_view state) const;

  std::chrono::hours offset(const TimeZone& zone, Instant at) const;
  Day local_day(const TimeZone& zone, Instant at) const;
  /// The first instant at which the clocks of the zone show this time of the day or a later one; of
  /// two such instants the earlier.
  Instant instant_of(const TimeZone& zone, Day day, std::chrono::seconds time) const;
};

/// Easter Sunday. Source: the computus of Meeus, Astronomical Algorithms (1991), chapter 8.
Day western_easter(std::chrono::year year);
/// Easter Sunday of the Orthodox churches, in the Gregorian calendar, for 1900 to 2099.
Day orthodox_easter(std::chrono::year year);
Day day_in(const YearRule& rule, std::chrono::year year);

/// Reads calendars/*.yaml and time_zones.yaml; other files are passed over.
/// Codes: regulation.* of data/errors/regulation.yaml.
Calendars load_calendars(std::span<const SourceFile> files, Diagnostics& problems);

}  // namespace lockstep::regulations
