// SPDX-License-Identifier: Apache-2.0
// From package URLs to the ecosystems and names under which OSV records list a package.
// Source: OSV schema 1.7.5, "Defined ecosystems"; the purl type definitions; PEP 503.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/purl.hpp"

namespace lockstep::advisories {

/// Where a package may be listed.
struct Candidates {
  /// Full ecosystem names such as "PyPI" and "Debian:12"; one that ends with '*' stands for all
  /// that begin like it.
  std::vector<std::string> ecosystems;
  std::vector<std::string> names;  ///< normalised
  std::string version;             ///< as the ecosystem writes it; "" when the purl has none
  /// Why no answer can be given, though there may be candidates: "no advisory source covers
  /// pkg:generic", "no release in the qualifier 'distro'". "" when one can.
  std::string obstacle;
  bool is_covered = true;  ///< false when no source of advisories covers such packages
};

Candidates candidates_of(const Purl& purl);

/// The form of a name that is compared. PyPI: lower case, runs of '-', '_' and '.' are one '-'.
/// Go, NuGet, Packagist and others whose names differ not by case alone: lower case. Others: as is.
std::string normalised_name(std::string_view ecosystem, std::string_view name);

/// "Debian" of "Debian:12"
std::string_view without_suffix(std::string_view ecosystem);

}  // namespace lockstep::advisories
