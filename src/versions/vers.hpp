// SPDX-License-Identifier: Apache-2.0
// VERS, the version range specifier of package URLs: vers:TYPE/CONSTRAINT|CONSTRAINT...
// Source: the VERS specification (Ecma TC54), clause 5, and "How to parse and validate VERS".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "versions/scheme.hpp"

namespace lockstep::versions {

enum class Comparator { equal, not_equal, less, less_or_equal, greater, greater_or_equal };

struct VersConstraint {
  Comparator comparator = Comparator::equal;
  std::string version;  ///< decoded

  bool operator==(const VersConstraint&) const = default;
};

/// A range of versions of one type. Made by parse_vers() and vers_from_native(): the constraints
/// are in the order of the type's versions, or as they were written where the type has no order.
struct Vers {
  std::string type;     ///< lower case: "npm"
  bool is_any = false;  ///< "*"; then there are no constraints
  std::vector<VersConstraint> constraints;

  bool operator==(const Vers&) const = default;
};

/// The longest text of a range, and the most constraints in one.
inline constexpr std::size_t max_vers_bytes = std::size_t{1} << 18U;
inline constexpr std::size_t max_vers_constraints = 4096;

/// The same range with its constraints in order; of one version, the end of an interval comes
/// before the beginning of the next.
Vers sorted(Vers range, const Scheme& scheme);

/// Reads a range and sorts it. Errors: vers.scheme, vers.type,
/// vers.constraint, vers.encoding, vers.size.
Result<Vers> parse_vers(std::string_view text);

/// Reads a range that must be canonical: in addition, versions in order and unique, and comparators
/// in a sequence that makes a range. Errors: as parse_vers, and vers.order.
Result<Vers> parse_canonical_vers(std::string_view text);

/// The text of a range: "vers:npm/>=1.0.0|<2.0.0".
std::string to_text(const Vers& range);

/// Whether the version is in the range. Redundant constraints count as the simplified range has
/// them; a range of nothing but "!=" holds all other versions. Errors: vers.type where the type has
/// no order here and the range is not "*".
Result<bool> contains(const Vers& range, std::string_view version);

/// A range in the notation of the type's own tools: npm "^1.2 || 2.x", gem "~> 2.0.8", pypi
/// ">=1.0,<2", nuget and maven "[1.0, 2.0)", composer, golang and conan as advisories write them,
/// openssl "1.0.1, 1.0.2", nginx "0.8.40+". Versions are normalised as the type has it.
/// Errors: vers.native, vers.type, vers.size.
Result<Vers> vers_from_native(std::string_view type, std::string_view native);

}  // namespace lockstep::versions
