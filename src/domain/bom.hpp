// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/purl.hpp"

namespace lockstep {

/// Where something stands in the file of its bill; 0 means "not known".
struct LineColumn {
  int line = 0;
  int column = 0;

  Position in(const std::string& file) const { return {file, line, column}; }
};

/// The package of a distribution that another was built from.
struct SourcePackage {
  std::string name;     ///< "" when the bill does not say
  std::string version;  ///< with epoch and release; "" when the bill does not say
  std::string module =
      {};  ///< of rpm: the label of the module it was built in, "nodejs:12:8030:229f"
};

/// One part of a product, as its bill of materials lists it.
struct Component {
  std::string reference;  ///< the bill's own id: bom-ref, SPDXID
  std::string type;       ///< CycloneDX component type, "library" when the bill does not say
  std::string group;      ///< "" when there is none
  std::string name;
  std::string version;           ///< "" when the bill gives none
  std::optional<Purl> purl;      ///< nothing when absent or unreadable (then a Diagnostic says so)
  std::vector<Purl> more_purls;  ///< where the bill gives several, none of them twice
  bool has_unreadable_purl = false;
  std::string cpe;                     ///< "" when absent
  std::vector<std::string> more_cpes;  ///< where the bill gives several
  SourcePackage source;                ///< where the bill says it elsewhere than in the package URL
  std::string supplier;                ///< "" when absent
  std::vector<std::string> licences;   ///< SPDX expressions or names
  std::vector<std::pair<std::string, std::string>> digests;  ///< algorithm, hexadecimal
  std::string description;
  std::string scope;  ///< required, optional, excluded, development; "" when the bill does not say
  std::vector<std::string> sources;  ///< of a merged bill: the files that list it, in order
  LineColumn where;                  ///< of the component in its file
};

/// Adds a CPE name that a bill gives; the first is `cpe`, the others follow, each once.
inline void add_cpe(std::string name, Component& component) {
  std::vector<std::string>& more = component.more_cpes;
  if (name.empty() || name == component.cpe) return;
  if (component.cpe.empty()) {
    component.cpe = std::move(name);
  } else if (std::ranges::find(more, name) == more.end()) {
    more.push_back(std::move(name));
  }
}

/// Adds a package URL that a bill gives; the first is `purl`, the others follow, each once.
inline void add_purl(Purl purl, Component& component) {
  std::vector<Purl>& more = component.more_purls;
  if (!component.purl) {
    component.purl = std::move(purl);
  } else if (purl != *component.purl && std::ranges::find(more, purl) == more.end()) {
    more.push_back(std::move(purl));
  }
}

/// Of two scopes the one that asks for more: gates let pass what a product does not need, so that
/// one who needs a component, or does not say, is enough.
inline const std::string& stronger_scope(const std::string& one, const std::string& other) {
  constexpr std::array<std::string_view, 5> by_need = {"required", "", "optional", "development",
                                                       "excluded"};
  const auto place = [&](const std::string& scope) { return std::ranges::find(by_need, scope); };
  return place(other) < place(one) ? other : one;
}

/// A dependency edge between two components, by reference.
struct Dependency {
  std::string from;
  std::string to;
};

/// A bill of materials.
struct Bom {
  std::string format;  ///< "CycloneDX 1.6", "SPDX 2.3"
  std::string path;    ///< as the product file names it
  std::string sha256;  ///< of the file
  std::string serial;  ///< serialNumber, documentNamespace
  std::optional<Instant> made;
  std::vector<std::string> creators;  ///< persons and organisations that drew it up
  std::vector<std::string> tools;
  std::optional<Component> subject;   ///< what the bill describes
  std::vector<Component> components;  ///< in file order, nested ones flattened, without the subject
  std::vector<Dependency> dependencies;
};

}  // namespace lockstep
