// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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

/// The longest package URL that is read.
inline constexpr std::size_t max_purl_bytes = 16384;

/// Reads and normalises a package URL. Types that are not registered are taken with the general
/// rules; a wrong word for a registered one ("debian") is refused. Errors: purl.scheme, purl.type,
/// purl.name, purl.version, purl.qualifier, purl.namespace, purl.subpath, purl.size; each says what
/// was expected and found.
Result<Purl> parse_purl(std::string_view text);

/// Normalises and checks components that were put together by hand or read from elsewhere; the
/// order of the qualifiers does not matter. Errors: as parse_purl.
Result<Purl> make_purl(Purl components);

/// Namespace and name, "acme/model", under which records of ecosystems that no list knows are
/// filed; with the registry or the release where the package URL names one:
/// "acme/model?distro=acme-2".
std::string package_of(const Purl& purl);

/// The canonical text of a Purl that parse_purl or make_purl gave.
std::string to_text(const Purl& purl);

}  // namespace lockstep
