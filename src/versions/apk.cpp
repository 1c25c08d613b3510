// SPDX-License-Identifier: Apache-2.0
// Versions of Alpine packages: number{.number}{letter}{_suffix{number}}{~hash}{-r#}.
//
// A version is read as a sequence of pieces, and two sequences are compared piece by piece. What
// may follow equal beginnings has one order:
//
//   _alpha < _beta < _pre < _rc  <  no version any more  <  end  <  -r#  <  ~hash  <  number of a
//   suffix  <  _cvs < _svn < _git < _hg < _p  <  letter  <  number
//
// Numbers are compared by value, but one after a dot that begins with 0 as a text, before all that
// do not. So 1.2_rc1 < 1.2 < 1.2-r0 < 1.2_p1 < 1.2a < 1.2.0 < 1.2.01 < 1.2.1.
//
// Where a text stops to be a version, the rest is ordered by its bytes; after the revision it only
// counts that there is one. A letter may be followed by digits (9.9p2), as older releases of apk
// have it; the present ones call it invalid, and so does is_valid.
//
// It is a total preorder: each text stands for one sequence of pieces, which ends with "end" or "no
// version any more", and sequences are compared from the left by one total order.
//
// Source: apk-package(5), "PACKAGE INFO METADATA"; apk-tools' version comparison and its tests.
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
  alpha,
  beta,
  pre,
  candidate,
  invalid,
  end,
  revision,
  hash,
  suffix_number,
  cvs,
  svn,
  git,
  hg,
  patch,
  letter,
  number,
};

/// What was read last; decides what may follow.
enum class State : std::uint8_t { start, number, letter, letter_number, suffix, hash, revision };

struct Piece {
  Place place;
  std::string_view text;
};

constexpr std::array<std::pair<std::string_view, Place>, 9> suffixes = {{
    {"alpha", Place::alpha},
    {"beta", Place::beta},
    {"pre", Place::pre},
    {"rc", Place::candidate},
    {"cvs", Place::cvs},
    {"svn", Place::svn},
    {"git", Place::git},
    {"hg", Place::hg},
    {"p", Place::patch},
}};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

class Reader {
 public:
  explicit Reader(std::string_view version) : rest_(version) {}

  /// Whether a piece was read that the present apk does not take.
  bool is_strict() const { return is_strict_; }

  bool at_start() const { return state_ == State::start; }

  Piece next() {
    if (rest_.empty()) return {Place::end, {}};
    const char c = rest_.front();
    if (state_ == State::start) return first_number();
    if (c == '.' && state_ <= State::letter_number) return next_number();
    if (is_lower(c) && state_ == State::number) return letter();
    if (is_digit(c) && state_ == State::letter) return letter_number();
    if (is_digit(c) && state_ == State::suffix && !suffix_has_number_) return suffix_number();
    if (c == '_' && state_ <= State::suffix) return suffix();
    if (c == '~' && state_ < State::hash) return hash();
    if (rest_.starts_with("-r") && state_ < State::revision) return revision();
    return invalid();
  }

 private:
  std::string_view take(std::size_t size) {
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

  std::string_view take_digits() {
    const std::string_view digits = take(end_of_digits(rest_, 0));
    if (digits.empty()) is_strict_ = false;
    return digits;
  }

  Piece first_number() {
    state_ = State::number;
    return {Place::number, significant(take_digits())};
  }

  /// A dot without digits says less than no dot.
  Piece next_number() {
    if (state_ != State::number) is_strict_ = false;
    take(1);
    state_ = State::number;
    const std::string_view digits = take_digits();
    return {digits.empty() ? Place::invalid : Place::number, digits};
  }

  Piece letter() {
    state_ = State::letter;
    return {Place::letter, take(1)};
  }

  Piece letter_number() {
    is_strict_ = false;
    state_ = State::letter_number;
    return {Place::number, significant(take_digits())};
  }

  Piece suffix() {
    std::size_t end = 1;
    while (end < rest_.size() && is_lower(rest_[end]))
      ++end;
    const std::string_view word = rest_.substr(1, end - 1);
    const auto known =
        std::ranges::find(suffixes, word, &std::pair<std::string_view, Place>::first);
    if (known == suffixes.end()) return invalid();
    take(end);
    state_ = State::suffix;
    suffix_has_number_ = false;
    return {known->second, {}};
  }

  Piece suffix_number() {
    suffix_has_number_ = true;
    return {Place::suffix_number, take_digits()};
  }

  Piece hash() {
    state_ = State::hash;
    take(1);
    std::size_t end = 0;
    while (end < rest_.size() && (is_digit(rest_[end]) || (rest_[end] >= 'a' && rest_[end] <= 'f')))
      ++end;
    if (end == 0) is_strict_ = false;
    return {Place::hash, take(end)};
  }

  Piece revision() {
    state_ = State::revision;
    take(2);
    return {Place::revision, take_digits()};
  }

  Piece invalid() {
    const std::string_view text = take(rest_.size());
    return {Place::invalid, state_ == State::revision ? std::string_view() : text};
  }

  std::string_view rest_;
  State state_ = State::start;
  bool suffix_has_number_ = false;
  bool is_strict_ = true;
};

/// Numbers after the first one.
std::strong_ordering compare_digits(std::string_view a, std::string_view b) {
  if (a.starts_with('0') || b.starts_with('0')) return a <=> b;
  return compare_numbers(a, b);
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  Reader left_reader(a);
  Reader right_reader(b);
  for (;;) {
    const Piece left = left_reader.next();
    const Piece right = right_reader.next();
    if (left.place != right.place) return left.place <=> right.place;
    std::strong_ordering order = std::strong_ordering::equal;
    switch (left.place) {
      case Place::end:
        return std::weak_ordering::equivalent;
      case Place::number:
        order = compare_digits(left.text, right.text);
        break;
      case Place::revision:
      case Place::suffix_number:
        order = compare_numbers(left.text, right.text);
        break;
      default:
        order = left.text <=> right.text;
    }
    if (std::is_neq(order)) return order;
  }
}

bool is_valid(std::string_view version) {
  if (version.empty() || version.size() > max_version_bytes) return false;
  Reader reader(version);
  for (;;) {
    const Place place = reader.next().place;
    if (place == Place::invalid || !reader.is_strict()) return false;
    if (place == Place::end) return true;
  }
}

}  // namespace

constinit const Scheme apk = {"apk", "apk-package(5)", compare, is_valid};

}  // namespace lockstep::versions
