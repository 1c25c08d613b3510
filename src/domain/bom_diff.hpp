// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "domain/bom.hpp"

namespace lockstep {

/// What a component is, whatever its version: its package URL without version, qualifiers and
/// subpath, else its group and name.
std::string identity_of(const Component& component);

/// "group/name" or "name"
std::string full_name(const Component& component);

/// What changed from one bill to the next; every list sorted by identity.
struct BomDiff {
  struct Part {
    std::string name;
    std::string version;
    std::string purl;
  };

  struct Change {
    std::string name;
    std::string purl;                 ///< without a version
    std::vector<std::string> before;  ///< sorted
    std::vector<std::string> after;   ///< sorted
  };

  std::vector<Part> added;
  std::vector<Part> removed;
  std::vector<Change> versions;  ///< components that both list, in other versions
  std::vector<Change> licences;  ///< components that both list, under other licences
};

/// Compares the components of two bills, not their subjects. A component that one bill lists in
/// several versions is one component with several versions.
BomDiff compare(const Bom& before, const Bom& after);

}  // namespace lockstep
