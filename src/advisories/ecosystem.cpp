// SPDX-License-Identifier: Apache-2.0
// One table says which purl type belongs to which ecosystem. Types whose packages live in the
// releases of a distribution (deb, rpm, apk) also need the namespace and the qualifier `distro`; a
// package URL without the release cannot be answered, and says so.
//
// Distributions file advisories under the source package. A package URL names the binary one; where
// it carries the qualifier `upstream` (name, name@version, or the file name of a source rpm), that
// name is asked too.
#include "advisories/ecosystem.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace lockstep::advisories {

namespace {

/// How the name of a package is made of namespace and name.
enum class NameForm { name, namespace_slash_name, namespace_colon_name };

struct TypeRow {
  std::string_view type;
  std::string_view ecosystem;
  NameForm form;
};

constexpr std::array<TypeRow, 22> types = {{
    {"bioconductor", "Bioconductor", NameForm::name},
    {"bitnami", "Bitnami", NameForm::name},
    {"brew", "Homebrew", NameForm::name},
    {"cargo", "crates.io", NameForm::name},
    {"composer", "Packagist", NameForm::namespace_slash_name},
    {"conan", "ConanCenter", NameForm::name},
    {"cran", "CRAN", NameForm::name},
    {"gem", "RubyGems", NameForm::name},
    {"github", "GitHub Actions", NameForm::namespace_slash_name},
    {"githubactions", "GitHub Actions", NameForm::namespace_slash_name},
    {"golang", "Go", NameForm::namespace_slash_name},
    {"hackage", "Hackage", NameForm::name},
    {"hex", "Hex", NameForm::name},
    {"julia", "Julia", NameForm::name},
    {"k8s", "Kubernetes", NameForm::namespace_slash_name},
    {"maven", "Maven", NameForm::namespace_colon_name},
    {"npm", "npm", NameForm::namespace_slash_name},
    {"nuget", "NuGet", NameForm::name},
    {"opam", "opam", NameForm::name},
    {"pub", "Pub", NameForm::name},
    {"pypi", "PyPI", NameForm::name},
    {"swift", "SwiftURL", NameForm::namespace_slash_name},
}};

/// Releases of Debian and Ubuntu that a `distro` qualifier may name by their series.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> series = {{
    {"wheezy", "7"},
    {"jessie", "8"},
    {"stretch", "9"},
    {"buster", "10"},
    {"bullseye", "11"},
    {"bookworm", "12"},
    {"trixie", "13"},
    {"forky", "14"},
    {"trusty", "14.04"},
    {"xenial", "16.04"},
    {"bionic", "18.04"},
    {"focal", "20.04"},
    {"jammy", "22.04"},
    {"noble", "24.04"},
    {"oracular", "24.10"},
    {"plucky", "25.04"},
    {"questing", "25.10"},
    {"sid", "sid"},
}};

std::string joined(const Purl& purl, std::string_view separator) {
  if (purl.name_space.empty()) return purl.name;
  return fmt::format("{}{}{}", purl.name_space, separator, purl.name);
}

std::string_view qualifier(const Purl& purl, std::string_view key) {
  const auto found = std::ranges::find(
      purl.qualifiers, key, [](const auto& pair) { return std::string_view(pair.first); });
  return found == purl.qualifiers.end() ? std::string_view() : std::string_view(found->second);
}

bool starts_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

/// The release in a `distro` qualifier: "12.5" of "debian-12.5", "12" of "bookworm"; "" without
/// one.
std::string_view release_of(const Purl& purl) {
  std::string_view distro = qualifier(purl, "distro");
  const std::size_t dash = distro.rfind('-');
  if (dash != std::string_view::npos) distro.remove_prefix(dash + 1);
  const auto named =
      std::ranges::find(series, distro, &std::pair<std::string_view, std::string_view>::first);
  if (named != series.end()) return named->second;
  return starts_with_digit(distro) || distro.starts_with('v') ? distro : std::string_view();
}

/// The first `parts` numbers of a release: "3.18" of "3.18.4".
std::string release_parts(std::string_view release, std::size_t parts) {
  std::size_t end = 0;
  for (; parts > 0 && end != std::string_view::npos; --parts) {
    end = release.find('.', end == 0 ? 0 : end + 1);
  }
  return std::string(release.substr(0, end));
}

/// A distribution whose advisories are filed per release.
struct Distribution {
  std::string_view type;
  std::string_view name_space;
  std::string_view ecosystem;
  std::string_view before;  ///< between the colon and the release
  std::size_t parts;        ///< numbers of the release that count; 0: advisories know no release
  std::string_view after;   ///< behind the release; '*' for "whatever follows"
};

constexpr std::array<Distribution, 25> distributions = {{
    {"apk", "alpine", "Alpine", "v", 2, ""},
    {"apk", "alpaquita", "Alpaquita", "", 1, ""},
    {"apk", "chainguard", "Chainguard", "", 0, ""},
    {"apk", "cleanstart", "CleanStart", "", 0, ""},
    {"apk", "minimos", "MinimOS", "", 0, ""},
    {"apk", "wolfi", "Wolfi", "", 0, ""},
    {"deb", "debian", "Debian", "", 1, ""},
    {"deb", "echo", "Echo", "", 0, ""},
    {"deb", "ubuntu", "Ubuntu", "", 2, ""},
    {"deb", "ubuntu", "Ubuntu", "", 2, ":LTS"},
    {"rpm", "almalinux", "AlmaLinux", "", 1, ""},
    {"rpm", "azurelinux", "Azure Linux", "", 1, ""},
    {"rpm", "mageia", "Mageia", "", 1, ""},
    {"rpm", "mariner", "Azure Linux", "", 1, ""},
    {"rpm", "openeuler", "openEuler", "", 2, "*"},
    {"rpm", "opensuse", "openSUSE", "Leap ", 2, ""},
    {"rpm", "photon", "Photon OS", "", 2, ""},
    {"rpm", "redhat", "Red Hat", "enterprise_linux:", 1, "::*"},
    {"rpm", "rhel", "Red Hat", "enterprise_linux:", 1, "::*"},
    {"rpm", "rocky", "Rocky Linux", "", 1, ""},
    {"rpm", "rockylinux", "Rocky Linux", "", 1, ""},
    {"rpm", "sles", "SUSE", "Linux Enterprise Server ", 2, "*"},
    {"rpm", "suse", "SUSE", "Linux Enterprise Server ", 2, "*"},
    {"rpm", "alma", "AlmaLinux", "", 1, ""},
    {"rpm", "opensuse-leap", "openSUSE", "Leap ", 2, ""},
}};

