// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/advisory.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "domain/cpe.hpp"
#include "domain/purl.hpp"
#include "formats/csaf/csaf.hpp"
#include "formats/csaf/limits.hpp"
#include "formats/csaf/ranges.hpp"
#include "formats/csaf/validate.hpp"

namespace lockstep::formats::csaf {
namespace {

/// The OSV ecosystem of a type of package URL, and how its names are made.
struct EcosystemRow {
  std::string_view type;
  std::string_view ecosystem;
  char separator;  ///< between namespace and name; 0 where the name stands alone
};

// Packages of distributions are left out: their release is no part of the URL's name.
constexpr std::array ecosystems = {
    EcosystemRow{"bitnami", "Bitnami", '/'},
    EcosystemRow{"cargo", "crates.io", '/'},
    EcosystemRow{"composer", "Packagist", '/'},
    EcosystemRow{"conan", "ConanCenter", 0},
    EcosystemRow{"cran", "CRAN", '/'},
    EcosystemRow{"gem", "RubyGems", '/'},
    EcosystemRow{"golang", "Go", '/'},
    EcosystemRow{"hackage", "Hackage", '/'},
    EcosystemRow{"hex", "Hex", 0},
    EcosystemRow{"julia", "Julia", '/'},
    EcosystemRow{"maven", "Maven", ':'},
    EcosystemRow{"npm", "npm", '/'},
    EcosystemRow{"nuget", "NuGet", '/'},
    EcosystemRow{"opam", "opam", '/'},
    EcosystemRow{"pub", "Pub", '/'},
    EcosystemRow{"pypi", "PyPI", '/'},
    EcosystemRow{"swift", "SwiftURL", '/'},
    EcosystemRow{"vscode-extension", "VSCode", '.'},
};

struct Package {
  std::string_view ecosystem;
  std::string name;
  std::string version;
  std::string cpe = {};  ///< where the product is known by its CPE name alone
};

/// That one version, as a range: entries with a CPE name have no lists of versions.
AffectedRange only(const std::string& version) {
  AffectedRange range;
  range.events = {{EventKind::introduced, version}, {EventKind::last_affected, version}};
  return range;
}

/// Why products could not be taken, and how many there were for each reason.
using Reasons = std::map<std::string, int>;

/// A range as ranges of OSV, one for each piece: an event list may not mix "fixed" with
/// "last_affected". "!=" cannot be said, and takes in too much rather than too little.
std::vector<AffectedRange> ranges_of(const VersionRange& range,
                                     std::vector<std::string>& versions) {
  std::vector<AffectedRange> ranges;
  std::optional<Event> open;
  const Event from_the_start{Event::Kind::introduced, "0"};
  const auto close = [&](Event::Kind kind, const std::string& version) {
    AffectedRange piece;
    piece.events = {open.value_or(from_the_start), {kind, version}};
    ranges.push_back(std::move(piece));
    open.reset();
  };
  for (const Constraint& one : range.constraints) {
    if (one.comparator == Comparator::equal) versions.push_back(one.version);
    if (one.comparator == Comparator::greater)
      open = open.value_or(Event{Event::Kind::introduced_after, one.version});
    if (one.comparator == Comparator::greater_or_equal)
      open = open.value_or(Event{Event::Kind::introduced, one.version});
    if (one.comparator == Comparator::less) close(Event::Kind::fixed, one.version);
    if (one.comparator == Comparator::less_or_equal) close(Event::Kind::last_affected, one.version);
  }
  if (open || range.is_all) {
    AffectedRange rest;
    rest.events = {open.value_or(from_the_start)};
    ranges.push_back(std::move(rest));
  }
  return ranges;
}

class AdvisoryReader {
 public:
  AdvisoryReader(const DocumentValue& document, const std::string& file, Diagnostics& problems)
      : document_(document), file_(file), problems_(problems) {
    for (const ProductValue& product : document_.products)
      products_.emplace(product.id, &product);
  }

  std::vector<Advisory> read() {
    std::vector<Advisory> advisories;
    for (const VulnerabilityValue& vulnerability : document_.vulnerabilities) {
      Advisory advisory = head_of(vulnerability);
      add_affected(vulnerability, advisory);
      if (!advisory.affected.empty()) advisories.push_back(std::move(advisory));
    }
    report_reasons();
    return advisories;
  }

 private:
  using PackageKey = std::tuple<std::string, std::string, std::string>;

  static bool has_version(const std::string& cpe) {
    return (*parse_cpe(cpe))[CpeAttribute::version].kind == CpeValue::Kind::text;
  }

  Advisory head_of(const VulnerabilityValue& vulnerability) const {
    Advisory advisory;
    advisory.form = AdvisoryForm::csaf;
    advisory.id = document_.id;
    if (!vulnerability.cve.empty()) advisory.aliases.push_back(vulnerability.cve);
    advisory.aliases.insert(advisory.aliases.end(), vulnerability.ids.begin(),
                            vulnerability.ids.end());
    if (document_.vulnerabilities.size() > 1 && !advisory.aliases.empty())
      advisory.id += ":" + advisory.aliases.front();
    advisory.summary = vulnerability.title.empty() ? document_.title : vulnerability.title;
    advisory.details = vulnerability.description;
    advisory.modified = document_.current_release;
    advisory.published = document_.initial_release;
    advisory.weaknesses = vulnerability.weaknesses;
    advisory.references = vulnerability.references;
    advisory.references.insert(advisory.references.end(), document_.references.begin(),
                               document_.references.end());
    for (const ScoreValue& score : vulnerability.scores) {
      PublishedSeverity severity{"CVSS_V" + score.version.substr(0, 1), score.vector};
      const bool is_new = std::ranges::none_of(advisory.severity, [&](const auto& known) {
        return known.type == severity.type && known.score == severity.score;
      });
      if (is_new && !score.version.empty()) advisory.severity.push_back(std::move(severity));
    }
    return advisory;
  }

