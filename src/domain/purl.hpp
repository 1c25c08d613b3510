// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace lockstep {

/// A package URL in its canonical form.
/// Source: the purl specification (ECMA-427) and its type definitions.
struct Purl {
  std::string type;        ///< lower case: "npm", "pypi", "golang"
  std::string name_space;  ///< "" when there is none; segments joined by '/', decoded
  std::string name;        ///< decoded
  std::string version;     ///< "" when there is none; decoded
  std::vector<std::pair<std::string, std::string>> qualifiers;  ///< sorted by key, decoded
  std::string subpath;                                          ///< "" when there is none; decoded

  bool operator==(const Purl&) const = default;
};

/// Reads and normalises a package URL. Errors: purl.scheme, purl.type, purl.name, purl.version,
/// purl.qualifier, purl.namespace, purl.subpath; each says what was expected and found.
Result<Purl> parse_purl(std::string_view text);

/// The canonical text.
std::string to_text(const Purl& purl);

}  // namespace lockstep
