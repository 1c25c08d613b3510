// SPDX-License-Identifier: Apache-2.0
// Versions of npm: SemVer 2.0 in the order, with npm's own bounds on what is a version: at most 256
// bytes, numbers that a JavaScript number holds exactly, and a 'v' or '=' in front allowed.
//
// Source: npm's semver documentation, "Versions".
#include <compare>
#include <cstddef>
#include <string_view>

#include "versions/scheme.hpp"
#include "versions/semver.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::size_t max_npm_bytes = 256;
constexpr std::string_view max_safe_integer = "9007199254740991";

bool is_valid(std::string_view version) {
  if (version.size() > max_npm_bytes) return false;
  while (!version.empty() && is_space(version.back()))
    version.remove_suffix(1);
  while (!version.empty() && is_space(version.front()))
    version.remove_prefix(1);
  while (!version.empty() && (version.front() == 'v' || version.front() == '=')) {
    version.remove_prefix(1);
  }
  while (!version.empty() && is_space(version.front()))
    version.remove_prefix(1);
  const auto numbers = strict_semver(version);
  return numbers && std::is_lteq(compare_numbers(numbers->major, max_safe_integer)) &&
         std::is_lteq(compare_numbers(numbers->minor, max_safe_integer)) &&
         std::is_lteq(compare_numbers(numbers->patch, max_safe_integer));
}

}  // namespace

constinit const Scheme npm = {"npm", "npm semver documentation, Versions", compare_semver,
                              is_valid};

}  // namespace lockstep::versions