  void add_affected(const VulnerabilityValue& vulnerability, Advisory& advisory) {
    std::map<PackageKey, Affected> packages;
    for (const StatusValue& status : vulnerability.status) {
      if (!status.key.ends_with("_affected") || status.key == "known_not_affected") continue;
      for (const std::string& id : status.products)
        if (const auto product = products_.find(id); product != products_.end())
          add_product(*product->second, packages);
    }
    for (auto& [name, affected] : packages) {
      std::ranges::sort(affected.versions);
      const auto last = std::ranges::unique(affected.versions);
      affected.versions.erase(last.begin(), last.end());
      if (!affected.cpe.empty()) {
        for (const std::string& version : affected.versions)
          affected.ranges.push_back(only(version));
        affected.versions.clear();
      }
      advisory.affected.push_back(std::move(affected));
    }
  }

  std::optional<Package> package_of_cpe(const std::string& written) {
    const auto cpe = parse_cpe(written);
    if (!cpe) {
      ++reasons_["a CPE name that breaks its rules"];
      return std::nullopt;
    }
    return Package{cpe_ecosystem, product_of(*cpe), "", to_formatted_string(*cpe)};
  }

  std::optional<Package> package_of(const ProductValue& product) {
    if (product.purls.empty()) {
      if (!product.cpe.empty()) return package_of_cpe(product.cpe);
      ++reasons_[product.parts.empty() ? "neither package URL nor CPE"
                                       : "a component inside a product"];
      return std::nullopt;
    }
    const auto purl = parse_purl(product.purls.front());
    if (!purl) {
      ++reasons_["a package URL that breaks its rules"];
      return std::nullopt;
    }
    const auto row = std::ranges::find(ecosystems, purl->type, &EcosystemRow::type);
    if (row == ecosystems.end()) {
      ++reasons_["a package URL of the type " + purl->type +
                 ", whose versions have no order that it names"];
      return std::nullopt;
    }
    Package package{row->ecosystem, purl->name, purl->version};
    const bool is_path = !purl->name_space.empty() && row->separator != 0;
    if (is_path) package.name = purl->name_space + row->separator + purl->name;
    if (purl->type == "golang" && !purl->subpath.empty()) package.name += "/" + purl->subpath;
    return package;
  }

  void add_product(const ProductValue& product, std::map<PackageKey, Affected>& packages) {
    const auto package = package_of(product);
    if (!package) return;
    Affected& affected = packages[{std::string(package->ecosystem), package->name, package->cpe}];
    affected.ecosystem = package->ecosystem;
    affected.package = package->name;
    affected.cpe = package->cpe;
    // A name with a version of its own says it all; the branches repeat it.
    if (!package->cpe.empty() && has_version(package->cpe)) return;
    const std::string version = package->version.empty() ? product.version : package->version;
    VersionRange range;
    if (version.empty() && !product.version_range.empty()) {
      range = parse_range(product.version_range);
      affected.partly_read = affected.partly_read || !range.problem.empty();
      if (!range.problem.empty()) return refuse(product, range.problem);
    } else if (version.empty()) {
      range.is_all = true;
    }
    if (!version.empty()) affected.versions.push_back(version);
    for (AffectedRange& piece : ranges_of(range, affected.versions))
      affected.ranges.push_back(std::move(piece));
  }

  void refuse(const ProductValue& product, const std::string& problem) {
    ++reasons_["a range of versions that cannot be read"];
    problems_.warning(
        "csaf.range",
        fmt::format("expected a range such as vers:npm/>=1.2.0|<2.0.0 for '{}', found "
                    "'{}': {}",
                    quotable(product.id), quotable(product.version_range), problem),
        product.where);
  }

  void report_reasons() {
    std::vector<std::string> parts;
    int count = 0;
    for (const auto& [reason, times] : reasons_) {
      parts.push_back(fmt::format("{} with {}", times, reason));
      count += times;
    }
    if (count > 0)
      problems_.note("csaf.not_evaluated",
                     fmt::format("expected package URLs of affected products, found {}; what the "
                                 "document says about them is not evaluated",
                                 join(parts, ", ")),
                     {file_, 0, 0});
  }

  const DocumentValue& document_;
  const std::string& file_;
  Diagnostics& problems_;
  std::unordered_map<std::string_view, const ProductValue*> products_;
  Reasons reasons_;
};

}  // namespace

bool looks_like(std::string_view bytes) {
  return bytes.find("\"csaf_version\"") != std::string_view::npos;
}

Result<std::vector<Advisory>> read_advisories(std::string_view bytes,
                                              const std::string& file,
                                              Diagnostics& problems) {
  TRY(const Json document, parse_json(bytes, file, problems, document_limits));
  if (!version_of(document))
    return fail(ErrorKind::input, "csaf.version",
                fmt::format("expected 2.0 or 2.1 as document/csaf_version, found {}",
                            describe(document["document"]["csaf_version"])),
                document.at(file));
  const DocumentValue value = read_document(document, file);
  return AdvisoryReader(value, file, problems).read();
}

}  // namespace lockstep::formats::csaf
