// SPDX-License-Identifier: Apache-2.0
// Source code by its repository and revision. Which commits come before another is known to the
// history of the repository alone, which is not at hand: what can be answered is whether a tag is
// listed and whether a commit is one that a range names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "advisories/evaluate.hpp"
#include "domain/purl.hpp"

namespace lockstep::advisories {

/// The form of the address of a repository that is compared: "github.com/acme/crane" of
/// "git+https://github.com/Acme/crane.git".
std::string normalised_repository(std::string_view address);

/// What a package URL says about where the source code is from.
struct Revision {
  std::string repository;  ///< normalised
  std::string name;        ///< a tag or a commit; "" when it gives none
};

/// Of types that name repositories, and of the qualifier `vcs_url` of all others; nothing else.
/// Source: the purl type definitions; SPDX 2.3, 7.7 "Package download location".
std::optional<Revision> revision_of(const Purl& purl);

/// Affected is a tag that the entry lists, a commit that begins or ends a range, and every revision
/// where a range has no end and begins with the repository. Not affected is the commit that mends
/// it, where nothing else is left open.
/// @param affected an entry of `git_ecosystem`
/// @param revision not empty
Evaluation evaluate_revision(const AffectedVersions& affected, std::string_view revision);

}  // namespace lockstep::advisories
