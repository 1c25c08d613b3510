// SPDX-License-Identifier: Apache-2.0
// Integers between dots: 10.234.5.12, the type "intdot" of VERS.
//
// The text is read up to the first character that is neither digit nor dot. The integers are
// compared from the left; missing ones are 0, as leading zeros and missing digits are.
//
// Source: VERS types, "intdot". DEVIATION(VERS types): nothing is said there about versions of
// different lengths; 1 = 1.0 is chosen here.
#include <compare>
#include <cstddef>
#include <string_view>

#include "versions/dotted.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

bool is_separator(char c) {
  return c == '.';
}

std::string_view readable(std::string_view version) {
  std::size_t end = 0;
  while (end < version.size() && (is_digit(version[end]) || is_separator(version[end])))
    ++end;
  return version.substr(0, end);
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  a = readable(a);
  b = readable(b);
  while (!a.empty() || !b.empty()) {
    const auto order = compare_numbers(take_piece(a, is_separator), take_piece(b, is_separator));
    if (std::is_neq(order)) return order;
  }
  return std::weak_ordering::equivalent;
}

bool is_valid(std::string_view version) {
  if (version.empty() || version.size() > max_version_bytes) return false;
  if (is_separator(version.back())) return false;
  while (!version.empty()) {
    if (!is_number(take_piece(version, is_separator))) return false;
  }
  return true;
}

}  // namespace

constinit const Scheme intdot = {"intdot", "VERS types, intdot", compare, is_valid};

}  // namespace lockstep::versions
