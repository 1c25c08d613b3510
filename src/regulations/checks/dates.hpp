// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "regulations/checks/checks.hpp"

namespace lockstep::regulations {

/// A month, perhaps with its day, as a document writes it.
struct WrittenDate {
  int year = 0;
  int month = 0;  ///< 1 to 12
  int day = 0;    ///< 1 to 31, or 0

  bool operator==(const WrittenDate&) const = default;
};

/// The first date in a folded text: 2032-12, 2032-12-31, 12/2032, 31.12.2032, December 2032,
/// 31 December 2032, December 31, 2032, with the months of the languages. Of two numbers the first
/// is the day, as in the Union, unless only the second can be one. Years are 2000 to 2199.
std::optional<WrittenDate> first_date(std::string_view folded, std::span<const Language> languages);

/// "2032-12" or "2032-12-31"
std::string to_text(const WrittenDate& date);

/// The last day on which the date still lies: of a month its last.
std::optional<Day> last_day(const WrittenDate& date);

}  // namespace lockstep::regulations
