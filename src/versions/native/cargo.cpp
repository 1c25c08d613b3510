// SPDX-License-Identifier: Apache-2.0
// Requirements of Cargo: "1.2", "^1.2.3", "~1", "1.*", ">=1.2, <1.5".
//
// All comparators between the commas must hold; one without an operator is a caret. "*" stands
// alone. A pre-release is in the range only when a comparator names a pre-release of the same three
// numbers.
//
// DEVIATION(Cargo): "1, 1.0.0-beta" holds 1.0.0-rc.1 there, because 1 lacks the numbers that could
// keep it out; here 1 begins at 1.0.0.
//
// Source: The Cargo Book, "Specifying Dependencies", "Version requirement syntax".
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "versions/limits.hpp"
#include "versions/native/comparators.hpp"
#include "versions/native/native.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::string_view max_number = "18446744073709551615";

bool is_wildcard(std::string_view text) {
  return text == "*" || text == "x" || text == "X";
}

/// Adds one comparator; false when it is none.
bool add_comparator(Comparators& out, std::string_view text) {
  const std::string_view sign = take_sign(text);
  if (sign == "~>" || text.empty() || !is_digit(text.front())) return false;
  const auto version = parse_partial(text, false);
  if (!version || version->is_out_of_order) return false;
  const bool is_partial = version->count() < 3;
  if (is_partial && text.find_first_of("-+") != std::string_view::npos) return false;
  const bool has_wildcard = is_partial && text.find_first_of("*xX") != std::string_view::npos;
  return out.add(sign.empty() && !has_wildcard ? "^" : sign, *version);
}

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions& options) {
  if (is_wildcard(without_spaces(text))) return std::vector<NativeTerms>{{NativeTerm()}};
  Comparators out(options.prereleases == Prereleases::all, max_number);
  for (const std::string_view piece : split(text, ',')) {
    if (!add_comparator(out, without_spaces(piece))) return std::nullopt;
  }
  auto terms = std::move(out).terms();
  if (!terms) return std::nullopt;
  return std::vector<NativeTerms>{*std::move(terms)};
}

bool holds_for(const NativeTerms& terms, std::string_view text, const NativeOptions& options) {
  if (text.size() > max_version_bytes || !crates.is_valid(text)) return false;
  const auto version = full_version(text, false, max_number);
  return version && holds_for_semver(terms, *version, options.prereleases == Prereleases::all);
}

}  // namespace

constinit const NativeSyntax native_cargo = {"cargo", "The Cargo Book, Version requirement syntax",
                                             &crates, parse, holds_for};

}  // namespace lockstep::versions
