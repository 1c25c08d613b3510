// SPDX-License-Identifier: Apache-2.0
// Ranges of NuGet: "[1.0, 2.0)", "1.0" for 1.0 or later, and floating versions such as "1.*",
// "1.0.0-beta*" and "[1.*-*, 2.0)".
//
// What floats says which version NuGet would rather have; the least version that it can stand for
// is the lower end of the range. When pre-releases are not wanted, they are in the range only if
// one of its ends is one.
//
// Source: NuGet documentation, "Package versioning", "Version ranges" and "Floating version
// resolutions".
#include <algorithm>
#include <compare>
#include <cstddef>
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

bool is_prerelease(std::string_view version) {
  return version.substr(0, version.find('+')).find('-') != std::string_view::npos;
}

/// At least three numbers without leading zeros, a fourth only when it is not 0, no metadata.
std::string normal(std::string_view version) {
  std::string_view rest = without_spaces(version.substr(0, version.find('+')));
  const std::size_t hyphen = rest.find('-');
  const std::string_view label = hyphen == std::string_view::npos ? "" : rest.substr(hyphen);
  rest = rest.substr(0, hyphen);
  std::string text;
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    const std::string_view number = significant(without_spaces(rest.substr(0, dot)));
    rest.remove_prefix(std::min(dot + 1, rest.size()));
    if (i == 3 && number.empty()) break;
    if (i > 0) text += '.';
    text += number.empty() ? std::string_view("0") : number;
  }
  return text.append(label);
}

/// The least version that a floating one stands for; a version itself; nothing for other texts.
std::optional<std::string> least_version(std::string_view text) {
  if (text.find('*') == std::string_view::npos) {
    return nuget.is_valid(text) ? std::optional(std::string(text)) : std::nullopt;
  }
  const std::size_t hyphen = text.find('-');
  std::string numbers(text.substr(0, hyphen));
  if (numbers == "*" || numbers.ends_with(".*")) numbers.back() = '0';
  std::string least = std::move(numbers);
  if (hyphen != std::string_view::npos) {
    if (!text.ends_with('*')) return std::nullopt;
    const std::string_view label = text.substr(hyphen + 1, text.size() - hyphen - 2);
    least.append("-").append(label);
    if (label.empty() || label.ends_with('.')) least += '0';
  }
  return nuget.is_valid(least) && least.find('+') == std::string::npos ? std::optional(least)
                                                                       : std::nullopt;
}

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions&) {
  std::string_view rest = without_spaces(text);
  Interval interval;
  if (rest.starts_with('[') || rest.starts_with('(')) {
    const auto found = take_interval(rest);
    if (!found || !rest.empty()) return std::nullopt;
    interval = *found;
  } else {
    interval.from = rest;
    interval.is_from_included = true;
    if (rest.empty()) return std::nullopt;
  }
  std::string from;
  std::string to;
  if (!interval.from.empty()) {
    const auto least = least_version(interval.from);
    if (!least) return std::nullopt;
    from = normal(*least);
  }
  if (!interval.to.empty()) {
    if (!nuget.is_valid(interval.to) && interval.to != interval.from) return std::nullopt;
    to = interval.to == interval.from ? from : normal(interval.to);
  }
  interval.from = from;
  interval.to = to;
  if (is_impossible(interval, nuget)) return std::nullopt;
  return std::vector<NativeTerms>{terms_of(interval)};
}

bool holds_for(const NativeTerms& terms, std::string_view version, const NativeOptions& options) {
  if (!nuget.is_valid(version)) return false;
  const bool all = std::ranges::all_of(terms, [&](const NativeTerm& term) {
    return holds(term.relation, nuget.compare(version, term.version));
  });
  if (!all || options.prereleases != Prereleases::none || !is_prerelease(version)) return all;
  return std::ranges::any_of(terms,
                             [](const NativeTerm& term) { return is_prerelease(term.version); });
}

}  // namespace

constinit const NativeSyntax native_nuget = {"nuget", "NuGet documentation, Version ranges", &nuget,
                                             parse, holds_for};

}  // namespace lockstep::versions
