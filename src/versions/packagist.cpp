// SPDX-License-Identifier: Apache-2.0
// Versions of PHP packages, in the order of PHP's version_compare.
//
// A 'v' in front is skipped. The rest is cut into words and numbers at '.', '-', '_', '+' and every
// change between digits and other characters. Piece by piece from the left,
//
//   other words < dev < alpha = a < beta = b < rc < end < numbers < pl = p
//
// where a word counts by how it begins, and numbers by their value. So
// 1.0-dev < 1.0-alpha2 < 1.0-RC1 < 1.0 < 1.0.0 < 1.0-p1.
//
// The case of letters counts: BETA is one of the other words, as it is there.
//
// DEVIATION(PHP): the word "#", PHP's own sign for a number in its table of words, is equal to each
// number and to the end, as the tables of advisory data have it. That makes the order not
// transitive.
//
// Source: PHP manual, version_compare; Composer documentation, "Versions and constraints".
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

/// In their order.
enum class Place : std::uint8_t { other, dev, alpha, beta, candidate, end, number, patch };

struct Piece {
  Place place = Place::end;
  bool is_any = false;      ///< "#"
  std::string_view digits;  ///< of a number
};

bool is_separator(char c) {
  return c == '.' || c == '-' || c == '_' || c == '+';
}

Place place_of(std::string_view word) {
  struct Known {
    std::string_view text;
    Place place;
  };

  constexpr std::array<Known, 6> known = {{{"dev", Place::dev},
                                           {"a", Place::alpha},
                                           {"b", Place::beta},
                                           {"rc", Place::candidate},
                                           {"RC", Place::candidate},
                                           {"p", Place::patch}}};
  for (const Known& row : known) {
    if (word.starts_with(row.text)) return row.place;
  }
  return Place::other;
}

Piece take_piece(std::string_view& rest) {
  while (!rest.empty() && is_separator(rest.front()))
    rest.remove_prefix(1);
  if (rest.empty()) return {};
  std::size_t end = end_of_digits(rest, 0);
  const bool number = end > 0;
  if (!number) {
    while (end < rest.size() && !is_separator(rest[end]) && !is_digit(rest[end]))
      ++end;
  }
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end);
  if (number) return {Place::number, false, text};
  return {place_of(text), text.front() == '#', {}};
}

std::strong_ordering compare_pieces(const Piece& a, const Piece& b) {
  if (a.is_any || b.is_any) {
    const Place other = a.is_any ? b.place : a.place;
    const bool equal = (a.is_any && b.is_any) || other == Place::end || other == Place::number;
    if (equal) return std::strong_ordering::equal;
    return (a.is_any ? Place::number : a.place) <=> (b.is_any ? Place::number : b.place);
  }
  if (a.place != b.place) return a.place <=> b.place;
  return compare_numbers(a.digits, b.digits);
}

std::string_view without_v(std::string_view version) {
  if (!version.empty() && to_lower(version.front()) == 'v') version.remove_prefix(1);
  return version;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  a = without_v(a);
  b = without_v(b);
  for (;;) {
    const Piece left = take_piece(a);
    const Piece right = take_piece(b);
    const auto order = compare_pieces(left, right);
    if (std::is_neq(order)) return order;
    if (left.place == Place::end && right.place == Place::end) {
      return std::weak_ordering::equivalent;
    }
  }
}

/// Composer also takes names of branches; a range cannot hold them.
bool is_valid(std::string_view version) {
  if (version.size() > max_version_bytes) return false;
  version = without_v(version);
  return !version.empty() && is_digit(version.front()) && std::ranges::all_of(version, [](char c) {
    return is_digit(c) || is_letter(c) || is_separator(c) || c == '~' || c == '@';
  });
}

}  // namespace

constinit const Scheme packagist = {"packagist", "PHP manual, version_compare", compare, is_valid,
                                    false};

}  // namespace lockstep::versions
