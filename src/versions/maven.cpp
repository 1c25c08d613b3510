// SPDX-License-Identifier: Apache-2.0
// Versions of Maven artefacts: words and numbers of any shape, such as 1.0-alpha-1 or 2.5.6.SEC03.
//
// A version is cut into tokens at dots, hyphens and every change between digits and other
// characters (which counts as a hyphen); an empty token is 0. Words have an order of their own:
//
//   alpha < beta < milestone < rc = cr < snapshot < "" = final = ga = release < sp < other words
//
// where a, b and m directly before a digit are alpha, beta and milestone. A word before "" is an
// early one, a word after it a late one. Tokens that say nothing (0 and the words equal to "") are
// dropped at the end, before a hyphen, and before "". Each token that is left has a place:
//
//   .early < -early < .0.early < nothing < .late < -late < -number < .0.late < .number
//
// where .0.early and .0.late stand for any count of zeros, fewer first. Two versions are compared
// token by token; the shorter one goes on with nothing for ever. So
// 1.0.rc1 < 1.0-rc1 < 1.0 = 1 < 1-sp < 1-foo < 1-1 < 1.0.1 < 1.1.
//
// Why it is a total preorder: a version stands for one endless sequence of tokens, and such
// sequences are compared from the left by one total order of tokens. Maven's class
// ComparableVersion compares nested lists instead, in which an early word can be before and after
// the end of a version: 1.0.0-foo < 1.0.0.beta < 1.0.0 < 1.0.0-foo. There a release stays after its
// early words.
//
// DEVIATION(ComparableVersion): Maven from 3.8.7 on reads a dot before a word as a hyphen, and so
// has 2.0.a < 2-1 and 1.0.beta8 < 1.0-rc1. The order here is that of Maven before, in which the
// published tables of advisory data were made: 2-1 < 2.0.a and 1.0-rc1 < 1.0.beta8.
//
// Source: Maven POM Reference, "Version Order Specification"; Maven API, ComparableVersion.
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

/// In their order. `released` is the word that says nothing.
enum class Word : std::uint8_t {
  alpha,
  beta,
  milestone,
  candidate,
  snapshot,
  released,
  service_pack,
  other,
};

/// In their order.
enum class Place : std::uint8_t {
  dot_early,
  hyphen_early,
  zeros_early,
  nothing,
  dot_late,
  hyphen_late,
  hyphen_number,
  zeros_late,
  dot_number,
};

struct Token {
  Place place = Place::nothing;
  std::size_t zeros = 0;       ///< of zeros_early and zeros_late
  Word word = Word::released;  ///< of a word
  std::string_view text;       ///< the digits of a number, the letters of a word

  bool is_null() const {
    if (place == Place::nothing) return true;
    return (place == Place::hyphen_number || place == Place::dot_number) &&
           significant(text).empty();
  }
};

Place place_of(Word word, bool hyphen) {
  if (word == Word::released) return Place::nothing;
  if (word < Word::released) return hyphen ? Place::hyphen_early : Place::dot_early;
  return hyphen ? Place::hyphen_late : Place::dot_late;
}

Word word_of(std::string_view word, bool before_digit) {
  struct Known {
    std::string_view text;
    Word word;
  };

  constexpr std::array<Known, 10> known = {{{"alpha", Word::alpha},
                                            {"beta", Word::beta},
                                            {"milestone", Word::milestone},
                                            {"rc", Word::candidate},
                                            {"cr", Word::candidate},
                                            {"snapshot", Word::snapshot},
                                            {"final", Word::released},
                                            {"ga", Word::released},
                                            {"release", Word::released},
                                            {"sp", Word::service_pack}}};
  if (word.size() == 1 && before_digit) {
    switch (to_lower(word.front())) {
      case 'a':
        return Word::alpha;
      case 'b':
        return Word::beta;
      case 'm':
        return Word::milestone;
      default:
        return Word::other;
    }
  }
  for (const Known& row : known) {
    if (std::is_eq(compare_ignoring_case(word, row.text))) return row.word;
  }
  return Word::other;
}

/// Cuts a version into tokens, dropping none.
class Cutter {
 public:
  explicit Cutter(std::string_view version) : version_(version), at_end_(version.empty()) {}

