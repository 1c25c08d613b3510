// SPDX-License-Identifier: Apache-2.0
// Periods of Regulation 1182/71. Every deadline has two ends: the strict one, which is elapsed
// time, and the outer one, which that regulation allows at the latest.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "regulations/calendar.hpp"

namespace lockstep::regulations {

/// Whole hours, days, weeks, months or years; never a mixture.
/// GAP(eu-1971-1182/art_3/par_2): periods of months and days; no act here has one.
struct Period {
  enum class Unit { hours, days, weeks, months, years };
  Unit unit = Unit::hours;
  int count = 0;

  bool operator==(const Period&) const = default;
};

/// Reads ISO 8601 with one unit: "PT24H", "P14D", "P2W", "P1M", "P1Y"; at most 9999 of it.
std::optional<Period> parse_period(std::string_view text);
std::string to_text(const Period& period);  ///< "24 hours", "1 month"

/// What happens when the last day is no working day.
enum class AtWeekend {
  as_1182_71,  ///< hours stay; longer periods end with the next working day
  noon,        ///< at noon of the next working day, for hours too
  stays,       ///< the period ends where it ends
};

/// How many working days a period of some length has at least.
struct WorkingDaysLeast {
  int days = 0;     ///< the period is that long or longer
  int working = 0;  ///< so many working days are in it
};

/// Where a period ends, and by which steps.
struct PeriodEnd {
  std::optional<Instant> at;         ///< nothing when it could not be computed
  std::string not_checked;           ///< the reason for that
  std::vector<std::string> because;  ///< "day 14 is Fri 25 Dec 2026", "..., Christmas Day"
};

/// Elapsed time: hours, days and weeks as so many hours; months and years to the same time of the
/// same date by the zone's clocks, or of the last day of the month.
Instant strict_end(const Period& period, Instant from, const Calendars& all, const TimeZone& zone);

/// The latest end under Regulation 1182/71 by the State's calendar and the zone's clocks.
PeriodEnd outer_end(const Period& period,
                    Instant from,
                    const Calendars& all,
                    const TimeZone& zone,
                    const Calendar& calendar,
                    AtWeekend at_weekend,
                    const WorkingDaysLeast& least);

/// For periods of hours: the end if the least number of working days counted for hours as well.
/// Nothing at `at`, without a reason, when the period is shorter or has them already.
PeriodEnd contested_end(const Period& period,
                        Instant from,
                        const Calendars& all,
                        const TimeZone& zone,
                        const Calendar& calendar,
                        const WorkingDaysLeast& least);

/// "Fri 25 Dec 2026"
std::string day_words(Day day);

}  // namespace lockstep::regulations
