// SPDX-License-Identifier: Apache-2.0
#include "base/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>

namespace lockstep {

std::optional<Instant> http_date(std::string_view text) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const std::size_t month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  return parse_instant(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1,
                                   text.substr(5, 2), text.substr(17, 8)));
}

std::optional<std::chrono::seconds> retry_after(std::string_view text, Instant now) {
  constexpr std::uint64_t a_year = 366ULL * 24 * 3600;
  std::uint64_t seconds = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (trouble == std::errc() && end == text.data() + text.size())
    return std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, a_year)));
  const auto at = http_date(text);
  if (!at) return std::nullopt;
  return std::max(*at - now, std::chrono::seconds(0));
}

}  // namespace lockstep
