// SPDX-License-Identifier: Apache-2.0
// Versions of Conan packages: items between dots, a pre-release after the first hyphen, a build
// after the last plus sign.
//
// Zeros at the end of each of the three do not count: 1 = 1.0. Items are compared from the left,
// and the list that ends first is smaller. An item that begins with digits is that number and what
// follows it, by bytes; other items by their bytes. A pre-release comes before the same version
// without one, a build after the same version without one: 1.1-alpha.3 < 1.1 < 1.1+b2 < 1.1a.
//
// DEVIATION(Conan): there, a number and an item such as "9a" are compared as texts, so 10 < 9a <
// 9b, which has cycles (9 < 10 < 9a); here 9 < 9a < 10.
//
// Source: Conan 2 documentation, "Version ranges"; conan's Version.
#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>

#include "versions/dotted.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

struct Parts {
  std::string_view main;
  std::optional<std::string_view> pre;
  std::optional<std::string_view> build;
};

bool is_dot(char c) {
  return c == '.';
}

std::string_view without_zeros(std::string_view items) {
  while (!items.empty()) {
    const std::size_t dot = items.rfind('.');
    const std::size_t start = dot == std::string_view::npos ? 0 : dot + 1;
    const std::string_view last = items.substr(start);
    if (!is_number(last) || !significant(last).empty()) break;
    items = items.substr(0, start == 0 ? 0 : dot);
  }
  return items;
}

Parts parts_of(std::string_view version) {
  Parts parts;
  if (const std::size_t plus = version.rfind('+'); plus != std::string_view::npos) {
    parts.build = without_zeros(version.substr(plus + 1));
    version = version.substr(0, plus);
  }
  if (const std::size_t hyphen = version.find('-'); hyphen != std::string_view::npos) {
    parts.pre = without_zeros(version.substr(hyphen + 1));
    version = version.substr(0, hyphen);
  }
  parts.main = without_zeros(version);
  return parts;
}

std::strong_ordering compare_item(std::string_view a, std::string_view b) {
  const std::size_t left = end_of_digits(a, 0);
  const std::size_t right = end_of_digits(b, 0);
  if (left == 0 || right == 0) return a <=> b;
  const auto order = compare_numbers(a.substr(0, left), b.substr(0, right));
  return std::is_neq(order) ? order : a.substr(left) <=> b.substr(right);
}

std::strong_ordering compare_items(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto order = compare_item(take_piece(a, is_dot), take_piece(b, is_dot));
    if (std::is_neq(order)) return order;
  }
  return !a.empty() <=> !b.empty();
}

/// A missing part comes after every given one, or before.
std::strong_ordering compare_parts(const std::optional<std::string_view>& a,
                                   const std::optional<std::string_view>& b,
                                   bool missing_is_last) {
  if (a && b) return compare_items(*a, *b);
  return missing_is_last ? b.has_value() <=> a.has_value() : a.has_value() <=> b.has_value();
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  const Parts left = parts_of(a);
  const Parts right = parts_of(b);
  if (const auto order = compare_items(left.main, right.main); std::is_neq(order)) return order;
  if (const auto order = compare_parts(left.pre, right.pre, true); std::is_neq(order)) return order;
  return compare_parts(left.build, right.build, false);
}

/// What a Conan reference can hold as a version.
bool is_valid(std::string_view version) {
  constexpr std::string_view marks = "._+-*";
  return !version.empty() && version.size() <= max_version_bytes &&
         std::ranges::all_of(version, [marks](char c) {
           return is_digit(c) || is_letter(c) || marks.find(c) != std::string_view::npos;
         });
}

}  // namespace

constinit const Scheme conan = {"conan", "Conan 2 documentation, Version ranges", compare,
                                is_valid};

}  // namespace lockstep::versions
