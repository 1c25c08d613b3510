// SPDX-License-Identifier: Apache-2.0
// Versions of Go modules: SemVer 2.0 in the order. A module's version is written with a 'v'
// ("v1.2.3"), an advisory's without; both are taken. Pseudo-versions are pre-releases.
//
// Source: Go Modules Reference, "Versions" and "Pseudo-versions".
#include <string_view>

#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/semver.hpp"

namespace lockstep::versions {

namespace {

bool is_valid(std::string_view version) {
  if (version.size() > max_version_bytes) return false;
  if (version.starts_with('v')) version.remove_prefix(1);
  return strict_semver(version).has_value();
}

}  // namespace

constinit const Scheme go = {"go", "Go Modules Reference, Versions", compare_semver, is_valid};

}  // namespace lockstep::versions
