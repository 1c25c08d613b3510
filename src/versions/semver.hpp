// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace lockstep::versions {

/// The order of SemVer 2.0 with OSV's tolerances, shared by all schemes that are SemVer.
std::weak_ordering compare_semver(std::string_view a, std::string_view b);

/// The same order, in which the case of letters does not count.
std::weak_ordering compare_semver_ignoring_case(std::string_view a, std::string_view b);

/// Pre-releases, or build metadata, identifier by identifier between the dots: numbers before
/// words, numbers by value, words by their bytes; the list that ends first is smaller.
std::weak_ordering compare_identifiers(std::string_view a, std::string_view b);

/// Whether the text is one or more identifiers of letters, digits and '-' with dots between them;
/// `zeros_allowed` says whether a number may begin with 0.
bool is_identifier_list(std::string_view text, bool zeros_allowed);

/// What follows the first '+'; "" when there is none.
std::string_view build_metadata(std::string_view version);

/// The three numbers of a version, as written.
struct SemverNumbers {
  std::string_view major;
  std::string_view minor;
  std::string_view patch;
};

/// The numbers of a text that follows SemVer 2.0 to the letter (no "v", three numbers, no leading
/// zeros); nothing for every other text.
std::optional<SemverNumbers> strict_semver(std::string_view version);

}  // namespace lockstep::versions
