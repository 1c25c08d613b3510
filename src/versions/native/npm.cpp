// SPDX-License-Identifier: Apache-2.0
// Ranges of npm: "^1.2.3 || ~2.4 || 1.x || 1.0 - 2.0 || >=3 <4".
//
// Everything becomes plain comparators (see comparators.hpp). A pre-release is in a range only
// when one of the comparators of the alternative names a pre-release of the same three numbers, or
// when all pre-releases count; then intervals that come from missing numbers begin at their first
// pre-release, too.
//
// Source: npm's semver documentation, "Ranges".
#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "versions/native/comparators.hpp"
#include "versions/native/native.hpp"
#include "versions/native/words.hpp"
#include "versions/semver.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::size_t max_npm_bytes = 256;
constexpr std::string_view max_safe_integer = "9007199254740991";

bool is_approximate(std::string_view sign) {
  return sign == "^" || sign.starts_with('~');
}

/// Whether the version begins with a digit, but for one 'v'.
bool is_plain(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  return !version.empty() && is_digit(version.front());
}

std::optional<NativeTerms> parse_alternative(std::string_view text, const NativeOptions& options) {
  Comparators out(options.prereleases == Prereleases::all, max_safe_integer);
  std::string_view rest = without_spaces(text);
  if (const auto words = words_of(rest); words.size() == 3 && words[1] == "-") {
    const auto from = parse_partial(words[0], options.is_loose);
    const auto to = parse_partial(words[2], options.is_loose);
    if (!from || !to) return std::nullopt;
    out.add_hyphen_range(*from, *to);
    rest = {};
  }
  while (!rest.empty()) {
    std::string_view sign = take_sign(rest);
    if ((sign == "<" || sign == ">") && rest.starts_with('=')) {
      sign = sign == "<" ? "<=" : ">=";
      rest = without_spaces(rest.substr(1));
    }
    const std::string_view word = take_word(rest);
    const auto version = parse_partial(word, options.is_loose);
    if (!version || !out.add(sign, *version)) return std::nullopt;
    const bool may_have_marks = options.is_loose || version->count() < 3 || is_approximate(sign);
    if (!may_have_marks && !is_plain(word)) return std::nullopt;
  }
  return std::move(out).terms();
}

/// An alternative of any version stands alone, one of none is left out where there are others.
std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions& options) {
  std::vector<NativeTerms> alternatives;
  for (const std::string_view piece : split_at(text, "||")) {
    auto terms = parse_alternative(piece, options);
    if (!terms) return std::nullopt;
    alternatives.push_back(*std::move(terms));
  }
  const auto any = std::ranges::find(alternatives, NativeTerms{NativeTerm()});
  if (any != alternatives.end()) return std::vector<NativeTerms>{*any};
  const NativeTerms first = alternatives.front();
  std::erase_if(alternatives, is_nothing);
  if (alternatives.empty()) alternatives.push_back(first);
  return alternatives;
}

bool holds_for(const NativeTerms& terms, std::string_view text, const NativeOptions& options) {
  if (text.size() > max_npm_bytes) return false;
  const auto version = full_version(text, options.is_loose, max_safe_integer);
  return version && holds_for_semver(terms, *version, options.prereleases == Prereleases::all);
}

bool points_up(Relation relation) {
  return relation == Relation::greater || relation == Relation::greater_or_equal;
}

bool meets(const NativeTerm& a, const NativeTerm& b, const NativeOptions& options) {
  if (a.relation == Relation::any || b.relation == Relation::any) return true;
  if (a.relation == Relation::equal) return holds_for({b}, a.version, options);
  if (b.relation == Relation::equal) return holds_for({a}, b.version, options);
  for (const NativeTerm& each : {a, b}) {
    const std::string_view least = options.prereleases == Prereleases::all ? "0.0.0-0" : "0.0.0";
    const bool holds_nothing =
        each.relation == Relation::less && std::is_lteq(compare_semver(each.version, least));
    if (holds_nothing) return false;
  }
  if (points_up(a.relation) == points_up(b.relation)) return true;
  const auto order = compare_semver(a.version, b.version);
  if (std::is_neq(order)) return points_up(a.relation) == std::is_lt(order);
  return a.relation != Relation::less && a.relation != Relation::greater &&
         b.relation != Relation::less && b.relation != Relation::greater;
}

std::optional<bool> npm_intersects(const NativeRange& a, const NativeRange& b) {
  return meet_two_by_two(a, b, meets);
}

}  // namespace

constinit const NativeSyntax native_npm = {
    "npm", "npm semver documentation, Ranges", &npm, parse, holds_for, npm_intersects};

}  // namespace lockstep::versions
