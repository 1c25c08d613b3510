// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace lockstep {
namespace {

std::string instant(std::string_view text) {
  const auto parsed = parse_instant(text);
  return parsed ? to_text(*parsed) : "nothing";
}

bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

TEST(Day, FourHundredYearsInARow) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const Day first = *parse_day("1900-01-01");
  int count = 0;
  for (int year = 1900; year < 2300; ++year)
    for (int month = 1; month <= 12; ++month) {
      const int length = lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
      for (int day = 1; day <= 32; ++day) {
        char text[40];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        const auto parsed = parse_day(text);
        ASSERT_EQ(parsed.has_value(), day <= length) << text;
        if (!parsed) continue;
        ASSERT_EQ((*parsed - first).count(), count++) << text;
        ASSERT_EQ(to_text(*parsed), text);
      }
    }
}

TEST(Day, NothingElseIsADay) {
  for (const char* text :
       {"", "2026", "2026-9-11", "2026-09-1", "2026/09/11", "26-09-11", "2026-09-11 ",
        " 2026-09-11", "2026-13-01", "2026-00-10", "2026-01-00", "2026-02-29", "2026-09-1x",
        "+026-09-11", "-026-09-11", "next autumn", "2026-09-11T10:00:00Z"})
    EXPECT_FALSE(parse_day(text).has_value()) << text;
}

// The first five are those of RFC 3339, section 5.8.
TEST(Instant, ReadsRfc3339) {
  EXPECT_EQ(instant("1985-04-12T23:20:50.52Z"), "1985-04-12T23:20:50Z");
  EXPECT_EQ(instant("1996-12-19T16:39:57-08:00"), "1996-12-20T00:39:57Z");
  EXPECT_EQ(instant("1990-12-31T23:59:60Z"), "1991-01-01T00:00:00Z");
  EXPECT_EQ(instant("1990-12-31T15:59:60-08:00"), "1991-01-01T00:00:00Z");
  EXPECT_EQ(instant("1937-01-01T12:00:27.87+00:20"), "1937-01-01T11:40:27Z");
  EXPECT_EQ(instant("2026-09-11"), "2026-09-11T00:00:00Z");
  EXPECT_EQ(instant("2024-02-29t00:00:00z"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(instant("2026-03-01T00:00:00+14:00"), "2026-02-28T10:00:00Z");
}

TEST(Instant, RefusesWhatIsNoInstant) {
  for (const char* text :
       {"", "2026-09-11T", "2026-09-11T10:00", "2026-09-11T10:00:00", "2026-09-11T24:00:00Z",
        "2026-09-11T10:60:00Z", "2026-09-11T10:00:61Z", "2026-09-11T10:00:00+24:00",
        "2026-09-11T10:00:00+02", "2026-09-11T10:00:00ZZ", "2026-09-11X10:00:00Z",
        "2026-02-30T10:00:00Z", "2026-09-11T1:00:00Z", "2026-09-11T10-00-00Z"})
    EXPECT_EQ(instant(text), "nothing") << text;
}

RC_GTEST_PROP(InstantProperties, WhatIsPrintedIsReadAgain, ()) {
  const auto seconds = *rc::gen::inRange<std::int64_t>(-2'000'000'000, 250'000'000'000);
  const Instant at{std::chrono::seconds(seconds)};
  RC_ASSERT(parse_instant(to_text(at)) == at);
}

RC_GTEST_PROP(InstantProperties, AnyBytesAreReadWithoutHarm, (const std::string& text)) {
  const auto parsed = parse_instant(text);
  if (parsed) RC_ASSERT(parse_instant(to_text(*parsed)) == parsed);
}

}  // namespace
}  // namespace lockstep
