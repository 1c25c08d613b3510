// SPDX-License-Identifier: Apache-2.0
// Versions of Python packages: [epoch!]release[pre][.post][.dev][+local].
//
// 1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0b1 < 1.0rc1 < 1.0 = 1.0.0 < 1.0+local < 1.0.post1 < 1!0.1.
// Each version stands for a tuple (epoch, release without trailing zeros, pre, post, dev, local)
// in which a missing part has a fixed place: a missing pre-release counts as the largest one,
// unless there is only a dev part, then as the smallest; a missing post-release as the smallest, a
// missing dev part as the largest, a missing local part as the smallest. Tuples are compared from
// the left, so the order is total. Spelling does not count: case, separators and the long names
// (alpha, preview, rev) are read as the short ones.
//
// A text that is no such version ("1.0-charmander") may still stand in an old registry or an
// advisory. As in the tools that took them, it comes before every version, and among its like it is
// cut into words and numbers.
//
// Source: PEP 440 (version specifiers specification), "Appendix B" and "Summary of permitted
// suffixes and relative ordering"; the former setuptools order for the rest.
#include "versions/pypi.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "versions/coerce.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

struct Word {
  std::string_view text;
  Pep440Place place;
};

// The longer spelling stands before its own beginning.
constexpr Word pre_words[] = {
    {"alpha", Pep440Place::alpha},       {"a", Pep440Place::alpha},
    {"beta", Pep440Place::beta},         {"b", Pep440Place::beta},
    {"preview", Pep440Place::candidate}, {"pre", Pep440Place::candidate},
    {"c", Pep440Place::candidate},       {"rc", Pep440Place::candidate},
};
constexpr Word post_words[] = {
    {"post", Pep440Place::given}, {"rev", Pep440Place::given}, {"r", Pep440Place::given}};
constexpr Word dev_words[] = {{"dev", Pep440Place::given}};

bool is_separator(char c) {
  return c == '.' || c == '-' || c == '_';
}

/// Reads the parts of a version from the left. A part that is not there takes nothing.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }

  bool take(char c) {
    if (at_end() || to_lower(text_[at_]) != c) return false;
    ++at_;
    return true;
  }

  std::string_view take_digits() {
    const std::size_t start = at_;
    at_ = end_of_digits(text_, at_);
    return text_.substr(start, at_ - start);
  }

  /// "12!" at the front.
  std::string_view take_epoch() {
    const std::size_t start = at_;
    const std::string_view digits = take_digits();
    if (!digits.empty() && take('!')) return digits;
    at_ = start;
    return {};
  }

  /// "1.2.3"; a dot without a number after it is left.
  std::string_view take_release() {
    const std::size_t start = at_;
    at_ = end_of_digits(text_, at_);
    while (at_ > start && at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      at_ = end_of_digits(text_, at_ + 1);
    }
    return text_.substr(start, at_ - start);
  }

  /// [separator] word [separator] [number]; the second separator may stand without a number.
  template <std::size_t N>
  std::optional<Pep440Part> take_part(const Word (&words)[N]) {
    if (at_end()) return std::nullopt;
    const std::size_t start = at_;
    skip_separator();
    for (const Word& word : words) {
      if (compare_ignoring_case(text_.substr(at_, word.text.size()), word.text) != 0) continue;
      at_ += word.text.size();
      skip_separator();
      const std::string_view number = take_digits();
      return Pep440Part{word.place, number};
    }
    at_ = start;
    return std::nullopt;
  }

  /// "-12", the short form of a post-release.
  std::optional<Pep440Part> take_implicit_post() {
    const std::size_t start = at_;
    if (take('-')) {
      const std::string_view number = take_digits();
      if (!number.empty()) return Pep440Part{Pep440Place::given, number};
    }
    at_ = start;
    return std::nullopt;
  }

  /// "+ubuntu.1": words of letters and digits with one separator between them.
  std::string_view take_local() {
    if (at_end() || text_[at_] != '+') return {};
    std::size_t at = at_ + 1;
    for (;;) {
      const std::size_t word = at;
      while (at < text_.size() && (is_digit(text_[at]) || is_letter(text_[at])))
        ++at;
      if (at == word) return {};
      if (at == text_.size()) break;
      if (!is_separator(text_[at])) return {};
      ++at;
    }
    const std::string_view local = text_.substr(at_ + 1);
    at_ = at;
    return local;
  }

 private:
  void skip_separator() {
    if (!at_end() && is_separator(text_[at_])) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Takes the first word before a separator off the front.
std::string_view take_word(std::string_view& rest) {
  const auto end =
      static_cast<std::size_t>(std::ranges::find_if(rest, is_separator) - rest.begin());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

std::strong_ordering compare_releases(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const auto order = compare_numbers(take_word(a), take_word(b));
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_parts(const Pep440Part& a, const Pep440Part& b) {
  if (a.place != b.place) return a.place <=> b.place;
  return compare_numbers(a.number, b.number);
}

/// Numbers come after words here; the local part that ends first is smaller, none is smallest.
std::strong_ordering compare_locals(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view left = take_word(a);
    const std::string_view right = take_word(b);
    const bool left_number = is_number(left);
    const bool right_number = is_number(right);
    if (left_number != right_number) return left_number <=> right_number;
    const auto order =
        left_number ? compare_numbers(left, right) : compare_ignoring_case(left, right);
    if (order != 0) return order;
  }
  return b.empty() <=> a.empty();
}

/// The pieces of a text that is no version: runs of digits, runs of letters, hyphens, and runs of
/// anything else; dots only separate.
std::vector<std::string_view> legacy_pieces(std::string_view text) {
  const auto kind = [](char c) { return is_digit(c) ? 0 : is_letter(c) ? 1 : c == '.' ? 2 : 3; };
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] != '-' && text[at] != '.') {
      while (end < text.size() && text[end] != '-' && kind(text[end]) == kind(text[at]))
        ++end;
    }
    if (text[at] != '.') pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

/// The name under which a piece that is no number is ordered.
std::string_view legacy_name(std::string_view piece) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"pre", "c"}, {"preview", "c"}, {"-", "final-"}, {"rc", "c"}, {"dev", "@"}};
  for (const auto& [word, name] : names) {
    if (compare_ignoring_case(piece, word) == 0) return name;
  }
  return piece;
}

