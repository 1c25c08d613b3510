// SPDX-License-Identifier: Apache-2.0
// Requirements of Cargo: "1.2", "^1.2.3", "~1", "1.*", ">=1.2, <1.5".
//
// All comparators between the commas must hold; one without an operator is a caret. "*" stands
// alone. A pre-release is in the range only when a comparator names a pre-release of the same three
// numbers.
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

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions& options) {
  Comparators out(options.prereleases == Prereleases::all, max_number);
  text = without_spaces(text);
  if (is_wildcard(text)) text = {};
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view piece = without_spaces(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::string_view sign = take_sign(piece);
    if (sign == "~>" || piece.empty() || !is_digit(piece.front())) return std::nullopt;
    const auto version = parse_partial(piece, false);
    if (!version || version->is_out_of_order) return std::nullopt;
    const bool has_wildcard = piece.find_first_of("*xX") < piece.find_first_of("-+");
    const bool is_caret = sign.empty() && !(has_wildcard && version->count() < 3);
    if (!out.add(is_caret ? "^" : sign, *version)) return std::nullopt;
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
