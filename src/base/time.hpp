// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep {

/// A day of the proleptic Gregorian calendar, without a time zone.
using Day = std::chrono::sys_days;

/// An instant in UTC, to the second.
using Instant = std::chrono::sys_seconds;

/// Reads "2026-09-11" and nothing else; nothing for days that do not exist.
std::optional<Day> parse_day(std::string_view text);

/// Reads RFC 3339 such as "2026-09-11T10:00:00Z" or "...+02:00" (fractions are cut off); a plain
/// day is its first second in UTC.
std::optional<Instant> parse_instant(std::string_view text);

/// "2026-09-11"
std::string to_text(Day day);

/// "2026-09-11T10:00:00Z"
std::string to_text(Instant instant);

}  // namespace lockstep
