// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstep::versions {

/// What the number of the first pre-release is.
enum class PrereleaseBase { zero, one, none };

/// The next version of a semantic version, as npm makes it.
/// @param step major, minor, patch, premajor, preminor, prepatch, prerelease, or release, which
/// ends
///             a pre-release
/// @param identifier of pre-releases: "beta" for 1.2.4-beta.0; "" for none
/// Nothing when there is none: no such step, no version, an identifier that is none or does not
/// move the version, the release of a release.
std::optional<std::string> next_npm_version(std::string_view version,
                                            std::string_view step,
                                            std::string_view identifier = "",
                                            PrereleaseBase base = PrereleaseBase::zero,
                                            bool is_loose = false);

}  // namespace lockstep::versions
