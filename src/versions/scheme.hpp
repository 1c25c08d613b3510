// SPDX-License-Identifier: Apache-2.0
// The family of version schemes: how the versions of one ecosystem are ordered. Each scheme is one
// file and one row; docs/how-to-add/scheme.md shows a whole member.
#pragma once

#include <compare>
#include <span>
#include <string_view>

namespace lockstep::versions {

/// How the versions of one ecosystem are ordered.
struct Scheme {
  std::string_view name;          ///< "debian"
  std::string_view specified_by;  ///< where the order is written down

  /// A total preorder on all texts, also on those that are no versions: it never fails, and equal
  /// texts are equivalent. Numbers may have any length. No allocation on valid versions; time
  /// linear in the lengths.
  std::weak_ordering (*compare)(std::string_view a, std::string_view b);

  /// Whether the scheme's own tool takes the text as a version.
  bool (*is_valid)(std::string_view version);
};

/// All schemes, sorted by name.
std::span<const Scheme* const> schemes();

/// The scheme of an OSV ecosystem, with or without a suffix: "Debian:12", "PyPI",
/// "Maven:https://...". Case as OSV writes it. Null for an ecosystem without a scheme here: nothing
/// is guessed.
const Scheme* scheme_for_ecosystem(std::string_view ecosystem);

// One row per file.
extern const Scheme crates;
extern const Scheme debian;
extern const Scheme go;
extern const Scheme maven;
extern const Scheme npm;
extern const Scheme pypi;
extern const Scheme semver;

}  // namespace lockstep::versions
