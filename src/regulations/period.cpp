// SPDX-License-Identifier: Apache-2.0
// The arithmetic of Regulation 1182/71, Article 3.
//
// Hours: the hour of the event is not counted, so that 16:20 plus 24 hours ends at 17:00 of the
// next day; hours are elapsed ones, whatever the clocks do. Days and longer: the day of the event
// is not counted, and the last day ends at its midnight. A last day on a holiday, Saturday or
// Sunday gives way to the next working day, but not for hours. A period of two days or more has at
// least two working days in it: aware on a Friday, two days end on Tuesday.
//
// Source: Regulation (EEC, Euratom) No 1182/71, Article 3(1) to (5); CJEU C-171/03 for months.
#include "regulations/period.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace lockstep::regulations {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::months;
using std::chrono::year_month_day;

constexpr int count_max = 9999;
constexpr int days_of_week = 7;
constexpr int months_of_year = 12;
constexpr hours hours_of_day{24};

/// The same date so many months later, or the last day of that month.
Day months_later(Day day, int count) {
  const year_month_day start{day};
  const year_month_day end = start + months{count};
  return end.ok() ? Day{end} : Day{end.year() / end.month() / std::chrono::last};
}

Day last_day(const Period& period, Day event) {
  switch (period.unit) {
    case Period::Unit::weeks:
      return event + days{period.count * days_of_week};
    case Period::Unit::months:
      return months_later(event, period.count);
    case Period::Unit::years:
      return months_later(event, period.count * months_of_year);
    case Period::Unit::hours:
    case Period::Unit::days:
      break;
  }
  return event + days{period.count};
}

/// Days one after another, as long as the calendar covers them.
class Walker {
 public:
  Walker(const Calendar& calendar, PeriodEnd& end) : calendar_(calendar), end_(end) {}

  /// The day itself or the first working day after it.
  Day working_day_from(Day day) {
    while (check(day) && !calendar_.is_working_day(day)) {
      end_.because.push_back(fmt::format("{} is no working day in {}: {}", day_words(day),
                                         calendar_.name, calendar_.why_not_working(day)));
      day += days{1};
    }
    return day;
  }

  int working_days(Day first, Day last) {
    int count = 0;
    for (Day day = first; day <= last && check(day); day += days{1})
      if (calendar_.is_working_day(day)) ++count;
    return count;
  }

  /// Prolongs until so many working days lie between `first` and the result.
  Day with_working_days(Day first, Day last, int working) {
    int count = working_days(first, last);
    while (count < working && end_.not_checked.empty()) {
      last = working_day_from(last + days{1});
      ++count;
      end_.because.push_back(
          fmt::format("at least {} working days: {} counts", working, day_words(last)));
    }
    return last;
  }

 private:
  bool check(Day day) {
    if (calendar_.covers(day)) return true;
    end_.not_checked = fmt::format("the holidays of {} are known for {} to {} only", calendar_.name,
                                   calendar_.first_year, calendar_.last_year);
    return false;
  }

  const Calendar& calendar_;
  PeriodEnd& end_;
};

Instant first_counted_hour(Instant from) {
  return std::chrono::floor<hours>(from) + hours{1};
}

Instant midnight_after(const Calendars& all, const TimeZone& zone, Day day) {
  return all.instant_of(zone, day + days{1}, hours{0});
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  if (!text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  const bool is_time = text.starts_with('T');
  if (is_time) text.remove_prefix(1);
  Period period;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), period.count);
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc{} || unit.size() != 1 || period.count < 1 || period.count > count_max)
    return std::nullopt;
  constexpr std::array<std::pair<char, Period::Unit>, 5> units = {{{'H', Period::Unit::hours},
                                                                   {'D', Period::Unit::days},
                                                                   {'W', Period::Unit::weeks},
                                                                   {'M', Period::Unit::months},
                                                                   {'Y', Period::Unit::years}}};
  for (const auto& [letter, meaning] : units) {
    if (unit[0] != letter || is_time != (meaning == Period::Unit::hours)) continue;
    period.unit = meaning;
    return period;
  }
  return std::nullopt;
}

std::string to_text(const Period& period) {
  constexpr std::array<std::string_view, 5> names = {"hour", "day", "week", "month", "year"};
  return fmt::format("{} {}{}", period.count, names[static_cast<std::size_t>(period.unit)],
                     period.count == 1 ? "" : "s");
}

std::string day_words(Day day) {
  constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                        "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const year_month_day date{day};
  return fmt::format("{} {} {} {}", weekdays[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     names[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()));
}

Instant strict_end(const Period& period, Instant from, const Calendars& all, const TimeZone& zone) {
  switch (period.unit) {
    case Period::Unit::hours:
      return from + hours{period.count};
    case Period::Unit::days:
      return from + period.count * hours_of_day;
    case Period::Unit::weeks:
      return from + period.count * days_of_week * hours_of_day;
    case Period::Unit::months:
    case Period::Unit::years:
      break;
  }
  const Day event = all.local_day(zone, from);
  const auto time = from + all.offset(zone, from) - Instant{event};
  return all.instant_of(zone, last_day(period, event), time);
}

PeriodEnd outer_end(const Period& period,
                    Instant from,
                    const Calendars& all,
                    const TimeZone& zone,
                    const Calendar& calendar,
                    AtWeekend at_weekend,
                    const WorkingDaysLeast& least) {
  PeriodEnd end;
  Walker walker(calendar, end);
  const Day event = all.local_day(zone, from);
  Instant at = first_counted_hour(from) + hours{period.count};
  Day last = all.local_day(zone, at);
  if (period.unit == Period::Unit::hours) {
    end.because.emplace_back("the hour of the event is not counted");
  } else {
    last = last_day(period, event);
    end.because.push_back("the last day is " + day_words(last));
    at = midnight_after(all, zone, last);
  }
  if (at_weekend == AtWeekend::noon) {
    const Day next = walker.working_day_from(last);
    if (next != last) at = all.instant_of(zone, next, hours{12});
  } else if (at_weekend == AtWeekend::as_1182_71 && period.unit != Period::Unit::hours) {
    const bool is_long = last - event >= days{least.days};
    last = walker.working_day_from(last);
    if (is_long) last = walker.with_working_days(event + days{1}, last, least.working);
    at = midnight_after(all, zone, last);
  }
  if (end.not_checked.empty()) end.at = at;
  return end;
}

PeriodEnd contested_end(const Period& period,
                        Instant from,
                        const Calendars& all,
                        const TimeZone& zone,
                        const Calendar& calendar,
                        const WorkingDaysLeast& least) {
  PeriodEnd end;
  if (period.unit != Period::Unit::hours || hours{period.count} < least.days * hours_of_day)
    return end;
  const Instant begin = first_counted_hour(from);
  const Instant over = begin + hours{period.count};
  // Only whole days inside the period can be working days of it.
  Day first = all.local_day(zone, begin);
  if (all.instant_of(zone, first, hours{0}) < begin) first += days{1};
  const Day last = all.local_day(zone, over) - days{1};
  Walker walker(calendar, end);
  const Day prolonged = walker.with_working_days(first, last, least.working);
  if (end.not_checked.empty() && prolonged != last) end.at = midnight_after(all, zone, prolonged);
  return end;
}

}  // namespace lockstep::regulations
