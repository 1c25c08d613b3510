// SPDX-License-Identifier: Apache-2.0
// From package URLs to the ecosystems and names under which OSV records list a package.
// Source: OSV schema 1.7.5, "Defined ecosystems"; the purl type definitions; PEP 503.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/bom.hpp"
#include "domain/purl.hpp"

namespace lockstep::advisories {

/// Where a package may be listed.
struct Candidates {
  /// Full ecosystem names such as "PyPI" and "Debian:12"; a '*' stands for any characters.
  std::vector<std::string> ecosystems;
  std::vector<std::string> names;  ///< normalised
  std::string version;             ///< as the ecosystem writes it; "" when the purl has none
  /// Why no answer can be given, though there may be candidates: "no advisory source covers
  /// pkg:generic", "no release in the qualifier 'distro'". "" when one can.
  std::string obstacle;
  bool is_covered = true;   ///< false when no source is known that covers such packages
  std::string arch;         ///< of the package; "" when its package URL names none, or "noarch"
  bool is_rpm = false;      ///< the versions are those of packages of rpm
  std::string stream = {};  ///< of the module that a package of rpm was built in: "nodejs:12"
  /// Of a package that somebody rebuilt under a name of their own ("rootio-jq" of jq): where they
  /// list it. What their records decide, yes or no, the others are not asked.
  std::vector<std::string> own_ecosystems = {};
  std::vector<std::string> own_names = {};
  /// Of a package of a distribution that rebuilds those of another, and publishes only what it
  /// mends: where the other says what stays open.
  std::vector<std::string> rebuilt_ecosystems = {};
  /// Of a package of a release whose support is extended for those who pay for it: what is mended
  /// there. Asked for what the records of the release itself do not decide.
  std::vector<std::string> extended_ecosystems = {};
  /// Where records may list it too, whose silence says nothing: those of one repository
  /// ("VSCode:https://open-vsx.org"), those about every release of a distribution ("Debian").
  std::vector<std::string> further_ecosystems = {};
};

Candidates candidates_of(const Purl& purl);

/// The package URL of a distribution's package with the qualifiers `upstream` and `rpmmod`, where
/// it has none and the bill names the source package or the module; others as they are.
Purl with_source(Purl purl, const SourcePackage& source);

/// The value of a qualifier; "" without one.
std::string_view qualifier_of(const Purl& purl, std::string_view key);

/// The form of a name that is compared. PyPI: lower case, runs of '-', '_' and '.' are one '-'.
/// Go, NuGet, Packagist and others whose names differ not by case alone: lower case. SwiftURL: the
/// address of the repository without scheme and ".git". Others: as is.
std::string normalised_name(std::string_view ecosystem, std::string_view name);

/// Whether a name of an ecosystem is one of those that a pattern with '*' stands for.
bool fits(std::string_view pattern, std::string_view ecosystem);

/// Whether two words mean one architecture: "amd64" is "x86_64".
bool is_same_arch(std::string_view a, std::string_view b);

/// "Debian" of "Debian:12"
std::string_view without_suffix(std::string_view ecosystem);

}  // namespace lockstep::advisories
