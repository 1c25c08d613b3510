// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "base/result.hpp"

namespace lockstep::app {

/// What a file of statements about versions says against the scheme.
struct VersionCheck {
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::vector<std::string> lines;  ///< one for each wrong statement, in file order
  std::string summary;             ///< "12 right, 1 wrong"
};

/// Checks each line `A OP B` of a file. `ecosystem` is an OSV ecosystem ("PyPI", "Debian:12") or
/// the name of a scheme ("maven"), in any case. Errors: version.ecosystem (usage),
/// version.statement, file.*.
Result<VersionCheck> check_versions(const std::string& ecosystem,
                                    const std::string& path,
                                    const Files& files);

/// Whether a version is in a range.
struct RangeCheck {
  std::string range;  ///< canonical; for a native one in plain comparators
  bool contains = false;
  std::string place =
      "";  ///< of a version that is not in a native range, if known: "above", "below"
  bool is_version = true;  ///< whether the notation of a native range takes it for a version
};

/// @param range a VERS such as "vers:npm/>=1.0.0|<2.0.0"
/// Errors: vers.*.
Result<RangeCheck> check_range(const std::string& range, const std::string& version);

/// The same for a range in the notation of a package manager, with its own rules.
/// @param type of VERS or of package URLs, such as "npm"; those without a notation of their own
/// here
///             are made a VERS first
/// @param prereleases "rule", "all" or "none"
/// Errors: vers.native, vers.type, vers.size.
Result<RangeCheck> check_native_range(const std::string& type,
                                      const std::string& range,
                                      const std::string& version,
                                      std::string_view prereleases,
                                      bool is_loose);

/// How two ranges of one package manager lie to each other.
struct RangeRelation {
  std::string left;  ///< in plain comparators
  std::string right;
  bool intersect = false;
  std::optional<bool> is_within;  ///< whether every version of the left is in the right, if known
};

/// Errors: vers.native, vers.size; vers.relation where nothing can be told.
Result<RangeRelation> relate_native_ranges(const std::string& type,
                                           const std::string& left,
                                           const std::string& right,
                                           std::string_view prereleases);

/// The version that npm makes of a version by a step such as "minor" or "prerelease".
/// @param base of the first pre-release: "0", "1" or "none"
/// Errors: vers.step.
Result<std::string> next_version(const std::string& version,
                                 const std::string& step,
                                 const std::string& identifier,
                                 std::string_view base);

}  // namespace lockstep::app
