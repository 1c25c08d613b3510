// SPDX-License-Identifier: Apache-2.0
// Versions of Gentoo packages (ebuilds): 1.2.3b_rc4_p5-r6.
//
// The numbers are compared from the left: the first by value, the others by value too, unless one
// of the two begins with 0; then as texts, without zeros at the end, like what follows a decimal
// point. The list that ends first is smaller. Then the letter, none first. Then the suffixes,
//
//   _alpha < _beta < _pre < _rc < none < _p
//
// each with its number. Then the revision; none is 0. A text that goes on with something else comes
// before the one that ends, and is ordered by its bytes.
//
// Source: Package Manager Specification, "Version specifications" and "Version comparison".
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

/// In their order.
enum class Kind : std::uint8_t { alpha, beta, pre, candidate, none, patch };

struct Suffix {
  Kind kind = Kind::none;
  std::string_view number;
};

bool starts_number(std::string_view rest) {
  return rest.size() > 1 && rest.front() == '.' && is_digit(rest[1]);
}

std::string_view take_digits(std::string_view& rest) {
  const std::size_t end = end_of_digits(rest, 0);
  const std::string_view digits = rest.substr(0, end);
  rest.remove_prefix(end);
  return digits;
}

std::string_view without_zeros_at_end(std::string_view digits) {
  while (digits.ends_with('0'))
    digits.remove_suffix(1);
  return digits;
}

std::strong_ordering compare_fraction(std::string_view a, std::string_view b) {
  if (!a.starts_with('0') && !b.starts_with('0')) return compare_numbers(a, b);
  return without_zeros_at_end(a) <=> without_zeros_at_end(b);
}

/// Compares the numbers and takes them off both fronts.
std::strong_ordering take_numbers(std::string_view& a, std::string_view& b) {
  const std::string_view left = take_digits(a);
  const std::string_view right = take_digits(b);
  if (left.empty() != right.empty()) return !left.empty() <=> !right.empty();
  if (const auto order = compare_numbers(left, right); std::is_neq(order)) return order;
  while (starts_number(a) && starts_number(b)) {
    a.remove_prefix(1);
    b.remove_prefix(1);
    const auto order = compare_fraction(take_digits(a), take_digits(b));
    if (std::is_neq(order)) return order;
  }
  return starts_number(a) <=> starts_number(b);
}

/// The lower-case letter at the front, or 0.
char take_letter(std::string_view& rest) {
  if (rest.empty() || rest.front() < 'a' || rest.front() > 'z') return 0;
  const char letter = rest.front();
  rest.remove_prefix(1);
  return letter;
}

Suffix take_suffix(std::string_view& rest) {
  constexpr std::array<std::pair<std::string_view, Kind>, 5> known = {{{"_alpha", Kind::alpha},
                                                                       {"_beta", Kind::beta},
                                                                       {"_pre", Kind::pre},
                                                                       {"_rc", Kind::candidate},
                                                                       {"_p", Kind::patch}}};
  for (const auto& [word, kind] : known) {
    if (!rest.starts_with(word)) continue;
    rest.remove_prefix(word.size());
    return {kind, take_digits(rest)};
  }
  return {};
}

std::strong_ordering take_suffixes(std::string_view& a, std::string_view& b) {
  for (;;) {
    const Suffix left = take_suffix(a);
    const Suffix right = take_suffix(b);
    if (left.kind != right.kind) return left.kind <=> right.kind;
    if (left.kind == Kind::none) return std::strong_ordering::equal;
    const auto order = compare_numbers(left.number, right.number);
    if (std::is_neq(order)) return order;
  }
}

std::string_view take_revision(std::string_view& rest) {
  if (rest.size() < 3 || !rest.starts_with("-r") || !is_digit(rest[2])) return {};
  rest.remove_prefix(2);
  return take_digits(rest);
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  if (const auto order = take_numbers(a, b); std::is_neq(order)) return order;
  const char left = take_letter(a);
  const char right = take_letter(b);
  if (left != right) return left <=> right;
  if (const auto order = take_suffixes(a, b); std::is_neq(order)) return order;
  const auto order = compare_numbers(take_revision(a), take_revision(b));
  if (std::is_neq(order)) return order;
  if (a.empty() != b.empty()) return a.empty() <=> b.empty();
  return a <=> b;
}

bool is_valid(std::string_view version) {
  if (version.size() > max_version_bytes || take_digits(version).empty()) return false;
  while (starts_number(version)) {
    version.remove_prefix(1);
    take_digits(version);
  }
  take_letter(version);
  while (take_suffix(version).kind != Kind::none) {
  }
  take_revision(version);
  return version.empty();
}

}  // namespace

constinit const Scheme gentoo = {"gentoo", "Package Manager Specification, Version comparison",
                                 compare, is_valid};

}  // namespace lockstep::versions
