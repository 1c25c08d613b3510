// SPDX-License-Identifier: Apache-2.0
// Requirements of Ruby gems: "~> 2.2", ">= 1.0, < 3", "!= 1.5".
//
// All comparators between the commas must hold; one without an operator asks for equality, no text
// is version 0. "~> 2.2.1" asks for 2.2.1 or later whose release, without the words of a
// pre-release, comes before 2.3: 2.3.a is not in it, though it comes before 2.3.
//
// Source: RubyGems, Gem::Requirement and Gem::Version.
#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "versions/native/native.hpp"
#include "versions/native/words.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

// The longer sign stands before its own beginning.
constexpr std::array<std::pair<std::string_view, Relation>, 7> signs = {
    {{"!=", Relation::not_equal},
     {">=", Relation::greater_or_equal},
     {"<=", Relation::less_or_equal},
     {"~>", Relation::compatible},
     {"=", Relation::equal},
     {">", Relation::greater},
     {"<", Relation::less}}};

/// Nothing when the text is no version; no text is 0.
std::optional<std::string_view> version_of(std::string_view text) {
  text = without_spaces(text);
  if (text.empty()) return "0";
  return rubygems.is_valid(text) ? std::optional(text) : std::nullopt;
}

/// The numbers before the first word.
std::vector<std::string_view> release_of(std::string_view version) {
  std::vector<std::string_view> numbers;
  for (const std::string_view piece : split(version.substr(0, version.find('-')), '.')) {
    const std::size_t end = end_of_digits(piece, 0);
    if (end > 0) numbers.push_back(piece.substr(0, end));
    if (end < piece.size()) break;
  }
  return numbers;
}

std::string joined(const std::vector<std::string_view>& numbers) {
  std::string text;
  for (const std::string_view number : numbers)
    text.append(text.empty() ? "" : ".").append(number);
  return text;
}

/// 2.3 for 2.2.1, 6 for 5 and for 5.a
std::string bumped(std::string_view version) {
  auto numbers = release_of(version);
  if (numbers.size() > 1) numbers.pop_back();
  const std::string last = successor(numbers.back());
  numbers.back() = last;
  return joined(numbers);
}

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions&) {
  NativeTerms terms;
  for (const std::string_view piece : split(text, ',')) {
    std::string_view rest = without_spaces(piece);
    Relation relation = Relation::equal;
    for (const auto& [sign, each] : signs) {
      if (!rest.starts_with(sign)) continue;
      relation = each;
      rest = without_spaces(rest.substr(sign.size()));
      break;
    }
    if (rest.empty() || !rubygems.is_valid(rest)) return std::nullopt;
    terms.push_back({relation, std::string(rest)});
  }
  return std::vector<NativeTerms>{std::move(terms)};
}

bool holds_for(const NativeTerms& terms, std::string_view text, const NativeOptions&) {
  const auto version = version_of(text);
  if (!version) return false;
  return std::ranges::all_of(terms, [&](const NativeTerm& term) {
    const auto order = rubygems.compare(*version, term.version);
    if (term.relation != Relation::compatible) return holds(term.relation, order);
    return std::is_gteq(order) &&
           std::is_lt(rubygems.compare(joined(release_of(*version)), bumped(term.version)));
  });
}

}  // namespace

constinit const NativeSyntax native_gem = {"gem", "RubyGems, Gem::Requirement", &rubygems, parse,
                                           holds_for};

}  // namespace lockstep::versions
