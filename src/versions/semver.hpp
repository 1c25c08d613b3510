// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace lockstep::versions {

/// The order of SemVer 2.0 with OSV's tolerances, shared by all schemes that are SemVer.
std::weak_ordering compare_semver(std::string_view a, std::string_view b);

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
