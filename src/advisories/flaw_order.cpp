// SPDX-License-Identifier: Apache-2.0
#include "advisories/flaw_order.hpp"

#include <charconv>
#include <utility>

namespace lockstep::advisories {

namespace {

int rank_of(std::string_view id) {
  if (id.starts_with("CVE-")) return 0;
  if (id.starts_with("GHSA-")) return 1;
  if (id.starts_with("EUVD-")) return 3;
  return 2;
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool is_better_id(std::string_view a, std::string_view b) {
  return std::pair(rank_of(a), a) < std::pair(rank_of(b), b);
}

std::optional<std::uint64_t> cve_number(std::string_view id) {
  constexpr std::size_t year_at = 4;
  constexpr std::size_t number_at = 9;
  constexpr std::size_t max_digits = 12;
  if (!id.starts_with("CVE-") || id.size() < number_at + 4 || id[number_at - 1] != '-') {
    return std::nullopt;
  }
  const std::string_view year = id.substr(year_at, 4);
  const std::string_view digits = id.substr(number_at);
  if (!is_digits(year) || !is_digits(digits) || digits.size() > max_digits) return std::nullopt;
  if (digits.size() > 4 && digits.front() == '0') return std::nullopt;
  std::uint64_t year_value = 0;
  std::uint64_t number = 0;
  std::from_chars(year.data(), year.data() + year.size(), year_value);
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return (year_value << 48U) | number;
}

}  // namespace lockstep::advisories
