// SPDX-License-Identifier: Apache-2.0
// Ranges of versions in names of product_version_range: VERS ("vers:npm/>=1.2.0|<2.0.0"), or its
// constraints alone ("vls", "<4.2"), for which no order is specified.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "versions/vers.hpp"

namespace lockstep::formats::csaf {

using versions::Comparator;
using Constraint = versions::VersConstraint;

struct VersionRange {
  bool is_vers = false;
  std::string type;                     ///< of VERS: "npm"; "" otherwise
  bool is_all = false;                  ///< "*", every version
  std::vector<Constraint> constraints;  ///< of VERS in the order of the versions
  std::string problem;                  ///< what breaks the form, in words; "" when nothing does
};

/// Reads a name. Never fails: what is wrong is in `problem`.
/// Source: VERS specification; CSAF 2.1, 3.1.2.3.2.
VersionRange parse_range(std::string_view name);

/// Whether the specification of VERS registers a type.
bool is_registered_type(std::string_view type);

/// Whether this program knows the order of the versions of a type.
bool is_known_type(std::string_view type);

/// The order of two versions of a type. Without a type, or of one that is not known, runs of digits
/// count as numbers and all else as letters: a guess, good enough to warn.
std::weak_ordering compare_versions(std::string_view type, std::string_view a, std::string_view b);

/// What keeps the range of a name whose form is right from being canonical, in words; "" when
/// nothing does. Of unknown types and vls only a version that is named twice is seen.
std::string problem_of_order(std::string_view name);

/// Whether a range holds one version only.
bool is_single(const VersionRange& range);

/// Whether a range has no upper end.
bool is_open_above(const VersionRange& range);

/// Whether a version is in a range; `type` gives the order.
bool contains(const VersionRange& range, std::string_view type, std::string_view version);

/// Whether two ranges have a version in common, under the order of `type`. Ranges are taken as
/// dense: between two different versions lies another one.
bool overlap(const VersionRange& a, const VersionRange& b, std::string_view type);

}  // namespace lockstep::formats::csaf
