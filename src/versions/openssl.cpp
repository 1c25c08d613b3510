// SPDX-License-Identifier: Apache-2.0
// Versions of OpenSSL: three numbers, before 3.0 also letters for the patches, such as 1.0.2zg, and
// pre-releases such as 3.0.0-beta1.
//
// The numbers are compared from the left, missing ones are 0; then the letters by their bytes,
// none first; then a pre-release, which comes before the same version without one, its words and
// numbers piece by piece. So 1.0.2-beta3 < 1.0.2 < 1.0.2a < 1.0.2z < 1.0.2za < 1.1.0.
//
// Source: OpenSSL, "Versioning policy" and "Release strategy".
#include <algorithm>
#include <compare>
#include <cstddef>
#include <string_view>

#include "versions/debian.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

std::string_view take_number(std::string_view& rest) {
  const std::size_t end = end_of_digits(rest, 0);
  const std::string_view digits = rest.substr(0, end);
  const bool more = end > 0 && end + 1 < rest.size() && rest[end] == '.' && is_digit(rest[end + 1]);
  rest.remove_prefix(end + (more ? 1 : 0));
  return digits;
}

bool starts_number(std::string_view rest) {
  return !rest.empty() && is_digit(rest.front());
}

std::string_view take_letters(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && is_letter(rest[end]))
    ++end;
  const std::string_view letters = rest.substr(0, end);
  rest.remove_prefix(end);
  return letters;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  while (starts_number(a) || starts_number(b)) {
    const auto order = compare_numbers(take_number(a), take_number(b));
    if (std::is_neq(order)) return order;
  }
  const auto order = take_letters(a) <=> take_letters(b);
  if (std::is_neq(order)) return order;
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();
  return compare_debian_part(a, b);
}

bool is_valid(std::string_view version) {
  if (version.size() > max_version_bytes || !starts_number(version)) return false;
  while (starts_number(version))
    take_number(version);
  take_letters(version);
  return version.empty() ||
         (version.size() > 1 && version.front() == '-' && std::ranges::all_of(version, [](char c) {
            return is_digit(c) || is_letter(c) || c == '-' || c == '.';
          }));
}

}  // namespace

constinit const Scheme openssl = {"openssl", "OpenSSL, Versioning policy", compare, is_valid};

}  // namespace lockstep::versions
