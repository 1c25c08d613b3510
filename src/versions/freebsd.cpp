// SPDX-License-Identifier: Apache-2.0
// Versions of FreeBSD's packages: version[_revision][,epoch], such as 1.2.3_4,1.
//
// The epoch counts first, then the version, then the revision. A version is blocks between '+', a
// block is components, and a component is a number, the first letter of a word, and a number after
// it. Components need no separator between them, and other characters only separate: 10a1b2 is
// 10a1, b2. From the left,
//
//   2.* < 2.pl1 < 2.alpha3 = 2.a3 < 2.beta = 2.b < 2.rc1 < 2.snap1 < 2 = 2.0 < 2a < 2b1 < 2.1
//
// where "pl", "alpha", "beta", "pre", "rc" and "snap" always begin a component of their own (2rc1
// = 2.rc1), a component without a number comes before 0, and '*' comes first. The case of letters
// does not count; other words count by their first letter. What stands before the last hyphen is
// the name of the package.
//
// It is a total preorder: each text stands for (epoch, blocks of components with zeros for ever,
// revision), compared from the left.
//
// The base system and the kernel are compared in the same way: 14.3_2 is 14.3 with its second
// patch.
//
// Source: pkg-version(8); FreeBSD Porter's Handbook, "Package Naming Conventions"; libpkg's
// comments.
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <string_view>
#include <utility>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

/// The number at the front; "" for none.
std::string_view digits_of(std::string_view text) {
  return text.substr(0, end_of_digits(text, 0));
}

/// Of an epoch or a revision, which may have a plus sign.
std::string_view unsigned_of(std::string_view text) {
  return digits_of(text.substr(text.starts_with('+') ? 1 : 0));
}

struct Parts {
  std::string_view version;
  std::string_view revision;
  std::string_view epoch;
};

Parts parts_of(std::string_view text) {
  Parts parts;
  if (const std::size_t hyphen = text.rfind('-'); hyphen != std::string_view::npos) {
    text.remove_prefix(hyphen + 1);
  }
  const std::size_t mark = text.rfind('_');
  const bool has_revision = mark != std::string_view::npos;
  const std::string_view behind = has_revision ? text.substr(mark + 1) : text;
  const std::size_t comma = behind.rfind(',');
  const bool has_epoch = comma != std::string_view::npos;
  parts.version = text.substr(0, has_revision ? mark : has_epoch ? comma : text.size());
  if (has_revision) parts.revision = unsigned_of(behind);
  if (has_epoch) parts.epoch = unsigned_of(behind.substr(comma + 1));
  return parts;
}

/// A number that may be missing, or be the '*' that is smaller still.
struct Number {
  int place = 0;            ///< -2 for '*', -1 for a missing one
  std::string_view digits;  ///< "" is 0
};

struct Component {
  Number number;
  int letter = 0;  ///< 1 for a; 0 for none and for "pl"
  Number patch;
};

std::strong_ordering compare_one(const Number& a, const Number& b) {
  if (a.place != b.place) return a.place <=> b.place;
  return compare_numbers(a.digits, b.digits);
}

std::strong_ordering compare_components(const Component& a, const Component& b) {
  if (const auto order = compare_one(a.number, b.number); order != 0) return order;
  if (a.letter != b.letter) return a.letter <=> b.letter;
  return compare_one(a.patch, b.patch);
}

constexpr int value_of(char letter) {
  return to_lower(letter) - 'a' + 1;
}

std::size_t end_of_letters(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_letter(text[end]))
    ++end;
  return end;
}

/// The length of a word of a stage at the front, and its value; 0 for other words.
std::pair<std::size_t, int> stage_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, int>, 6> stages = {{{"pl", 0},
                                                                       {"alpha", value_of('a')},
                                                                       {"beta", value_of('b')},
                                                                       {"pre", value_of('p')},
                                                                       {"rc", value_of('r')},
                                                                       {"snap", value_of('s')}}};
  const std::string_view word = text.substr(0, end_of_letters(text));
  const auto* row = std::ranges::find_if(
      stages, [word](const auto& stage) { return compare_ignoring_case(word, stage.first) == 0; });
  return row == stages.end() ? std::pair<std::size_t, int>() : std::pair(word.size(), row->second);
}

/// Takes a component and the separators after it off the front of a block that is not at its end.
Component take_component(std::string_view& rest) {
  Component component;
  const bool has_number = is_digit(rest.front());
  if (has_number) {
    component.number.digits = digits_of(rest);
    rest.remove_prefix(component.number.digits.size());
  } else if (rest.front() == '*') {
    component.number.place = -2;
    rest.remove_prefix(std::min(rest.find('+'), rest.size()));
  } else {
    component.number.place = -1;
  }
  const auto [length, stage] = stage_of(rest);
  const bool begins_another = length > 0 && component.number.place != -1;
  if (!rest.empty() && is_letter(rest.front()) && !begins_another) {
    component.letter = length > 0 ? stage : value_of(rest.front());
    rest.remove_prefix(end_of_letters(rest));
    component.patch.digits = digits_of(rest);
    if (component.patch.digits.empty()) component.patch.place = -1;
    rest.remove_prefix(component.patch.digits.size());
  }
  const auto separates = [](char c) {
    return !is_digit(c) && !is_letter(c) && c != '+' && c != '*';
  };
  while (!rest.empty() && separates(rest.front()))
    rest.remove_prefix(1);
  return component;
}

std::strong_ordering compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const bool a_ends = a.empty() || a.front() == '+';
    const bool b_ends = b.empty() || b.front() == '+';
    if (a_ends && b_ends) {
      a.remove_prefix(a.empty() ? 0 : 1);
      b.remove_prefix(b.empty() ? 0 : 1);
      continue;
    }
    const Component left = a_ends ? Component() : take_component(a);
    const Component right = b_ends ? Component() : take_component(b);
    if (const auto order = compare_components(left, right); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  const Parts left = parts_of(a);
  const Parts right = parts_of(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_versions(left.version, right.version); order != 0) return order;
  return compare_numbers(left.revision, right.revision);
}

/// Letters, digits, '.' and '+', then "_1" and ",1".
bool is_valid(std::string_view text) {
  if (text.size() > max_version_bytes) return false;
  for (const char mark : {',', '_'}) {
    const std::size_t at = text.rfind(mark);
    if (at == std::string_view::npos) continue;
    if (!is_number(text.substr(at + 1))) return false;
    text = text.substr(0, at);
  }
  return !text.empty() && (is_digit(text.front()) || is_letter(text.front())) &&
         std::ranges::all_of(
             text, [](char c) { return is_digit(c) || is_letter(c) || c == '.' || c == '+'; });
}

}  // namespace

constinit const Scheme freebsd = {"freebsd", "pkg-version(8)", compare, is_valid};

}  // namespace lockstep::versions
