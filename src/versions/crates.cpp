// SPDX-License-Identifier: Apache-2.0
// Versions of Rust crates: SemVer 2.0, whose numbers must fit 64 bits.
//
// Source: The Cargo Book, "The version field".
#include <compare>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/semver.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

constexpr std::string_view max_number = "18446744073709551615";

bool is_valid(std::string_view version) {
  if (version.size() > max_version_bytes) return false;
  const auto numbers = strict_semver(version);
  return numbers && std::is_lteq(compare_numbers(numbers->major, max_number)) &&
         std::is_lteq(compare_numbers(numbers->minor, max_number)) &&
         std::is_lteq(compare_numbers(numbers->patch, max_number));
}

}  // namespace

constinit const Scheme crates = {"crates", "The Cargo Book, The version field", compare_semver,
                                 is_valid};

}  // namespace lockstep::versions
