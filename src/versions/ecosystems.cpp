// SPDX-License-Identifier: Apache-2.0
// Which order belongs to which ecosystem, and the other names of the orders. docs/versions.md says
// why where there was a choice.
//
// Source: OSV schema 1.7.5, "Defined ecosystems"; VERS types; package URL types.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

struct EcosystemRow {
  std::string_view name;    ///< the part before the first colon, as the OSV schema writes it
  const Scheme* scheme;     ///< null: see `reason`
  std::string_view reason;  ///< why there is no order
  bool by_suffix = false;   ///< what follows the colon is the ecosystem whose order counts
};

constexpr std::string_view needs_base =
    "its order is that of the ecosystem after the colon, and none is given there";

constexpr std::array ecosystems = {
    EcosystemRow{"AlmaLinux", &rpm, ""},
    EcosystemRow{"Alpaquita", &apk, ""},
    EcosystemRow{"Alpine", &apk, ""},
    EcosystemRow{"Android", nullptr,
                 "its records give security patch levels and releases of several systems"},
    EcosystemRow{"Azure Linux", &rpm, ""},
    EcosystemRow{"BellSoft Hardened Containers", &apk, ""},
    EcosystemRow{"Bioconductor", &cran, ""},
    EcosystemRow{"Bitnami", &semver, ""},
    EcosystemRow{"CPE", &generic, ""},
    EcosystemRow{"CRAN", &cran, ""},
    EcosystemRow{"Chainguard", &apk, ""},
    EcosystemRow{"CleanStart", &apk, ""},
    EcosystemRow{"ConanCenter", &conan, ""},
    EcosystemRow{"Debian", &debian, ""},
    EcosystemRow{"Docker Hardened Images", &semver, ""},
    EcosystemRow{"Echo", &debian, ""},
    EcosystemRow{"FreeBSD", &freebsd, ""},
    EcosystemRow{"GHC", &hackage, ""},
    EcosystemRow{"GIT", nullptr, "commits are ordered by their history, which a record lacks"},
    EcosystemRow{"GitHub Actions", &semver, ""},
    EcosystemRow{"Go", &go, ""},
    EcosystemRow{"Hackage", &hackage, ""},
    EcosystemRow{"Hex", &semver, ""},
    EcosystemRow{"Julia", &semver, ""},
    EcosystemRow{"Kubernetes", nullptr,
                 "only its ranges of semantic versions have an order; others mix tags and modules"},
    EcosystemRow{
        "Linux", nullptr,
        "its releases are branches: 6.1.50 is newer than 6.2, but has not all its changes"},
    EcosystemRow{"Mageia", &rpm, ""},
    EcosystemRow{"Maven", &maven, ""},
    EcosystemRow{"MinimOS", &apk, ""},
    EcosystemRow{"NuGet", &nuget, ""},
    EcosystemRow{"OSS-Fuzz", nullptr, "each project has versions of its own; commits decide"},
    EcosystemRow{"Packagist", &packagist, ""},
    EcosystemRow{"Photon OS", &rpm, ""},
    EcosystemRow{"Pub", &pub, ""},
    EcosystemRow{"PyPI", &pypi, ""},
    EcosystemRow{"Red Hat", &rpm, ""},
    EcosystemRow{"Rocky Linux", &rpm, ""},
    EcosystemRow{"Root", nullptr, needs_base, true},
    EcosystemRow{"RubyGems", &rubygems, ""},
    EcosystemRow{"SUSE", &rpm, ""},
    EcosystemRow{"SwiftURL", &semver, ""},
    EcosystemRow{"TuxCare", nullptr, needs_base, true},
    EcosystemRow{"Ubuntu", &debian, ""},
    EcosystemRow{"VSCode", &semver, ""},
    EcosystemRow{"Wolfi", &apk, ""},
    EcosystemRow{"crates.io", &crates, ""},
    EcosystemRow{"npm", &npm, ""},
    EcosystemRow{"opam", &opam, ""},
    EcosystemRow{"openEuler", &rpm, ""},
    EcosystemRow{"openSUSE", &rpm, ""},
};
static_assert(std::ranges::is_sorted(ecosystems, {}, &EcosystemRow::name));

struct Synonym {
  std::string_view name;  ///< lower case
  const Scheme* scheme;
};