/// A word before "final" drops the hyphens before it, every word the zeros before it.
std::vector<std::string_view> legacy_key(std::string_view text) {
  constexpr std::string_view end = "final";
  std::vector<std::string_view> pieces = legacy_pieces(text);
  pieces.push_back(end);
  std::vector<std::string_view> key;
  for (const std::string_view piece : pieces) {
    const std::string_view name = is_number(piece) ? piece : legacy_name(piece);
    if (!is_number(name)) {
      if (std::is_lt(compare_ignoring_case(name, end))) {
        while (!key.empty() && key.back() == "final-")
          key.pop_back();
      }
      while (!key.empty() && is_number(key.back()) && significant(key.back()).empty()) {
        key.pop_back();
      }
    }
    key.push_back(name);
  }
  return key;
}

std::strong_ordering compare_legacy(std::string_view a, std::string_view b) {
  const auto left = legacy_key(a);
  const auto right = legacy_key(b);
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    const bool left_number = is_number(left[i]);
    const bool right_number = is_number(right[i]);
    if (left_number != right_number) return left_number <=> right_number;
    const auto order =
        left_number ? compare_numbers(left[i], right[i]) : compare_ignoring_case(left[i], right[i]);
    if (order != 0) return order;
  }
  return left.size() <=> right.size();
}

/// Numbers with a dot between them and nothing else: "2.14.1".
bool is_release(std::string_view text) {
  bool is_after_digit = false;
  for (const char c : text) {
    if (!is_digit(c) && !(c == '.' && is_after_digit)) return false;
    is_after_digit = c != '.';
  }
  return is_after_digit;
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  // SPEED: most versions have no other part.
  if (is_release(a) && is_release(b)) return compare_releases(a, b);
  const auto left = parse_pep440(a);
  const auto right = parse_pep440(b);
  if (left && right) return compare_pep440(*left, *right);
  if (left.has_value() != right.has_value()) return left.has_value() <=> right.has_value();
  return compare_legacy(a, b);
}

bool is_valid(std::string_view version) {
  return version.size() <= max_version_bytes && parse_pep440(version).has_value();
}

}  // namespace

std::optional<Pep440> parse_pep440(std::string_view text) {
  Reader reader(without_spaces(text));
  reader.take('v');
  Pep440 version;
  version.epoch = reader.take_epoch();
  version.release = reader.take_release();
  if (version.release.empty()) return std::nullopt;
  const auto pre = reader.take_part(pre_words);
  auto post = reader.take_implicit_post();
  if (!post) post = reader.take_part(post_words);
  const auto dev = reader.take_part(dev_words);
  version.local = reader.take_local();
  if (!reader.at_end()) return std::nullopt;
  if (pre) version.pre = *pre;
  if (!pre && !post && dev) version.pre.place = Pep440Place::smallest;
  if (post) version.post = *post;
  if (dev) version.dev = *dev;
  return version;
}

std::strong_ordering compare_pep440(const Pep440& a, const Pep440& b) {
  if (const auto order = compare_numbers(a.epoch, b.epoch); order != 0) return order;
  if (const auto order = compare_releases(a.release, b.release); order != 0) return order;
  if (const auto order = compare_parts(a.pre, b.pre); order != 0) return order;
  if (const auto order = compare_parts(a.post, b.post); order != 0) return order;
  if (const auto order = compare_parts(a.dev, b.dev); order != 0) return order;
  return compare_locals(a.local, b.local);
}

std::string normal_pypi(std::string_view version) {
  const auto parsed = parse_pep440(version);
  if (!parsed) return std::string(version);
  const auto plain = [](std::string_view digits) {
    const std::string_view shorter = significant(digits);
    return shorter.empty() ? std::string_view("0") : shorter;
  };
  std::string text;
  if (!significant(parsed->epoch).empty()) text.append(plain(parsed->epoch)).append("!");
  for (std::string_view rest = parsed->release; !rest.empty();) {
    if (rest.size() != parsed->release.size()) text += '.';
    text += plain(take_word(rest));
  }
  const Pep440Part& pre = parsed->pre;
  if (pre.place == Pep440Place::alpha) text.append("a").append(plain(pre.number));
  if (pre.place == Pep440Place::beta) text.append("b").append(plain(pre.number));
  if (pre.place == Pep440Place::candidate) text.append("rc").append(plain(pre.number));
  if (parsed->post.place == Pep440Place::given)
    text.append(".post").append(plain(parsed->post.number));
  if (parsed->dev.place == Pep440Place::given)
    text.append(".dev").append(plain(parsed->dev.number));
  char mark = '+';
  for (std::string_view rest = parsed->local; !rest.empty(); mark = '.') {
    const std::string_view word = take_word(rest);
    text += mark;
    for (const char c : is_number(word) ? plain(word) : word)
      text += to_lower(c);
  }
  return text;
}

constinit const Scheme pypi = {"pypi", "PEP 440", compare, is_valid};

}  // namespace lockstep::versions
