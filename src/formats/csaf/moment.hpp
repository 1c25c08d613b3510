// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace lockstep::formats::csaf {

/// A time of RFC 3339 with all of its fraction, so that revisions of one second have an order.
struct Moment {
  Instant second;             ///< in UTC; of a leap second the second before it
  bool is_leap = false;       ///< ":60"
  std::string_view fraction;  ///< digits without trailing zeros; a view into the text

  auto operator<=>(const Moment&) const = default;
};

/// Reads a time of RFC 3339, section 5.6, and nothing else: "2026-09-11T10:00:00.5+02:00". The
/// text must outlive the result.
std::optional<Moment> parse_moment(std::string_view text);

}  // namespace lockstep::formats::csaf