// Types of package URLs and of VERS, and what else the orders are called.
constexpr std::array synonyms = {
    Synonym{"archlinux", &alpm},     Synonym{"arch", &alpm},
    Synonym{"pacman", &alpm},        Synonym{"centos", &rpm},
    Synonym{"fedora", &rpm},         Synonym{"redhat", &rpm},
    Synonym{"rpmvercmp", &rpm},      Synonym{"rhel", &rpm},
    Synonym{"deb", &debian},         Synonym{"dpkg", &debian},
    Synonym{"ebuild", &gentoo},      Synonym{"portage", &gentoo},
    Synonym{"bioconductor", &cran},  Synonym{"r", &cran},
    Synonym{"cabal", &hackage},      Synonym{"cargo", &crates},
    Synonym{"rust", &crates},        Synonym{"composer", &packagist},
    Synonym{"php", &packagist},      Synonym{"conancenter", &conan},
    Synonym{"dart", &pub},           Synonym{"gem", &rubygems},
    Synonym{"ruby", &rubygems},      Synonym{"rubygem", &rubygems},
    Synonym{"github", &semver},      Synonym{"githubactions", &semver},
    Synonym{"swift", &semver},       Synonym{"vscode-extension", &semver},
    Synonym{"nginx", &semver},       Synonym{"golang", &go},
    Synonym{"node", &npm},           Synonym{"node-semver", &npm},
    Synonym{"pep440", &pypi},        Synonym{"python", &pypi},
    Synonym{"cocoapods", &rubygems}, Synonym{"chrome-extension", &intdot},
    Synonym{"cpe", &generic},        Synonym{"nvd", &generic},
    Synonym{"mlflow", &intdot},
};

const EcosystemRow* find_ecosystem(std::string_view name) {
  const auto row = std::ranges::lower_bound(ecosystems, name, {}, &EcosystemRow::name);
  return row == ecosystems.end() || row->name != name ? nullptr : &*row;
}

/// What stands before the first colon, and what stands after it.
struct Cut {
  std::string_view name;
  std::string_view suffix;
};

Cut cut_at_colon(std::string_view ecosystem) {
  const std::size_t colon = ecosystem.find(':');
  if (colon == std::string_view::npos) return {ecosystem, {}};
  return {ecosystem.substr(0, colon), ecosystem.substr(colon + 1)};
}

bool is_same(std::string_view a, std::string_view b) {
  return std::is_eq(compare_ignoring_case(a, b));
}

}  // namespace

const Scheme* scheme_for_ecosystem(std::string_view ecosystem) {
  const Cut cut = cut_at_colon(ecosystem);
  if (cut.name == "purl") return cut.suffix.empty() ? nullptr : scheme_named(cut.suffix);
  const EcosystemRow* row = find_ecosystem(cut.name);
  if (row == nullptr) return nullptr;
  if (!row->by_suffix) return row->scheme;
  const EcosystemRow* base = find_ecosystem(cut_at_colon(cut.suffix).name);
  return base == nullptr ? nullptr : base->scheme;
}

std::string_view why_no_order(std::string_view ecosystem) {
  if (scheme_for_ecosystem(ecosystem) != nullptr) return {};
  const EcosystemRow* row = find_ecosystem(cut_at_colon(ecosystem).name);
  return row == nullptr ? std::string_view() : row->reason;
}

const Scheme* scheme_named(std::string_view name) {
  if (const Scheme* scheme = scheme_for_ecosystem(name)) return scheme;
  for (const Scheme* scheme : schemes()) {
    if (is_same(scheme->name, name)) return scheme;
  }
  for (const Synonym& row : synonyms) {
    if (is_same(row.name, name)) return row.scheme;
  }
  const Cut cut = cut_at_colon(name);
  for (const EcosystemRow& row : ecosystems) {
    if (!is_same(row.name, cut.name)) continue;
    return row.by_suffix ? scheme_named(cut_at_colon(cut.suffix).name) : row.scheme;
  }
  return nullptr;
}

std::vector<std::string_view> scheme_names() {
  std::vector<std::string_view> names;
  for (const EcosystemRow& row : ecosystems)
    names.push_back(row.name);
  for (const Scheme* scheme : schemes())
    names.push_back(scheme->name);
  for (const Synonym& row : synonyms)
    names.push_back(row.name);
  return names;
}

}  // namespace lockstep::versions
