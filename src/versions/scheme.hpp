// SPDX-License-Identifier: Apache-2.0
// The family of version schemes: how the versions of one ecosystem are ordered. Each scheme is one
// file and one row; docs/how-to-add/scheme.md shows a whole member.
#pragma once

#include <compare>
#include <span>
#include <string_view>
#include <vector>

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

  /// False where the scheme's own rule has A = B and B = C, but A < C: an absent release of alpm
  /// equals every release. "Before" and "after" are still opposites of each other. Such versions
  /// are only sorted by an algorithm that stays in bounds under every order (std::stable_sort).
  bool is_transitive = true;
};

/// All schemes, sorted by name.
std::span<const Scheme* const> schemes();

/// The scheme of an OSV ecosystem, with or without a suffix: "Debian:12", "PyPI",
/// "Maven:https://...", "Root:Alpine:3.18". Case as OSV writes it. Null for an ecosystem without
/// an order (see why_no_order) and for an unknown one: nothing is guessed.
const Scheme* scheme_for_ecosystem(std::string_view ecosystem);

/// Why the versions of a known ecosystem have no order here ("Linux": ...); "" when they have one,
/// and for an unknown ecosystem.
std::string_view why_no_order(std::string_view ecosystem);

/// The scheme under any name that people use, in any case: an OSV ecosystem, a type of package
/// URLs or of VERS ("gem", "deb", "golang"), a scheme ("rpm"), another word for one ("dpkg",
/// "pep440"). Null for others.
const Scheme* scheme_named(std::string_view name);

/// All names that scheme_named() and why_no_order() know, for suggestions.
std::vector<std::string_view> scheme_names();

// One row per file.
extern const Scheme alpm;
extern const Scheme apk;
extern const Scheme conan;
extern const Scheme cran;
extern const Scheme crates;
extern const Scheme datetime;
extern const Scheme debian;
extern const Scheme freebsd;
extern const Scheme generic;
extern const Scheme gentoo;
extern const Scheme go;
extern const Scheme hackage;
extern const Scheme intdot;
extern const Scheme lexicographic;
extern const Scheme maven;
extern const Scheme npm;
extern const Scheme nuget;
extern const Scheme opam;
extern const Scheme openssl;
extern const Scheme packagist;
extern const Scheme pub;
extern const Scheme pypi;
extern const Scheme rpm;
extern const Scheme rubygems;
extern const Scheme semver;

}  // namespace lockstep::versions
