// SPDX-License-Identifier: Apache-2.0
// Versions of products of which no scheme is known, such as those of CPE names and of NVD's ranges.
//
// A 'v' in front is skipped. The rest is cut into runs of digits and runs of letters; everything
// else separates. Piece by piece from the left,
//
//   dev < alpha = a < beta = b < milestone < pre, preview < rc < end = 0 < other words < numbers
//
// so 1.0-beta2 < 1.0-rc1 < 1.0 = 1.0.0 < 1.0a < 1.0-p1 < 1.0.1. Here "a" and "b" are early words
// only after a separator or before a digit: 1.0a stands after 1.0, as in OpenSSL's versions. Words
// are compared without case.
//
// It is a total preorder: each text stands for one sequence of pieces with zeros for ever.
//
// Source: VERS types, "generic" (runs of digits and of letters); the early words are those of the
// schemes beside this one.
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
enum class Place : std::uint8_t {
  dev,
  alpha,
  beta,
  milestone,
  preview,
  candidate,
  zero,
  word,
  number,
};

struct Piece {
  Place place = Place::zero;
  std::string_view text;
};

Place place_of(std::string_view word, bool short_is_early) {
  constexpr std::array<std::pair<std::string_view, Place>, 10> known = {{
      {"dev", Place::dev},
      {"snapshot", Place::dev},
      {"nightly", Place::dev},
      {"alpha", Place::alpha},
      {"beta", Place::beta},
      {"milestone", Place::milestone},
      {"pre", Place::preview},
      {"preview", Place::preview},
      {"rc", Place::candidate},
      {"cr", Place::candidate},
  }};
  for (const auto& [text, place] : known) {
    if (std::is_eq(compare_ignoring_case(word, text))) return place;
  }
  if (word.size() == 1 && short_is_early) {
    const char letter = to_lower(word.front());
    if (letter == 'a') return Place::alpha;
    if (letter == 'b') return Place::beta;
    if (letter == 'm') return Place::milestone;
  }
  return Place::word;
}

/// The next piece; `zero` at the end and for a 0.
Piece take_piece(std::string_view& rest) {
  std::size_t skipped = 0;
  while (skipped < rest.size() && !is_digit(rest[skipped]) && !is_letter(rest[skipped]))
    ++skipped;
  rest.remove_prefix(skipped);
  if (rest.empty()) return {};
  std::size_t end = end_of_digits(rest, 0);
  const bool number = end > 0;
  while (!number && end < rest.size() && is_letter(rest[end]))
    ++end;
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end);
  if (number) {
    const std::string_view digits = significant(text);
    return {digits.empty() ? Place::zero : Place::number, digits};
  }
  const bool before_digit = !rest.empty() && is_digit(rest.front());
  const Place place = place_of(text, skipped > 0 || before_digit);
  return {place, place == Place::word ? text : std::string_view()};
}

std::strong_ordering compare_pieces(const Piece& a, const Piece& b) {
  if (a.place != b.place) return a.place <=> b.place;
  return a.place == Place::number ? compare_numbers(a.text, b.text)
                                  : compare_ignoring_case(a.text, b.text);
}

std::string_view without_v(std::string_view version) {
  if (version.size() > 1 && to_lower(version.front()) == 'v' && is_digit(version[1])) {
    version.remove_prefix(1);
  }
  return version;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  a = without_v(a);
  b = without_v(b);
  while (!a.empty() || !b.empty()) {
    const auto order = compare_pieces(take_piece(a), take_piece(b));
    if (std::is_neq(order)) return order;
  }
  return std::weak_ordering::equivalent;
}

bool is_valid(std::string_view version) {
  return !version.empty() && version.size() <= max_version_bytes &&
         std::ranges::any_of(version, is_digit) && std::ranges::none_of(version, is_space);
}

}  // namespace

constinit const Scheme generic = {"generic", "VERS types, generic", compare, is_valid};

}  // namespace lockstep::versions
