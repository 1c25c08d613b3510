// SPDX-License-Identifier: Apache-2.0
// Names of products of the Common Platform Enumeration, version 2.3.
// Source: NISTIR 7695 (naming) and NISTIR 7696 (name matching).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep {

/// One attribute of a name: any value, "not applicable", or a text with wildcards at its ends.
struct CpeValue {
  enum class Kind : std::uint8_t { any, not_applicable, text };

  /// A wildcard that stands for any number of characters; other counts are of '?', each of which
  /// stands for one character or none.
  static constexpr int many = -1;

  Kind kind = Kind::any;
  std::string text;  ///< without quoting, ASCII letters in lower case; not empty for a text
  int leading = 0;   ///< wildcards before the text: `many`, or a count of '?'
  int trailing = 0;

  bool operator==(const CpeValue&) const = default;
};

/// The attributes of a name, in the order of the formatted string.
enum class CpeAttribute : std::uint8_t {
  part,
  vendor,
  product,
  version,
  update,
  edition,
  language,
  software_edition,
  target_software,
  target_hardware,
  other,
};

inline constexpr std::size_t cpe_attributes = 11;

/// A well-formed name.
struct Cpe {
  std::array<CpeValue, cpe_attributes> values;

  const CpeValue& operator[](CpeAttribute attribute) const {
    return values[static_cast<std::size_t>(attribute)];
  }

  bool operator==(const Cpe&) const = default;
};

/// The longest name that is read.
inline constexpr std::size_t max_cpe_bytes = 4096;

/// Reads a formatted string ("cpe:2.3:a:apache:http_server:2.4.1:*:*:*:*:*:*:*") or a URI of
/// CPE 2.2
/// ("cpe:/a:apache:http_server:2.4.1"), with its packed editions. Errors: cpe.prefix,
/// cpe.components, cpe.value, cpe.size.
Result<Cpe> parse_cpe(std::string_view text);

/// "cpe:2.3:a:apache:http_server:2.4.1:*:*:*:*:*:*:*"
std::string to_formatted_string(const Cpe& cpe);

/// "cpe:/a:apache:http_server:2.4.1"
std::string to_uri(const Cpe& cpe);

/// Part, vendor and product, by which products are looked up: "a:apache:http_server".
std::string product_of(const Cpe& cpe);

/// How the set of products that one name stands for lies to that of another.
enum class CpeRelation : std::uint8_t { equal, superset, subset, disjoint, undefined };

/// NISTIR 7696, table 6-2. Undefined: the target has wildcards and is not the same text.
CpeRelation relation_of(const CpeValue& source, const CpeValue& target);

/// NISTIR 7696, 6.1.3: disjoint when one pair of attributes is, equal, superset or subset when all
/// pairs are that or equal, and undefined otherwise.
CpeRelation relation_of(const Cpe& source, const Cpe& target);

/// Whether what is said of the products of `vulnerable` may be true of `component`: each pair of
/// attributes is equal, superset or subset. A component without a product matches nothing; part,
/// vendor and product with wildcards match only their like, as a product is looked up by them.
bool matches(const Cpe& vulnerable, const Cpe& component);

}  // namespace lockstep
