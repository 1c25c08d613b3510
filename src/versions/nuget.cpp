// SPDX-License-Identifier: Apache-2.0
// Versions of NuGet packages: up to four numbers, and the pre-releases of SemVer 2.0, in which the
// case of letters does not count: 1.0.0-BETA = 1.0-beta+build < 1.0 = 1.0.0.0 < 1.0.0.1.
//
// Source: NuGet documentation, "Package versioning", "Normalized version numbers".
#include <compare>
#include <cstddef>
#include <string_view>

#include "versions/dotted.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/semver.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::string_view max_number = "2147483647";

/// NuGet's tools take spaces around each number.
bool are_numbers(std::string_view text) {
  const auto is_dot = [](char c) { return c == '.'; };
  if (text.ends_with('.')) return false;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::string_view number = without_spaces(take_piece(text, is_dot));
    if (!is_number(number) || std::is_gt(compare_numbers(number, max_number))) return false;
    ++count;
  }
  return count >= 1 && count <= 4;
}

bool is_valid(std::string_view version) {
  if (version.size() > max_version_bytes) return false;
  version = without_spaces(version);
  const std::size_t plus = version.find('+');
  if (plus != std::string_view::npos && !is_identifier_list(version.substr(plus + 1), true)) {
    return false;
  }
  version = version.substr(0, plus);
  const std::size_t hyphen = version.find('-');
  if (hyphen != std::string_view::npos && !is_identifier_list(version.substr(hyphen + 1), true)) {
    return false;
  }
  return are_numbers(version.substr(0, hyphen));
}

}  // namespace

constinit const Scheme nuget = {"nuget", "NuGet documentation, Package versioning",
                                compare_semver_ignoring_case, is_valid};

}  // namespace lockstep::versions
