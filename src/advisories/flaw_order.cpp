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

/// Of "2021-44228".
std::optional<std::uint64_t> year_and_number(std::string_view text) {
  constexpr std::size_t number_at = 5;
  constexpr std::size_t max_digits = 12;
  if (text.size() < number_at + 4 || text[number_at - 1] != '-') return std::nullopt;
  const std::string_view year = text.substr(0, 4);
  const std::string_view digits = text.substr(number_at);
  if (!is_digits(year) || !is_digits(digits) || digits.size() > max_digits) return std::nullopt;
  if (digits.size() > 4 && digits.front() == '0') return std::nullopt;
  std::uint64_t year_value = 0;
  std::uint64_t number = 0;
  std::from_chars(year.data(), year.data() + year.size(), year_value);
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return (year_value << 48U) | number;
}

}  // namespace

bool is_better_id(std::string_view a, std::string_view b) {
  return std::pair(rank_of(a), a) < std::pair(rank_of(b), b);
}

std::optional<std::uint64_t> cve_number(std::string_view id) {
  return id.starts_with("CVE-") ? year_and_number(id.substr(4)) : std::nullopt;
}

std::optional<std::uint64_t> listed_number(std::string_view id) {
  constexpr std::uint64_t is_euvd = std::uint64_t{1} << 63U;
  if (!id.starts_with("EUVD-")) return cve_number(id);
  const auto number = year_and_number(id.substr(5));
  return number ? std::optional(*number | is_euvd) : std::nullopt;
}

}  // namespace lockstep::advisories
