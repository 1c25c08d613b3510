// SPDX-License-Identifier: Apache-2.0
// Versions of Ruby gems: numbers and words between dots, such as 1.2.0.rc1.
//
// A version is cut into runs of digits and runs of letters; a hyphen stands for the word "pre";
// everything else separates. Words come before numbers, words by their bytes; what is missing is
// 0, and zeros directly before the first word do not count. So
// 1.0.a < 1.0.b9 < 1.0.b10 < 1 = 1.0.0 < 1.0.1.
//
// It is a total preorder: each text stands for one sequence of pieces with zeros for ever, and such
// sequences are compared from the left.
//
// Source: RubyGems, Gem::Version.
#include <algorithm>
#include <compare>
#include <cstddef>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

/// Cuts a version into pieces, dropping none. At the end, the piece is "".
class Cutter {
 public:
  explicit Cutter(std::string_view version) : rest_(version) {}

  std::string_view next() {
    while (!rest_.empty() && !is_digit(rest_.front()) && !is_letter(rest_.front())) {
      const bool hyphen = rest_.front() == '-';
      rest_.remove_prefix(1);
      if (hyphen) return "pre";
    }
    std::size_t end = end_of_digits(rest_, 0);
    if (end == 0) {
      while (end < rest_.size() && is_letter(rest_[end]))
        ++end;
    }
    const std::string_view piece = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return piece;
  }

 private:
  std::string_view rest_;
};

bool is_zero(std::string_view piece) {
  return is_number(piece) && significant(piece).empty();
}

/// The pieces that count; at the end, "".
class Pieces {
 public:
  explicit Pieces(std::string_view version) : cutter_(version) { settle(); }

  bool at_end() const { return zeros_ == 0 && piece_.empty(); }

  std::string_view next() {
    if (zeros_ > 0) {
      --zeros_;
      return "0";
    }
    const std::string_view piece = piece_;
    if (!piece.empty()) settle();
    return piece;
  }

 private:
  /// Reads ahead over zeros, up to a piece that is none, or the end.
  void settle() {
    zeros_ = 0;
    piece_ = cutter_.next();
    while (is_zero(piece_)) {
      ++zeros_;
      piece_ = cutter_.next();
    }
    const bool number = is_number(piece_);
    if (piece_.empty() || (!number && !seen_word_)) zeros_ = 0;
    seen_word_ = seen_word_ || !number;
  }

  Cutter cutter_;
  std::size_t zeros_ = 0;  ///< of them stand before `piece_`
  std::string_view piece_;
  bool seen_word_ = false;
};

std::strong_ordering compare_pieces(std::string_view a, std::string_view b) {
  const bool a_number = a.empty() || is_digit(a.front());
  const bool b_number = b.empty() || is_digit(b.front());
  if (a_number != b_number) return a_number <=> b_number;
  return a_number ? compare_numbers(a, b) : a <=> b;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  Pieces left(a);
  Pieces right(b);
  while (!left.at_end() || !right.at_end()) {
    const auto order = compare_pieces(left.next(), right.next());
    if (std::is_neq(order)) return order;
  }
  return std::weak_ordering::equivalent;
}

/// Digits, then letters and digits between dots, then the same after one hyphen.
bool is_valid(std::string_view version) {
  if (version.size() > max_version_bytes) return false;
  version = without_spaces(version);
  const std::size_t digits = end_of_digits(version, 0);
  if (digits == 0 || (digits < version.size() && is_letter(version[digits]))) return false;
  bool separated = false;
  bool hyphen_seen = false;
  for (std::size_t i = 0; i < version.size(); ++i) {
    const char c = version[i];
    const bool separates = c == '.' || (c == '-' && !hyphen_seen);
    if (separates ? separated : !(is_digit(c) || is_letter(c) || (c == '-' && hyphen_seen))) {
      return false;
    }
    hyphen_seen = hyphen_seen || c == '-';
    separated = separates;
  }
  return !separated;
}

}  // namespace

constinit const Scheme rubygems = {"rubygems", "RubyGems, Gem::Version", compare, is_valid};

}  // namespace lockstep::versions
