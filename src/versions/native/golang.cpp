// SPDX-License-Identifier: Apache-2.0
// Version queries of Go, as far as they name a set of versions: "v1.2.3" is itself, "v1.2" all
// versions that begin so, "<v1.2.3" and ">=v1.2" the versions on one side. Between "||" stand
// alternatives, between spaces or commas conditions that must all hold, as advisories write them.
//
// Pre-releases and pseudo-versions are versions like others. "latest", "upgrade", "patch" and names
// of branches choose a version out of a repository and are no ranges; "<=v1.2" and ">v1.2" are
// refused, as Go does, because it is not clear which v1.2.x they mean.
//
// Source: Go Modules Reference, "Version queries".
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "versions/native/comparators.hpp"
#include "versions/native/native.hpp"
#include "versions/native/words.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::string_view max_number = "18446744073709551615";

std::string_view take_condition(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && !is_space(rest[end]) && rest[end] != ',')
    ++end;
  const std::string_view condition = rest.substr(0, end);
  while (end < rest.size() && (is_space(rest[end]) || rest[end] == ','))
    ++end;
  rest.remove_prefix(end);
  return condition;
}

std::optional<NativeTerms> parse_alternative(std::string_view text) {
  Comparators out(true, max_number);
  std::string_view rest = without_spaces(text);
  if (rest.empty()) return std::nullopt;
  while (!rest.empty()) {
    const std::string_view sign = take_sign(rest);
    const std::string_view word = take_condition(rest);
    if (sign.starts_with('~') || sign == "^" || word.find_first_of("*xX=") < word.find('-')) {
      return std::nullopt;
    }
    auto version = parse_partial(word, false);
    if (!version) return std::nullopt;
    const bool is_prefix = version->count() < 3;
    if (is_prefix && (sign == ">" || sign == "<=")) return std::nullopt;
    if (is_prefix && (sign == "<" || sign == ">=")) {
      std::ranges::replace(version->numbers, std::string_view(), std::string_view("0"));
    }
    if (!out.add(sign, *version)) return std::nullopt;
  }
  return std::move(out).terms();
}

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions&) {
  std::vector<NativeTerms> alternatives;
  for (const std::string_view piece : split_at(text, "||")) {
    auto terms = parse_alternative(piece);
    if (!terms) return std::nullopt;
    alternatives.push_back(*std::move(terms));
  }
  return alternatives;
}

bool holds_for(const NativeTerms& terms, std::string_view text, const NativeOptions&) {
  if (!go.is_valid(text)) return false;
  const auto version = full_version(text, false, max_number);
  return version && holds_for_semver(terms, *version, true);
}

}  // namespace

constinit const NativeSyntax native_golang = {"golang", "Go Modules Reference, Version queries",
                                              &go, parse, holds_for};

}  // namespace lockstep::versions
