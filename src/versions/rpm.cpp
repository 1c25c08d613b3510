// SPDX-License-Identifier: Apache-2.0
// Versions of rpm packages: [epoch:]version[-release].
//
// The epoch is compared as a number (none is 0), then the version, then the release; a missing
// release comes before every release. Version and release are cut into runs of digits, runs of
// letters, '~' and '^'; everything else only separates. Piece by piece from the left,
//
//   ~  <  end  <  ^  <  letters  <  digits
//
// letters by their bytes, digits as numbers. So 1.0~rc1 < 1.0 < 1.0^git1 < 1.0a < 1.0.1, and
// 1.05 = 1.5 = 1_5. A text before a colon that is no number is not taken for an epoch.
//
// It is a total preorder: each text stands for one sequence of pieces, and such sequences are
// compared from the left by one total order of pieces.
//
// Source: rpm-version(7); rpm's rpmvercmp.
#include "versions/rpm.hpp"

#include <algorithm>
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
enum class Place : std::uint8_t { tilde, end, caret, letters, digits };

struct Piece {
  Place place;
  std::string_view text;
};

bool is_mark(char c) {
  return c == '~' || c == '^';
}

Piece take_piece(std::string_view& rest) {
  std::size_t at = 0;
  while (at < rest.size() && !is_digit(rest[at]) && !is_letter(rest[at]) && !is_mark(rest[at]))
    ++at;
  rest.remove_prefix(at);
  if (rest.empty()) return {Place::end, {}};
  std::size_t end = 1;
  Place place = rest.front() == '~' ? Place::tilde : Place::caret;
  if (is_digit(rest.front())) {
    place = Place::digits;
    end = end_of_digits(rest, 1);
  } else if (is_letter(rest.front())) {
    place = Place::letters;
    while (end < rest.size() && is_letter(rest[end]))
      ++end;
  }
  const Piece piece = {place, rest.substr(0, end)};
  rest.remove_prefix(end);
  return piece;
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  for (;;) {
    const Piece left = take_piece(a);
    const Piece right = take_piece(b);
    if (left.place != right.place) return left.place <=> right.place;
    if (left.place == Place::end) return std::strong_ordering::equal;
    const auto order = left.place == Place::digits ? compare_numbers(left.text, right.text)
                                                   : left.text <=> right.text;
    if (std::is_neq(order)) return order;
  }
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  const RpmParts left = rpm_parts(a);
  const RpmParts right = rpm_parts(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); std::is_neq(order)) return order;
  if (const auto order = compare_part(left.version, right.version); std::is_neq(order)) {
    return order;
  }
  if (left.has_release != right.has_release) return left.has_release <=> right.has_release;
  return compare_part(left.release, right.release);
}

bool is_valid(std::string_view version) {
  constexpr std::string_view marks = "._+%{}~^";
  const auto consists_of_marks = [marks](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [marks](char c) {
      return is_digit(c) || is_letter(c) || marks.find(c) != std::string_view::npos;
    });
  };
  if (version.size() > max_version_bytes) return false;
  const RpmParts parts = rpm_parts(version);
  // rpm keeps the epoch in 32 bits.
  return std::is_lteq(compare_numbers(parts.epoch, "4294967295")) &&
         consists_of_marks(parts.version) &&
         (!parts.has_release || consists_of_marks(parts.release));
}

}  // namespace

RpmParts rpm_parts(std::string_view version) {
  RpmParts parts;
  const std::size_t colon = end_of_digits(version, 0);
  if (colon < version.size() && version[colon] == ':') {
    parts.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  const std::size_t hyphen = version.rfind('-');
  parts.version = version.substr(0, hyphen);
  parts.has_release = hyphen != std::string_view::npos;
  if (parts.has_release) parts.release = version.substr(hyphen + 1);
  return parts;
}

constinit const Scheme rpm = {"rpm", "rpm-version(7)", compare, is_valid};

}  // namespace lockstep::versions
