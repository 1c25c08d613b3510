// SPDX-License-Identifier: Apache-2.0
// Version specifiers of Python: ">=1.0, !=1.3.4.*, ~=1.2".
//
// All specifiers between the commas must hold; none at all hold for every text. Local versions do
// not count unless "==" or "!=" names one. "<1.0" keeps out the pre-releases of 1.0, and ">1.0" its
// post-releases, because those are what the range excludes. "===" compares texts, also texts that
// are no version.
//
// Whether pre-releases are wanted decides which version a tool chooses; one version alone is in the
// range by its number, unless pre-releases are ruled out.
//
// Source: PEP 440 (version specifiers specification), "Version specifiers".
#include "versions/pypi.hpp"

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
#include "versions/native/pypi_bounds.hpp"
#include "versions/native/pypi_sets.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

// The longer sign stands before its own beginning.
constexpr std::array<std::pair<std::string_view, Relation>, 8> signs = {
    {{"===", Relation::identical},
     {"~=", Relation::compatible},
     {"==", Relation::equal},
     {"!=", Relation::not_equal},
     {"<=", Relation::less_or_equal},
     {">=", Relation::greater_or_equal},
     {"<", Relation::less},
     {">", Relation::greater}}};

std::string_view take_number(std::string_view& rest) {
  const std::size_t dot = std::min(rest.find('.'), rest.size());
  const std::string_view number = rest.substr(0, dot);
  rest.remove_prefix(std::min(dot + 1, rest.size()));
  return number;
}

/// Whether the version begins with the epoch and the numbers; what it lacks is 0.
bool begins_with(const Pep440& version, std::string_view epoch, std::string_view numbers) {
  if (compare_numbers(version.epoch, epoch) != 0) return false;
  for (std::string_view rest = version.release; !numbers.empty();) {
    if (compare_numbers(take_number(rest), take_number(numbers)) != 0) return false;
  }
  return true;
}

bool holds_for(const NativeTerm& term, const Pep440& version) {
  if (term.relation == Relation::any) return true;
  const auto bound = parse_pep440(term.version);
  if (!bound) return false;
  switch (term.relation) {
    case Relation::like:
      return begins_with(version, bound->epoch, bound->release);
    case Relation::unlike:
      return !begins_with(version, bound->epoch, bound->release);
    case Relation::less:
      return compare_pep440(version, first_excluded(*bound)) < 0;
    case Relation::greater:
      return compare_pep440(public_of(version), last_excluded(*bound)) > 0;
    default:
      break;
  }
  const Pep440 compared = bound->local.empty() ? public_of(version) : version;
  return holds(term.relation, compare_pep440(compared, *bound));
}

bool holds_for_all(const NativeTerms& terms, std::string_view text, const NativeOptions& options) {
  const auto version = parse_pep440(text);
  if (version && options.prereleases == Prereleases::none && is_prerelease(*version)) return false;
  return std::ranges::all_of(terms, [&](const NativeTerm& term) {
    if (term.relation == Relation::identical) {
      return compare_ignoring_case(without_spaces(text), term.version) == 0;
    }
    return version && holds_for(term, *version);
  });
}

/// Appends the terms of one specifier; false when it is none.
bool add_specifier(NativeTerms& terms, std::string_view text) {
  const auto* row = std::ranges::find_if(
      signs, [text](const auto& each) { return text.starts_with(each.first); });
  if (row == signs.end()) return false;
  const Relation relation = row->second;
  std::string_view version = without_spaces(text.substr(row->first.size()));
  if (relation == Relation::identical) {
    terms.push_back({relation, std::string(version)});
    return !version.empty() && version.find_first_of(" \t;)") == std::string_view::npos;
  }
  const bool equality = relation == Relation::equal || relation == Relation::not_equal;
  const bool wildcard = equality && version.ends_with(".*");
  if (wildcard) version.remove_suffix(2);
  const auto parsed = parse_pep440(version);
  if (!parsed || (!equality && !parsed->local.empty())) return false;
  if (wildcard) {
    terms.push_back(
        {relation == Relation::equal ? Relation::like : Relation::unlike, std::string(version)});
    // A wildcard follows the release; "1rc1" ends like its release, but not with it.
    return parsed->release.data() + parsed->release.size() == version.data() + version.size();
  }
  if (relation != Relation::compatible) {
    terms.push_back({relation, std::string(version)});
    return true;
  }
  // "~=1.4.2a1" stands for ">=1.4.2a1, ==1.4.*".
  const std::size_t dot = parsed->release.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto end = static_cast<std::size_t>(parsed->release.data() - version.data()) + dot;
  terms.push_back({Relation::greater_or_equal, std::string(version)});
  terms.push_back({Relation::like, std::string(version.substr(0, end))});
  return true;
}

std::optional<std::vector<NativeTerms>> parse(std::string_view text, const NativeOptions&) {
  NativeTerms terms;
  for (const std::string_view piece : split(text, ',')) {
    const std::string_view specifier = without_spaces(piece);
    if (!specifier.empty() && !add_specifier(terms, specifier)) return std::nullopt;
  }
  return std::vector<NativeTerms>{std::move(terms)};
}

}  // namespace

constinit const NativeSyntax native_pypi = {
    "pypi",        "PEP 440, Version specifiers", &pypi, parse, holds_for_all, pypi_intersects,
    pypi_is_within};

}  // namespace lockstep::versions
