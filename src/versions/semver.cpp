// SPDX-License-Identifier: Apache-2.0
// Semantic versions: 1.2.3-rc.1+build.
//
// The numbers are compared from the left. A version with a pre-release comes before the same
// version without one; pre-releases are compared piece by piece between the dots, numbers before
// words, numbers by value, words by their bytes, and the one that ends first is smaller. What
// follows '+' does not count.
//
// Advisories and package managers are less strict than the standard, so the order is defined for
// every text: spaces, '=' and 'v' in front are skipped; missing numbers are zero (1.2 = 1.2.0);
// further numbers count like the first three (1.2.3.4 > 1.2.3); whatever follows the numbers is
// the pre-release, with or without a hyphen (1.0.0rc1 < 1.0.0); a text without numbers is a
// pre-release of 0.0.0. Go's pseudo-versions (0.0.0-20200102030405-abcdef012345) need no rule of
// their own: their pre-release is one word that begins with the time.
//
// It is a total preorder: each text stands for (numbers padded with zeros, pre-release or
// "released"), compared from the left by total orders.
//
// Source: SemVer 2.0.0, clauses 9 to 11; OSV schema, "affected[].ranges[].type" SEMVER.
#include "versions/semver.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

std::string_view without_prefix(std::string_view version) {
  std::size_t at = 0;
  while (at < version.size() && (is_space(version[at]) || version[at] == '='))
    ++at;
  if (at < version.size() && to_lower(version[at]) == 'v') ++at;
  while (at < version.size() && is_space(version[at]))
    ++at;
  version.remove_prefix(at);
  while (!version.empty() && is_space(version.back()))
    version.remove_suffix(1);
  return version;
}

/// Walks the numbers at the front of a version; what follows them stays in `rest`.
struct Numbers {
  std::string_view rest;
  bool at_start = true;
  bool at_end = false;

  /// The next number, or "" from the end of the numbers on.
  std::string_view next() {
    if (at_end) return {};
    const std::size_t start = at_start ? 0 : 1;
    const bool separated = at_start || rest.starts_with('.');
    const std::size_t end = separated ? end_of_digits(rest, std::min(start, rest.size())) : start;
    at_start = false;
    if (!separated || end == start) {
      at_end = true;
      return {};
    }
    const std::string_view number = rest.substr(start, end - start);
    rest.remove_prefix(end);
    return number;
  }
};

using CompareWords = std::strong_ordering (*)(std::string_view, std::string_view);

std::strong_ordering compare_bytes(std::string_view a, std::string_view b) {
  return a <=> b;
}

/// Numeric identifiers come before the others.
std::strong_ordering compare_one(std::string_view a, std::string_view b, CompareWords words) {
  const bool a_number = is_number(a);
  const bool b_number = is_number(b);
  if (a_number && b_number) return compare_numbers(a, b);
  if (a_number != b_number) return b_number <=> a_number;
  return words(a, b);
}

std::weak_ordering compare_lists(std::string_view a, std::string_view b, CompareWords words) {
  for (;;) {
    const std::size_t a_dot = a.find('.');
    const std::size_t b_dot = b.find('.');
    const auto order = compare_one(a.substr(0, a_dot), b.substr(0, b_dot), words);
    if (std::is_neq(order)) return order;
    const bool a_more = a_dot != std::string_view::npos;
    const bool b_more = b_dot != std::string_view::npos;
    if (!a_more || !b_more) return a_more <=> b_more;
    a.remove_prefix(a_dot + 1);
    b.remove_prefix(b_dot + 1);
  }
}

/// `a` and `b` are what follows the numbers, up to '+'; "" is a release.
std::weak_ordering compare_pre_releases(std::string_view a,
                                        std::string_view b,
                                        CompareWords words) {
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();
  if (a.front() == '-') a.remove_prefix(1);
  if (b.front() == '-') b.remove_prefix(1);
  return compare_lists(a, b, words);
}

std::weak_ordering compare_with(std::string_view a, std::string_view b, CompareWords words) {
  Numbers left{without_prefix(a)};
  Numbers right{without_prefix(b)};
  while (!left.at_end || !right.at_end) {
    if (const auto order = compare_numbers(left.next(), right.next()); std::is_neq(order)) {
      return order;
    }
  }
  return compare_pre_releases(left.rest.substr(0, left.rest.find('+')),
                              right.rest.substr(0, right.rest.find('+')), words);
}

bool is_valid(std::string_view version) {
  return version.size() <= max_version_bytes && strict_semver(version).has_value();
}

}  // namespace

std::weak_ordering compare_semver(std::string_view a, std::string_view b) {
  return compare_with(a, b, compare_bytes);
}

std::weak_ordering compare_semver_ignoring_case(std::string_view a, std::string_view b) {
  return compare_with(a, b, compare_ignoring_case);
}

std::weak_ordering compare_identifiers(std::string_view a, std::string_view b) {
  return compare_lists(a, b, compare_bytes);
}

bool is_identifier_list(std::string_view text, bool zeros_allowed) {
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view word = text.substr(0, dot);
    if (word.empty()) return false;
    if (!std::ranges::all_of(word,
                             [](char c) { return is_digit(c) || is_letter(c) || c == '-'; })) {
      return false;
    }
    if (!zeros_allowed && word.size() > 1 && word.front() == '0' && is_number(word)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::string_view build_metadata(std::string_view version) {
  const std::size_t plus = version.find('+');
  return plus == std::string_view::npos ? std::string_view() : version.substr(plus + 1);
}

std::optional<SemverNumbers> strict_semver(std::string_view version) {
  const std::size_t plus = version.find('+');
  if (plus != std::string_view::npos && !is_identifier_list(version.substr(plus + 1), true)) {
    return std::nullopt;
  }
  Numbers walk{version.substr(0, plus)};
  const SemverNumbers numbers = {walk.next(), walk.next(), walk.next()};
  for (const std::string_view number : {numbers.major, numbers.minor, numbers.patch}) {
    if (number.empty() || (number.size() > 1 && number.front() == '0')) return std::nullopt;
  }
  if (walk.rest.empty()) return numbers;
  if (walk.rest.front() != '-' || !is_identifier_list(walk.rest.substr(1), false)) {
    return std::nullopt;
  }
  return numbers;
}

constinit const Scheme semver = {"semver", "SemVer 2.0.0", compare_semver, is_valid};

}  // namespace lockstep::versions
