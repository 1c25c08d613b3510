// SPDX-License-Identifier: Apache-2.0
// Periods and calendars against tables of others and against slow, obvious versions.
#include "regulations/period.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>
#include <set>
#include <sstream>

#include "regulations/clock_data.hpp"

namespace lockstep::regulations {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

const Calendars& calendars() {
  return test::clock_data().calendars;
}

const WorkingDaysLeast& least() {
  return test::clock_data().rules.working_days;
}

std::vector<std::string> lines_of(const std::string& name) {
  std::istringstream text(
      lockstep::test::read_file(lockstep::test::source_path("tests/data/calendars/" + name)));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    if (!line.starts_with('#') && !line.empty()) lines.push_back(line);
  return lines;
}

TEST(TimeZones, ChangeWhenTheZoneDatabaseSays) {
  std::map<std::string, std::vector<std::pair<Instant, int>>> table;
  for (const std::string& line : lines_of("zones.txt")) {
    std::istringstream row(line);
    std::string name;
    std::string at;
    int offset = 0;
    row >> name >> at >> offset;
    table[name].emplace_back(*parse_instant(at), offset);
  }
  std::set<std::string> seen;
  for (const TimeZone& zone : calendars().zones) {
    seen.insert(zone.name);
    const auto& changes = table.at(zone.name);
    std::size_t next = 0;
    int now = 0;
    for (Instant at = *parse_instant("2024-01-01T00:00:00Z");
         at < *parse_instant("2035-01-01T00:00:00Z"); at += hours{1}) {
      if (next < changes.size() && changes[next].first == at) now = changes[next++].second;
      ASSERT_EQ(calendars().offset(zone, at).count(), now)
          << zone.name << " " << lockstep::to_text(at);
    }
    EXPECT_EQ(next, changes.size());
  }
  EXPECT_EQ(seen.size(), table.size());
}

TEST(Calendars, CoverEveryMemberStateAndTheInstitutions) {
  EXPECT_EQ(calendars().calendars.size(), 28U);
  for (const Calendar& calendar : calendars().calendars) {
    EXPECT_EQ(calendar.first_year, 2025) << calendar.id;
    EXPECT_EQ(calendar.last_year, 2030) << calendar.id;
    EXPECT_NE(calendars().zone_of(calendar.id), nullptr) << calendar.id;
  }
}

/// Weekdays that are holidays here and not in the table, and the other way round, against the list
/// of differences that are upheld with a reason. Only years that the table has are compared.
void expect_differences(const std::string& table, const std::string& upheld_list, int last_year) {
  std::set<std::string> theirs;
  std::set<std::string> states;
  for (const std::string& line : lines_of(table)) {
    theirs.insert(line);
    states.insert(line.substr(0, 2));
  }
  std::set<std::string> differences;
  for (const Calendar& calendar : calendars().calendars) {
    if (!states.contains(calendar.id)) continue;
    for (const auto& [day, name] : calendar.holidays) {
      const std::string line = calendar.id + " " + lockstep::to_text(day);
      const unsigned on = std::chrono::weekday{day}.c_encoding();
      if (on == 0 || on == 6 || std::stoi(line.substr(3, 4)) > last_year) continue;
      if (theirs.erase(line) == 0) differences.insert("ours " + line);
    }
  }
  for (const std::string& line : theirs)
    differences.insert("theirs " + line);
  std::set<std::string> upheld;
  for (const std::string& line : lines_of(upheld_list))
    upheld.insert(line.substr(0, line.find(':')));
  for (const std::string& line : differences)
    EXPECT_TRUE(upheld.contains(line)) << "\"" << line << "\" is not upheld";
  for (const std::string& line : upheld)
    EXPECT_TRUE(differences.contains(line)) << line << " is no difference any more";
}

TEST(Calendars, AgreeWithAnotherPackageButForWhatIsUpheld) {
  expect_differences("holidays.txt", "upheld.txt", 2030);
}

TEST(Calendars, AgreeWithTheOfficialJournalButForWhatIsUpheld) {
  expect_differences("official_journal.txt", "upheld_journal.txt", 2026);
}

TEST(Periods, AreReadAndWritten) {
  EXPECT_EQ(parse_period("PT24H"), (Period{Period::Unit::hours, 24}));
  EXPECT_EQ(parse_period("P14D"), (Period{Period::Unit::days, 14}));
  EXPECT_EQ(parse_period("P2W"), (Period{Period::Unit::weeks, 2}));
  EXPECT_EQ(parse_period("P1M"), (Period{Period::Unit::months, 1}));
  for (const char* wrong :
       {"", "P", "PT", "24H", "P24H", "PT1D", "P1M2D", "P0D", "P-1D", "PT24", "P99999D", "P1DT2H"})
    EXPECT_EQ(parse_period(wrong), std::nullopt) << wrong;
  EXPECT_EQ(to_text(Period{Period::Unit::months, 1}), "1 month");
}

/// The clock of the zone, read off one instant at a time.
struct Wall {
  Day day;
  seconds time;
};

Wall wall(const TimeZone& zone, Instant at) {
  const Instant local = at + calendars().offset(zone, at);
  const Day day = std::chrono::floor<days>(local);
  return {day, local - Instant{day}};
}

/// Walks hour by hour: hours that begin after the event's own hour are counted.
Instant slow_hours(Instant from, int count) {
  Instant hour = from;
  while (hour.time_since_epoch() % hours{1} != seconds{0})
    hour -= seconds{1};
  for (int i = 0; i <= count; ++i)
    hour += hours{1};
  return hour;
}

/// Walks hour by hour to the end of the last day, and day by day over what is no working day.
Instant slow_days(Instant from, int count, const TimeZone& zone, const Calendar& calendar) {
  Instant at = std::chrono::floor<hours>(from);
  int passed = 0;
  int working = 0;
  Day day = wall(zone, from).day;
  const auto is_free = [&](Day one) {
    const unsigned on = std::chrono::weekday{one}.c_encoding();
    return on == 0 || on == 6 || calendar.holidays.contains(one);
  };
  while (true) {
    at += hours{1};
    const Day now = wall(zone, at).day;
    if (now == day) continue;
    // A day has just ended; is it the last one?
    if (passed >= count && !is_free(day) && (count < 2 || working >= 2)) return at;
    day = now;
    ++passed;
    if (!is_free(day)) ++working;
  }
}

struct Draw {
  const TimeZone& zone;
  const Calendar& calendar;
  Instant from;
};

Draw draw() {
  const auto& zones = calendars().zones;
  const TimeZone& zone = zones[*rc::gen::inRange<std::size_t>(0, zones.size())];
  const auto second = *rc::gen::inRange<std::int64_t>(0, std::int64_t{86400} * 365 * 5);
  return {zone, *calendars().find(zone.state),
          *parse_instant("2025-01-02T00:00:00Z") + seconds{second}};
}

RC_GTEST_PROP(Periods, OfHoursEndWhereTheSlowWalkEnds, ()) {
  const Draw d = draw();
  const int count = *rc::gen::element(1, 4, 24, 48, 72);
  const auto end = outer_end({Period::Unit::hours, count}, d.from, calendars(), d.zone, d.calendar,
                             AtWeekend::as_1182_71, least());
  RC_ASSERT(end.at.has_value());
  RC_ASSERT((*end.at == slow_hours(d.from, count)));
}

RC_GTEST_PROP(Periods, OfDaysEndWhereTheSlowWalkEnds, ()) {
  const Draw d = draw();
  const int count = *rc::gen::element(1, 2, 3, 10, 14, 15);
  const auto end = outer_end({Period::Unit::days, count}, d.from, calendars(), d.zone, d.calendar,
                             AtWeekend::as_1182_71, least());
  RC_ASSERT(end.at.has_value());
  RC_ASSERT((*end.at == slow_days(d.from, count, d.zone, d.calendar)));
}

/// Ten years, every zone, every third hour: the last second of the period is on its last day, and
/// one second later the clocks show the next day.
TEST(Periods, OfOneMonthEndWithTheSameDateInEveryZone) {
  Calendar no_holidays;
  no_holidays.first_year = 2024;
  no_holidays.last_year = 2036;
  for (const TimeZone& zone : calendars().zones) {
    for (Instant at = *parse_instant("2024-01-01T00:30:00Z");
         at < *parse_instant("2034-01-01T00:00:00Z"); at += hours{31}) {
      const auto end = outer_end({Period::Unit::months, 1}, at, calendars(), zone, no_holidays,
                                 AtWeekend::stays, least());
      const std::chrono::year_month_day start{wall(zone, at).day};
      const std::chrono::year_month_day last{wall(zone, *end.at - seconds{1}).day};
      const auto wanted = start + std::chrono::months{1};
      const auto same =
          wanted.ok()
              ? wanted
              : std::chrono::year_month_day{wanted.year() / wanted.month() / std::chrono::last};
      ASSERT_EQ(last, same) << zone.name << " " << lockstep::to_text(at);
      ASSERT_NE(wall(zone, *end.at).day, wall(zone, *end.at - seconds{1}).day);
    }
  }
}

TEST(Periods, AreNotCheckedBeyondTheYearsOfTheCalendar) {
  const auto end = outer_end({Period::Unit::days, 14}, *parse_instant("2030-12-24T09:00:00Z"),
                             calendars(), *calendars().zone_of("DE"), *calendars().find("DE"),
                             AtWeekend::as_1182_71, least());
  EXPECT_FALSE(end.at.has_value());
  EXPECT_EQ(end.not_checked, "the holidays of Germany are known for 2025 to 2030 only");
}

}  // namespace
}  // namespace lockstep::regulations