bool is_distribution_type(std::string_view type) {
  return type == "apk" || type == "deb" || type == "rpm";
}

/// The name and version that `upstream` gives for the source package.
std::pair<std::string, std::string> source_of(const Purl& purl) {
  std::string_view upstream = qualifier(purl, "upstream");
  std::string version;
  if (upstream.ends_with(".src.rpm")) {
    // NAME-VERSION-RELEASE.src.rpm
    for (int dashes = 0; dashes < 2; ++dashes) {
      upstream = upstream.substr(0, std::min(upstream.rfind('-'), upstream.size()));
    }
  } else if (const std::size_t at = upstream.find('@'); at != std::string_view::npos) {
    version = upstream.substr(at + 1);
    upstream = upstream.substr(0, at);
  }
  return {std::string(upstream), version};
}

Candidates of_distribution(const Purl& purl) {
  Candidates found;
  found.version = purl.version;
  const std::string_view epoch = qualifier(purl, "epoch");
  if (!epoch.empty() && !found.version.empty() && found.version.find(':') == std::string::npos) {
    found.version = fmt::format("{}:{}", epoch, found.version);
  }
  const std::string_view release = release_of(purl);
  for (const Distribution& row : distributions) {
    if (row.type != purl.type || row.name_space != purl.name_space) continue;
    if (row.parts == 0) {
      found.ecosystems.emplace_back(row.ecosystem);
    } else if (release.empty()) {
      found.ecosystems.push_back(fmt::format("{}:*", row.ecosystem));
      found.obstacle = "no release in the qualifier 'distro' of the package URL";
    } else {
      found.ecosystems.push_back(fmt::format("{}:{}{}{}", row.ecosystem, row.before,
                                             release_parts(release, row.parts), row.after));
    }
  }
  if (found.ecosystems.empty()) {
    found.is_covered = false;
    found.obstacle = fmt::format("no advisory source covers pkg:{} packages of '{}'", purl.type,
                                 quotable(purl.name_space));
  }
  const auto [source, source_version] = source_of(purl);
  if (source.empty()) {
    found.names = {purl.name};
  } else {
    found.names = {source};
    // rpm advisories of some distributions list binary packages.
    if (purl.type == "rpm" && source != purl.name) found.names.push_back(purl.name);
    if (!source_version.empty()) found.version = source_version;
  }
  return found;
}

/// Go: the version without its "v"; a subpath such as "v5" belongs to the module's path.
void finish_go(const Purl& purl, Candidates& found) {
  if (found.version.starts_with('v')) found.version.erase(0, 1);
  if (purl.subpath.empty()) return;
  found.names.push_back(
      normalised_name("Go", fmt::format("{}/{}", joined(purl, "/"), purl.subpath)));
}

std::string lower_and_joined(std::string_view name) {
  std::string text;
  bool in_run = false;
  for (const char c : lower_case(name)) {
    const bool separates = c == '-' || c == '_' || c == '.';
    if (!separates) text.push_back(c);
    if (separates && !in_run) text.push_back('-');
    in_run = separates;
  }
  return text;
}

}  // namespace

std::string_view without_suffix(std::string_view ecosystem) {
  return ecosystem.substr(0, std::min(ecosystem.find(':'), ecosystem.size()));
}

std::string normalised_name(std::string_view ecosystem, std::string_view name) {
  constexpr std::array<std::string_view, 9> without_case = {
      "Bitnami", "GitHub Actions", "Go", "Hex", "NuGet", "Packagist", "Pub", "SwiftURL", "VSCode"};
  const std::string_view base = without_suffix(ecosystem);
  if (base == "PyPI") return lower_and_joined(name);
  if (std::ranges::find(without_case, base) != without_case.end()) return lower_case(name);
  return std::string(name);
}

Candidates candidates_of(const Purl& purl) {
  if (is_distribution_type(purl.type)) return of_distribution(purl);
  Candidates found;
  found.version = purl.version;
  const auto row = std::ranges::find(types, purl.type, &TypeRow::type);
  if (row == types.end()) {
    found.is_covered = false;
    found.obstacle = fmt::format("no advisory source covers pkg:{}", quotable(purl.type));
    return found;
  }
  found.ecosystems.emplace_back(row->ecosystem);
  const std::string_view separator = row->form == NameForm::namespace_colon_name ? ":" : "/";
  const std::string name = row->form == NameForm::name ? purl.name : joined(purl, separator);
  found.names.push_back(normalised_name(row->ecosystem, name));
  if (purl.type == "golang") finish_go(purl, found);
  if (purl.type == "composer" && purl.name_space == "drupal") {
    found.ecosystems.emplace_back("Packagist:https://packages.drupal.org/*");
  }
  return found;
}

}  // namespace lockstep::advisories
