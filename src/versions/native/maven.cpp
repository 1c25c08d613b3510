// SPDX-License-Identifier: Apache-2.0
// Ranges of Maven: "[1.0,2.0),[3.0]".
//
// Intervals in ascending order with commas between them; "[1.0]" is one version. A version without
// brackets is what Maven prefers, and keeps no other version out.
//
// Source: Maven POM Reference, "Dependency Version Requirement Specification".
#include <algorithm>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "versions/native/interval.hpp"
#include "versions/native/native.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

/// Whether the interval `after` begins where `before` ends, or later. Where `before` does not end,
/// Maven asks nothing.
bool is_in_order(const Interval& before, const Interval& after) {
  if (before.to.empty()) return true;
  return !after.from.empty() && std::is_lteq(maven.compare(before.to, after.from));
}

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions&) {
  std::string_view rest = without_spaces(text);
  if (rest.empty()) return std::nullopt;
  if (rest.front() != '[' && rest.front() != '(') {
    if (rest.find_first_of("[](),") != std::string_view::npos) return std::nullopt;
    return std::vector<NativeTerms>{{{Relation::any, ""}}};
  }
  std::vector<NativeTerms> alternatives;
  std::optional<Interval> before;
  while (!rest.empty()) {
    const auto interval = take_interval(rest);
    if (!interval || is_impossible(*interval, maven)) return std::nullopt;
    if (before && !is_in_order(*before, *interval)) return std::nullopt;
    alternatives.push_back(terms_of(*interval));
    before = interval;
    rest = without_spaces(rest);
    if (rest.starts_with(',')) rest = without_spaces(rest.substr(1));
  }
  return alternatives;
}

bool holds_for(const NativeTerms& terms, std::string_view version, const NativeOptions&) {
  return std::ranges::all_of(terms, [&](const NativeTerm& term) {
    return holds(term.relation, maven.compare(version, term.version));
  });
}

}  // namespace

constinit const NativeSyntax native_maven = {
    "maven", "Maven POM Reference, Dependency Version Requirement Specification", &maven, parse,
    holds_for};

}  // namespace lockstep::versions
