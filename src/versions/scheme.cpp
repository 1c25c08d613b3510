// SPDX-License-Identifier: Apache-2.0
#include "versions/scheme.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace lockstep::versions {

namespace {

constexpr std::array rows = {&crates, &debian, &go, &maven, &npm, &pypi, &semver};

struct EcosystemRow {
  std::string_view ecosystem;  ///< the part before the first colon, as the OSV schema writes it
  const Scheme* scheme;
};

// OSV schema, "affected[].package": the ecosystems whose order is one of the rows above.
constexpr std::array ecosystems = {
    EcosystemRow{"Bitnami", &semver},   EcosystemRow{"Debian", &debian},
    EcosystemRow{"Echo", &debian},      EcosystemRow{"Go", &go},
    EcosystemRow{"Hex", &semver},       EcosystemRow{"Julia", &semver},
    EcosystemRow{"Maven", &maven},      EcosystemRow{"PyPI", &pypi},
    EcosystemRow{"SwiftURL", &semver},  EcosystemRow{"Ubuntu", &debian},
    EcosystemRow{"crates.io", &crates}, EcosystemRow{"npm", &npm},
};

}  // namespace

std::span<const Scheme* const> schemes() {
  return rows;
}

const Scheme* scheme_for_ecosystem(std::string_view ecosystem) {
  const std::string_view name = ecosystem.substr(0, ecosystem.find(':'));
  const auto row = std::ranges::find(ecosystems, name, &EcosystemRow::ecosystem);
  return row == ecosystems.end() ? nullptr : row->scheme;
}

}  // namespace lockstep::versions