  bool at_end() const { return at_end_; }

  Token next() {
    const std::size_t start = at_;
    const bool number = start < version_.size() && is_digit(version_[start]);
    at_ = number ? end_of_digits(version_, start) : end_of_word(start);
    const std::string_view text = version_.substr(start, at_ - start);
    const bool before_digit = at_ < version_.size() && is_digit(version_[at_]);
    Token token;
    if (number || text.empty()) {
      token = {hyphen_ ? Place::hyphen_number : Place::dot_number, 0, Word::released, text};
    } else {
      const Word word = word_of(text, before_digit);
      token = {place_of(word, hyphen_), 0, word, text};
    }
    pass_separator();
    return token;
  }

 private:
  std::size_t end_of_word(std::size_t at) const {
    while (at < version_.size() && version_[at] != '.' && version_[at] != '-' &&
           !is_digit(version_[at])) {
      ++at;
    }
    return at;
  }

  void pass_separator() {
    at_end_ = at_ == version_.size();
    if (at_end_) return;
    hyphen_ = version_[at_] != '.';
    if (version_[at_] == '.' || version_[at_] == '-') ++at_;
  }

  std::string_view version_;
  std::size_t at_ = 0;
  bool hyphen_ = false;  ///< the next token follows a hyphen, or a change of characters
  bool at_end_;
};

/// The tokens that count, then `nothing` for ever.
class Tokens {
 public:
  explicit Tokens(std::string_view version) : ahead_(version), pending_(version) { settle(); }

  /// Whether only `nothing` follows.
  bool at_end() const { return nulls_ == 0 && !has_token_; }

  Token next() {
    if (nulls_ > 0) {
      --nulls_;
      return pending_.next();
    }
    if (!has_token_) return {};
    const Token token = token_;
    settle();
    return token;
  }

 private:
  /// Reads ahead over tokens that say nothing, up to one that does. Those before a hyphen are
  /// dropped, zeros before a dot and a word become part of it; `nulls_` others stay, and
  /// `pending_` stands before the first.
  void settle() {
    nulls_ = 0;
    has_token_ = false;
    pending_ = ahead_;
    bool only_dot_zeros = true;
    while (!ahead_.at_end()) {
      const Cutter before = ahead_;
      token_ = ahead_.next();
      const bool dot_word = token_.place == Place::dot_early || token_.place == Place::dot_late;
      if (token_.place != Place::dot_number && !dot_word) {
        pending_ = before;
        nulls_ = 0;
        only_dot_zeros = false;
      }
      if (!token_.is_null()) {
        has_token_ = true;
        if (dot_word && only_dot_zeros) absorb_zeros();
        return;
      }
      ++nulls_;
    }
    nulls_ = 0;
  }

  void absorb_zeros() {
    if (nulls_ == 0) return;
    token_.place = token_.place == Place::dot_early ? Place::zeros_early : Place::zeros_late;
    token_.zeros = nulls_;
    nulls_ = 0;
  }

  Cutter ahead_;
  Cutter pending_;
  Token token_;
  std::size_t nulls_ = 0;
  bool has_token_ = false;
};

std::strong_ordering compare_tokens(const Token& a, const Token& b) {
  if (a.place != b.place) return a.place <=> b.place;
  if (a.zeros != b.zeros) return a.zeros <=> b.zeros;
  if (a.word != b.word) return a.word <=> b.word;
  if (a.place == Place::hyphen_number || a.place == Place::dot_number) {
    return compare_numbers(a.text, b.text);
  }
  return a.word == Word::other ? compare_ignoring_case(a.text, b.text)
                               : std::strong_ordering::equal;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  Tokens left(a);
  Tokens right(b);
  while (!left.at_end() || !right.at_end()) {
    const auto order = compare_tokens(left.next(), right.next());
    if (std::is_neq(order)) return order;
  }
  return std::weak_ordering::equivalent;
}

bool is_valid(std::string_view version) {
  return !version.empty() && version.size() <= max_version_bytes &&
         std::ranges::none_of(version, is_space);
}

}  // namespace

constinit const Scheme maven = {"maven", "Maven POM Reference, Version Order Specification",
                                compare, is_valid};

}  // namespace lockstep::versions
