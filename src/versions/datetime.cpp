// SPDX-License-Identifier: Apache-2.0
// Timestamps: the type "datetime" of VERS, such as 2024-01-01T00:00:00.5+02:00.
//
// They are ordered by the instant they name, fractions of a second of any length included. A leap
// second is the second before midnight; a text that is no timestamp comes before all of them, by
// its bytes.
//
// Source: VERS types, "datetime"; RFC 3339, 5.6.
#include <charconv>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

struct Instant {
  std::int64_t seconds = 0;   ///< since 1970
  std::string_view fraction;  ///< digits after the dot, without zeros at the end

  auto operator<=>(const Instant&) const = default;
};

/// Reads a timestamp from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_digits() {
    const std::string_view digits = rest_.substr(0, end_of_digits(rest_, 0));
    rest_.remove_prefix(digits.size());
    return digits;
  }

  /// Exactly `width` digits, as a number between the bounds.
  std::optional<int> take_number(std::size_t width, int least, int most) {
    const std::string_view digits = rest_.substr(0, width);
    if (digits.size() < width || !is_number(digits)) return std::nullopt;
    rest_.remove_prefix(width);
    int number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number < least || number > most) return std::nullopt;
    return number;
  }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> take_day(Reader& reader) {
  const auto year = reader.take_number(4, 0, 9999);
  if (!year || !reader.take('-')) return std::nullopt;
  const auto month = reader.take_number(2, 1, 12);
  if (!month || !reader.take('-')) return std::nullopt;
  const auto day = reader.take_number(2, 1, 31);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

/// Minutes east of UTC.
std::optional<int> take_offset(Reader& reader) {
  if (reader.take('Z') || reader.take('z')) return 0;
  const bool east = reader.take('+');
  if (!east && !reader.take('-')) return std::nullopt;
  const auto hours = reader.take_number(2, 0, 23);
  if (!hours || !reader.take(':')) return std::nullopt;
  const auto minutes = reader.take_number(2, 0, 59);
  if (!minutes) return std::nullopt;
  const int offset = *hours * 60 + *minutes;
  return east ? offset : -offset;
}

std::optional<Instant> parse(std::string_view text) {
  Reader reader(text);
  const auto day = take_day(reader);
  if (!day || (!reader.take('T') && !reader.take('t'))) return std::nullopt;
  const auto hour = reader.take_number(2, 0, 23);
  if (!hour || !reader.take(':')) return std::nullopt;
  const auto minute = reader.take_number(2, 0, 59);
  if (!minute || !reader.take(':')) return std::nullopt;
  const auto second = reader.take_number(2, 0, 60);
  if (!second) return std::nullopt;
  Instant instant;
  if (reader.take('.')) {
    instant.fraction = reader.take_digits();
    if (instant.fraction.empty()) return std::nullopt;
    while (instant.fraction.ends_with('0'))
      instant.fraction.remove_suffix(1);
  }
  const auto offset = take_offset(reader);
  if (!offset || !reader.at_end()) return std::nullopt;
  const int in_day = (*hour * 60 + *minute - *offset) * 60 + std::min(*second, 59);
  instant.seconds = *day * 86400 + in_day;
  return instant;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  const auto left = parse(a);
  const auto right = parse(b);
  if (left && right) return *left <=> *right;
  if (left.has_value() != right.has_value()) return left.has_value() <=> right.has_value();
  return a <=> b;
}

bool is_valid(std::string_view version) {
  return version.size() <= max_version_bytes && parse(version).has_value();
}

}  // namespace

constinit const Scheme datetime = {"datetime", "RFC 3339, 5.6", compare, is_valid};

}  // namespace lockstep::versions
