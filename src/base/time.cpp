// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <charconv>
#include <fmt/format.h>

namespace lockstep {
namespace {

using std::chrono::day;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::seconds;
using std::chrono::year;
using std::chrono::year_month_day;

/// Exactly the digits text[at, at + count) as a number, or nothing.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t at, char c) {
  return at < text.size() && text[at] == c;
}

/// The offset from UTC written at the end of an RFC 3339 text: "Z", "+02:00", "+0200".
std::optional<minutes> zone(std::string_view text) {
  if (text == "Z" || text == "z") return minutes{0};
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::size_t colon = has(text, 3, ':') ? 1 : 0;
  const auto hour = digits(text, 1, 2);
  const auto minute = digits(text, 3 + colon, 2);
  if (!hour || !minute || text.size() != 5 + colon || *hour > 23 || *minute > 59)
    return std::nullopt;
  const minutes offset = hours{*hour} + minutes{*minute};
  return text[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || !has(text, 4, '-') || !has(text, 7, '-')) return std::nullopt;
  const auto y = digits(text, 0, 4);
  const auto m = digits(text, 5, 2);
  const auto d = digits(text, 8, 2);
  if (!y || !m || !d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return Day{date};
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto date = parse_day(text.substr(0, 10));
  if (!date) return std::nullopt;
  if (text.size() == 10) return Instant{*date};
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  const auto h = digits(text, 11, 2);
  const auto m = digits(text, 14, 2);
  const auto s = digits(text, 17, 2);
  if (!h || !m || !s || !has(text, 13, ':') || !has(text, 16, ':')) return std::nullopt;
  if (*h > 23 || *m > 59 || *s > 60) return std::nullopt;
  std::size_t at = 19;
  if (has(text, at, '.')) {
    ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
      ++at;
  }
  const auto offset = zone(text.substr(at));
  if (!offset) return std::nullopt;
  return Instant{*date} + hours{*h} + minutes{*m} + seconds{*s} - *offset;
}

std::string to_text(Day day) {
  const year_month_day date{day};
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999)
    return fmt::format("{:04}-{:02}-{:02}", year, static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
  // SPEED: a large scan writes tens of thousands of days.
  std::string text = "0000-00-00";
  const auto put = [&text](std::size_t last, unsigned number) {
    for (; number > 0; number /= 10)
      text[last--] = static_cast<char>('0' + number % 10);
  };
  put(3, static_cast<unsigned>(year));
  put(6, static_cast<unsigned>(date.month()));
  put(9, static_cast<unsigned>(date.day()));
  return text;
}

std::string to_text(Instant instant) {
  const Day date = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss clock{instant - Instant{date}};
  return fmt::format("{}T{:02}:{:02}:{:02}Z", to_text(date), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace lockstep
