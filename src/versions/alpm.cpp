// SPDX-License-Identifier: Apache-2.0
// Versions of Arch Linux packages: [epoch:]version[-release].
//
// The epoch is compared as a number (none is 0), then the version, then the release, but only where
// both have one: 1.5 = 1.5-1 = 1.5-2. Version and release are cut into runs of digits and runs of
// letters; everything else separates, and more separators come after fewer. Digits are numbers and
// come after letters. A text that ends where the other goes on with letters comes after it, where
// the other goes on with anything else before it: 1.0a < 1.0alpha < 1.0b < 1.0 < 1.0.a < 1.0.1.
//
// It is not transitive, by the rule on releases.
//
// Source: vercmp(8) of pacman.
#include <algorithm>
#include <compare>
#include <cstddef>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/rpm.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

std::size_t separators(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && !is_digit(text[count]) && !is_letter(text[count]))
    ++count;
  return count;
}

/// Takes the run of digits, or of letters, at the front.
std::string_view take_run(std::string_view& rest, bool digits) {
  std::size_t end = 0;
  while (end < rest.size() && (digits ? is_digit(rest[end]) : is_letter(rest[end])))
    ++end;
  const std::string_view run = rest.substr(0, end);
  rest.remove_prefix(end);
  return run;
}

/// One of two rests is empty, or both are.
std::strong_ordering compare_ends(std::string_view a, std::string_view b) {
  if (a.empty() && b.empty()) return std::strong_ordering::equal;
  if (a.empty()) {
    return is_letter(b.front()) ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  return is_letter(a.front()) ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::size_t left_marks = separators(a);
    const std::size_t right_marks = separators(b);
    a.remove_prefix(left_marks);
    b.remove_prefix(right_marks);
    if (a.empty() || b.empty()) break;
    if (left_marks != right_marks) return left_marks <=> right_marks;
    const bool digits = is_digit(a.front());
    if (digits != is_digit(b.front())) return digits <=> !digits;
    const std::string_view left = take_run(a, digits);
    const std::string_view right = take_run(b, digits);
    const auto order = digits ? compare_numbers(left, right) : left <=> right;
    if (std::is_neq(order)) return order;
  }
  return compare_ends(a, b);
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  const RpmParts left = rpm_parts(a);
  const RpmParts right = rpm_parts(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); std::is_neq(order)) return order;
  const auto order = compare_part(left.version, right.version);
  if (std::is_neq(order) || !left.has_release || !right.has_release) return order;
  return compare_part(left.release, right.release);
}

bool is_valid(std::string_view version) {
  return !version.empty() && version.size() <= max_version_bytes &&
         std::ranges::all_of(version, [](char c) { return c > ' ' && c < 127 && c != '/'; });
}

}  // namespace

constinit const Scheme alpm = {"alpm", "vercmp(8) of pacman", compare, is_valid, false};

}  // namespace lockstep::versions
