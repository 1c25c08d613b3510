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

#include "advisories/module_stream.hpp"
#include "advisories/revision.hpp"
#include "base/text.hpp"
#include "domain/advisory.hpp"

namespace lockstep::advisories {

namespace {

/// How the name of a package is made of namespace and name.
enum class NameForm { name, namespace_slash_name, namespace_colon_name, namespace_dot_name };

struct TypeRow {
  std::string_view type;
  std::string_view ecosystem;
  NameForm form;
};

constexpr std::array<TypeRow, 23> types = {{
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
    {"vscode-extension", "VSCode", NameForm::namespace_dot_name},
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

std::string_view separator_of(NameForm form) {
  if (form == NameForm::namespace_colon_name) return ":";
  return form == NameForm::namespace_dot_name ? "." : "/";
}

std::string joined(const Purl& purl, std::string_view separator) {
  if (purl.name_space.empty()) return purl.name;
  return fmt::format("{}{}{}", purl.name_space, separator, purl.name);
}

bool starts_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

/// The release in a `distro` qualifier: "12.5" of "debian-12.5", "12" of "bookworm", "edge" of
/// "alpine-edge", "stream" of "alpaquita-stream"; "" without one.
std::string_view release_of(const Purl& purl) {
  std::string_view distro = qualifier_of(purl, "distro");
  if (distro.find("tumbleweed") != std::string_view::npos) return "Tumbleweed";
  const std::size_t dash = distro.rfind('-');
  if (dash != std::string_view::npos) distro.remove_prefix(dash + 1);
  const auto named =
      std::ranges::find(series, distro, &std::pair<std::string_view, std::string_view>::first);
  if (named != series.end()) return named->second;
  const bool is_release = starts_with_digit(distro) || distro == "edge" || distro == "stream" ||
                          (distro.starts_with('v') && starts_with_digit(distro.substr(1)));
  return is_release ? distro : std::string_view();
}

/// The first `parts` numbers of a release: "3.18" of "3.18.4".
std::string release_parts(std::string_view release, std::size_t parts) {
  std::size_t end = 0;
  for (; parts > 0 && end != std::string_view::npos; --parts) {
    end = release.find('.', end == 0 ? 0 : end + 1);
  }
  return std::string(release.substr(0, end));
}

/// A distribution whose advisories are filed per release. Those of Red Hat name it in several ways:
/// "enterprise_linux:9::baseos", "enterprise_linux:6", "enterprise_linux:10.1".
struct Distribution {
  std::string_view type;
  std::string_view name_space;
  std::string_view ecosystem;
  std::string_view before;  ///< between the colon and the release
  std::size_t parts;        ///< numbers of the release that count; 0: advisories know no release
  std::string_view after;   ///< behind the release; '*' for "whatever follows"
};

constexpr std::array<Distribution, 28> distributions = {{
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
    {"rpm", "cbl-mariner", "Azure Linux", "", 1, ""},
    {"rpm", "centos", "Red Hat", "enterprise_linux:", 1, "*"},
    {"rpm", "mageia", "Mageia", "", 1, ""},
    {"rpm", "mariner", "Azure Linux", "", 1, ""},
    {"rpm", "openeuler", "openEuler", "", 2, "*"},
    {"rpm", "opensuse", "openSUSE", "Leap ", 2, ""},
    {"rpm", "photon", "Photon OS", "", 2, ""},
    {"rpm", "redhat", "Red Hat", "enterprise_linux:", 1, "*"},
    {"rpm", "rhel", "Red Hat", "enterprise_linux:", 1, "*"},
    {"rpm", "rocky", "Rocky Linux", "", 1, ""},
    {"rpm", "rockylinux", "Rocky Linux", "", 1, ""},
    {"rpm", "sles", "SUSE", "Linux Enterprise *", 2, "*"},
    {"rpm", "suse", "SUSE", "Linux Enterprise *", 2, "*"},
    {"rpm", "alma", "AlmaLinux", "", 1, ""},
    {"rpm", "opensuse-leap", "openSUSE", "Leap ", 2, ""},
    {"rpm", "opensuse-tumbleweed", "openSUSE", "Leap ", 2, ""},
}};

/// Distributions that rebuild the packages of another, and publish only what they mend.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> rebuilds = {{
    {"alma", "redhat"},
    {"almalinux", "redhat"},
    {"rocky", "redhat"},
    {"rockylinux", "redhat"},
}};

bool is_distribution_type(std::string_view type) {
  return type == "apk" || type == "deb" || type == "rpm";
}

/// What follows the name of the distribution: ":12", ":v3.18", ":Leap 15.1".
std::string suffix_of(const Distribution& row, std::string_view release, std::string_view distro) {
  const std::string numbers = release_parts(release, row.parts);
  if (row.ecosystem == "SUSE") {
    // Micro has releases of its own. Others are sold in several products and modules, which share
    // their packages; until 15 as service packs, "15.3" as "15 SP3".
    if (distro.starts_with("sl-micro")) return fmt::format(":Linux Micro {}", numbers);
    if (distro.starts_with("slem") || distro.starts_with("sle-micro"))
      return fmt::format(":Linux Enterprise Micro {}", numbers);
    const std::size_t dot = numbers.find('.');
    const bool has_packs = numbers.size() < 2 || numbers.substr(0, 2) <= "15";
    if (!has_packs) return fmt::format(":{}{}{}", row.before, numbers, row.after);
    const std::string pack =
        dot == std::string::npos || numbers.substr(dot) == ".0"
            ? numbers.substr(0, dot)
            : fmt::format("{} SP{}", numbers.substr(0, dot), numbers.substr(dot + 1));
    return fmt::format(":{}{}{}", row.before, pack, row.after);
  }
  if (!starts_with_digit(release)) return fmt::format(":{}{}", numbers, row.after);
  return fmt::format(":{}{}{}", row.before, numbers, row.after);
}

/// The name and version that `upstream` gives for the source package.
std::pair<std::string, std::string> source_of(const Purl& purl) {
  std::string_view upstream = qualifier_of(purl, "upstream");
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

/// Types that no table has: records of them are found by package URL, where there are any.
Candidates of_other_type(const Purl& purl) {
  Candidates found;
  found.version = purl.version;
  found.is_covered = false;
  found.ecosystems = {std::string(purl_ecosystem) + purl.type};
  found.names = {package_of(purl)};
  Purl plain = purl;
  plain.qualifiers.clear();
  if (std::string name = package_of(plain); name != found.names.front())
    found.names.push_back(std::move(name));
  return found;
}

Candidates of_distribution(const Purl& purl);

/// Where the distribution publishes whose packages this one rebuilds; empty for others, and without
/// a release.
std::vector<std::string> rebuilt_ecosystems_of(const Purl& purl) {
  const auto row = std::ranges::find(rebuilds, purl.name_space,
                                     &std::pair<std::string_view, std::string_view>::first);
  if (purl.type != "rpm" || row == rebuilds.end() || release_of(purl).empty()) return {};
  Purl original = purl;
  original.name_space = row->second;
  return of_distribution(original).ecosystems;
}

/// Ubuntu Pro mends releases after their time, and packages that Ubuntu itself leaves as they are.
/// Its packages ("1.0-1ubuntu2+esm3") are its own; the others lack what it mends.
void add_extended_support(const Purl& purl, std::string_view release, Candidates& found) {
  if (purl.type != "deb" || purl.name_space != "ubuntu" || release.empty()) return;
  std::vector<std::string> pro = {fmt::format("Ubuntu:Pro:{}:LTS", release_parts(release, 2))};
  if (found.version.find("esm") == std::string::npos) {
    found.extended_ecosystems = std::move(pro);
    return;
  }
  found.own_ecosystems = std::move(pro);
  found.own_names = found.names;
}

Candidates of_distribution(const Purl& purl) {
  Candidates found;
  found.version = purl.version;
  const std::string_view epoch = qualifier_of(purl, "epoch");
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
      found.ecosystems.push_back(std::string(row.ecosystem) +
                                 suffix_of(row, release, qualifier_of(purl, "distro")));
    }
    if (row.parts > 0) found.further_ecosystems = {std::string(row.ecosystem)};
  }
  if (found.ecosystems.empty()) {
    const std::string version = found.version;
    found = of_other_type(purl);
    found.version = version;
    found.obstacle = fmt::format("no advisory source covers pkg:{} packages of '{}'", purl.type,
                                 quotable(purl.name_space));
    return found;
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
  found.rebuilt_ecosystems = rebuilt_ecosystems_of(purl);
  add_extended_support(purl, release, found);
  return found;
}

/// The semantic version by which records know a release of Go: "1.21.0-rc.2" of "1.21rc2".
std::string semver_of_go_release(std::string_view release) {
  const std::size_t end = std::min(release.find_first_not_of("0123456789."), release.size());
  std::string version(release.substr(0, end));
  const std::string_view rest = release.substr(end);
  if (!starts_with_digit(version) || version.ends_with('.')) return std::string(release);
  for (auto dots = std::ranges::count(version, '.'); dots < 2; ++dots)
    version += ".0";
  for (const std::string_view word : {"beta", "rc"})
    if (rest.starts_with(word) && starts_with_digit(rest.substr(word.size())))
      return fmt::format("{}-{}.{}", version, word, rest.substr(word.size()));
  return version.append(rest);
}

/// Go: the version without its "v", or the "go" of the standard library's; a subpath such as "v5"
/// belongs to the module's path.
void finish_go(const Purl& purl, Candidates& found) {
  const std::string_view version = found.version;
  if (version.starts_with('v')) {
    found.version.erase(0, 1);
  } else if (version.starts_with("go") && starts_with_digit(version.substr(2))) {
    found.version.erase(0, 2);
  }
  if (purl.name_space.empty() && (purl.name == "stdlib" || purl.name == "toolchain"))
    found.version = semver_of_go_release(found.version);
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

/// The package that Root.io rebuilt: "jq" of "rootio-jq", "json-schema" of "@rootio/json-schema".
/// Nothing for other packages.
std::optional<Purl> before_rebuilding(const Purl& purl) {
  constexpr std::string_view prefix = "rootio-";
  const bool by_name = purl.name.starts_with(prefix) && purl.name.size() > prefix.size();
  const bool by_scope = purl.type == "npm" && purl.name_space == "@rootio";
  if (!by_name && !by_scope) return std::nullopt;
  Purl original = purl;
  if (by_name)
    original.name.erase(0, prefix.size());
  else
    original.name_space.clear();
  return original;
}

/// Records may name the repository behind the colon. The groups of Maven belong to one owner in all
/// repositories, and bills hardly ever tell from which an artefact came.
void add_repositories(const Purl& purl, std::string_view ecosystem, Candidates& found) {
  if (ecosystem == "Maven") found.further_ecosystems.emplace_back("Maven:*");
  if (ecosystem != "Packagist" && ecosystem != "VSCode") return;
  std::string_view repository = qualifier_of(purl, "repository_url");
  while (repository.ends_with('/'))
    repository.remove_suffix(1);
  if (!repository.empty())
    found.further_ecosystems.push_back(fmt::format("{}:{}", ecosystem, repository));
}

Candidates candidates_of_original(const Purl& purl) {
  if (is_distribution_type(purl.type)) return of_distribution(purl);
  const auto row = std::ranges::find(types, purl.type, &TypeRow::type);
  if (row == types.end()) {
    Candidates found = of_other_type(purl);
    found.obstacle = fmt::format("no advisory source covers pkg:{}", quotable(purl.type));
    return found;
  }
  Candidates found;
  found.version = purl.version;
  found.ecosystems.emplace_back(row->ecosystem);
  add_repositories(purl, row->ecosystem, found);
  const std::string_view separator = separator_of(row->form);
  const std::string name = row->form == NameForm::name ? purl.name : joined(purl, separator);
  found.names.push_back(normalised_name(row->ecosystem, name));
  if (purl.type == "golang") finish_go(purl, found);
  if (purl.type == "composer" && purl.name_space == "drupal") {
    found.ecosystems.emplace_back("Packagist:https://packages.drupal.org/*");
  }
  return found;
}

}  // namespace

std::string_view qualifier_of(const Purl& purl, std::string_view key) {
  const auto found = std::ranges::find(
      purl.qualifiers, key, [](const auto& pair) { return std::string_view(pair.first); });
  return found == purl.qualifiers.end() ? std::string_view() : std::string_view(found->second);
}

bool fits(std::string_view pattern, std::string_view ecosystem) {
  // The last star may be made to stand for one character more, as often as needed.
  std::size_t p = 0;
  std::size_t e = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_end = 0;
  while (e < ecosystem.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_end = e;
    } else if (p < pattern.size() && pattern[p] == ecosystem[e]) {
      ++p;
      ++e;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      e = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string_view without_suffix(std::string_view ecosystem) {
  return ecosystem.substr(0, std::min(ecosystem.find(':'), ecosystem.size()));
}

std::string normalised_name(std::string_view ecosystem, std::string_view name) {
  constexpr std::array<std::string_view, 8> without_case = {
      "Bitnami", "GitHub Actions", "Go", "Hex", "NuGet", "Packagist", "Pub", "VSCode"};
  const std::string_view base = without_suffix(ecosystem);
  if (ecosystem == git_ecosystem || base == "SwiftURL") return normalised_repository(name);
  if (base == "PyPI") return lower_and_joined(name);
  if (std::ranges::find(without_case, base) != without_case.end()) return lower_case(name);
  return std::string(name);
}

Purl with_source(Purl purl, const SourcePackage& source) {
  if (!is_distribution_type(purl.type)) return purl;
  const bool lacks_module =
      purl.type == "rpm" && !source.module.empty() && qualifier_of(purl, "rpmmod").empty();
  if (lacks_module) {
    purl.qualifiers.emplace_back("rpmmod", source.module);
    std::ranges::sort(purl.qualifiers);
  }
  if (source.name.empty() || !qualifier_of(purl, "upstream").empty()) return purl;
  // Packages of rpm share version and release with their source, but not always the epoch.
  const bool has_version = purl.type != "rpm" && !source.version.empty();
  purl.qualifiers.emplace_back(
      "upstream", has_version ? fmt::format("{}@{}", source.name, source.version) : source.name);
  std::ranges::sort(purl.qualifiers);
  return purl;
}

bool is_same_arch(std::string_view a, std::string_view b) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words = {
      {{"amd64", "x86_64"}, {"arm64", "aarch64"}, {"i386", "x86"}, {"i686", "x86"}}};
  const auto one_word = [&words](std::string_view arch) {
    const auto row =
        std::ranges::find(words, arch, &std::pair<std::string_view, std::string_view>::first);
    return row == words.end() ? arch : row->second;
  };
  return one_word(a) == one_word(b);
}

Candidates candidates_of(const Purl& purl) {
  const std::optional<Purl> original = before_rebuilding(purl);
  Candidates found = candidates_of_original(original ? *original : purl);
  constexpr std::array<std::string_view, 5> general = {"all", "any", "noarch", "source", "src"};
  const std::string_view arch = qualifier_of(purl, "arch");
  if (std::ranges::find(general, arch) == general.end()) found.arch = arch;
  found.is_rpm = purl.type == "rpm";
  if (found.is_rpm) found.stream = module_stream(qualifier_of(purl, "rpmmod"));
  if (!original) return found;
  for (const std::string& ecosystem : found.ecosystems) {
    // "Root:Alpine:3.18" for what is "Alpine:v3.18".
    std::string own = fmt::format("Root:{}", ecosystem);
    if (const std::size_t v = own.find(":v"); v != std::string::npos) own.erase(v + 1, 1);
    found.own_ecosystems.push_back(std::move(own));
  }
  found.own_names = candidates_of_original(purl).names;
  return found;
}

}  // namespace lockstep::advisories
