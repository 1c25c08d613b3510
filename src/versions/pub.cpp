// SPDX-License-Identifier: Apache-2.0
// Versions of Dart packages: SemVer 2.0, but build metadata counts. A version with it comes after
// the same one without, and metadata are compared like pre-releases:
// 1.0.0-pre < 1.0.0 < 1.0.0+1 < 1.0.0+a.
//
// Source: pub_semver, "Semantics".
#include <compare>
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/semver.hpp"

namespace lockstep::versions {

namespace {

std::weak_ordering compare(std::string_view a, std::string_view b) {
  if (const auto order = compare_semver(a, b); std::is_neq(order)) return order;
  const std::string_view left = build_metadata(a);
  const std::string_view right = build_metadata(b);
  if (left.empty() || right.empty()) return right.empty() <=> left.empty();
  return compare_identifiers(left, right);
}

bool is_valid(std::string_view version) {
  return version.size() <= max_version_bytes && strict_semver(version).has_value();
}

}  // namespace

constinit const Scheme pub = {"pub", "pub_semver, Semantics", compare, is_valid};

}  // namespace lockstep::versions
