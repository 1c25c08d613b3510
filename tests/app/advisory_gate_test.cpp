// SPDX-License-Identifier: Apache-2.0
// The whole path from published data to findings, against a table that was computed by the OSV
// specification's own algorithm, and against a slow matcher that uses neither index nor names.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "advisories/ecosystem.hpp"
#include "advisories/evaluate.hpp"
#include "advisories/index.hpp"
#include "advisories/match.hpp"
#include "app/import_data.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "formats/osv/read.hpp"
#include "formats/zip.hpp"
#include "support/paths.hpp"
#include "versions/scheme.hpp"

namespace lockstep::test {
namespace {

using Row = std::tuple<std::string, std::string>;  ///< purl, record id

/// The components of a CycloneDX file, as far as matching needs them.
Bom read_components(const std::string& path) {
  Bom bom;
  bom.path = path;
  Diagnostics problems;
  const auto document = parse_json(read_file(path), path, problems);
  EXPECT_TRUE(document.has_value());
  for (const Json& item : (*document)["components"].items()) {
    Component component;
    component.name = item["name"].string_or("");
    component.version = item["version"].string_or("");
    component.reference = item["bom-ref"].string_or("");
    if (auto purl = parse_purl(item["purl"].string_or(""))) component.purl = *purl;
    bom.components.push_back(component);
  }
  return bom;
}

/// The index of all shared OSV data, built once.
const advisories::AdvisoryIndex& shared_index() {
  static const advisories::AdvisoryIndex index = [] {
    const std::string folder = fresh_folder("gate");
    RealFiles files;
    Progress progress;
    Diagnostics problems;
    const auto report = app::import_data({{shared_path("vuln/data/osv")}, folder, Instant()}, files,
                                         progress, problems);
    EXPECT_TRUE(report.has_value()) << (report ? "" : to_text(report.error()));
    auto opened = advisories::AdvisoryIndex::open(app::index_path(folder));
    EXPECT_TRUE(opened.has_value());
    std::filesystem::remove_all(folder);
    return *std::move(opened);
  }();
  return index;
}

std::set<Row> rows_of(const advisories::MatchResult& result) {
  std::set<Row> rows;
  for (const Finding& finding : result.findings) {
    for (const std::string& id : finding.matched)
      rows.insert({finding.reference, id});
  }
  return rows;
}

TEST(AdvisoryGate, FindsExactlyTheTableOfTheBenchmarkBill) {
  LS_NEEDS_SHARED("vuln/data/osv");
  const Bom bom = read_components(shared_path("vuln/data/sbom/bench-1000.cdx.json"));
  const auto result = advisories::match(bom, shared_index());
  ASSERT_TRUE(result.has_value()) << to_text(result.error());

  const std::map<std::string, std::string> prefixes = {
      {"cargo", "pkg:cargo/"}, {"golang", "pkg:golang/"}, {"pypi", "pkg:pypi/"}};
  std::set<std::tuple<std::string, std::string, std::string, std::string>> expected;
  const std::string table = read_file(shared_path("vuln/data/sbom/bench-1000.expected.tsv"));
  for (const std::string_view line : split(table, '\n')) {
    const auto cells = split(line, '\t');
    if (cells.size() != 4) continue;
    expected.emplace(cells[0], cells[1], cells[2], cells[3]);
  }
  ASSERT_EQ(expected.size(), 1087U);

  std::set<std::tuple<std::string, std::string, std::string, std::string>> found;
  for (const Finding& finding : result->findings) {
    const auto component =
        std::ranges::find(bom.components, finding.reference, &Component::reference);
    for (const std::string& id : finding.matched) {
      const std::string& version = component->version;  // the table drops Go's "v"
      found.emplace(component->purl->type, component->name,
                    version.substr(version.starts_with("v") ? 1 : 0), id);
    }
  }
  std::vector<std::tuple<std::string, std::string, std::string, std::string>> missing;
  std::vector<std::tuple<std::string, std::string, std::string, std::string>> extra;
  std::ranges::set_difference(expected, found, std::back_inserter(missing));
  std::ranges::set_difference(found, expected, std::back_inserter(extra));
  EXPECT_EQ(missing.size(), 0U) << testing::PrintToString(missing);
  EXPECT_EQ(extra.size(), 0U) << testing::PrintToString(extra);
}

/// Every shared OSV record, read afresh.
const std::vector<Advisory>& all_records() {
  static const std::vector<Advisory> records = [] {
    std::map<std::string, Advisory> newest;
    formats::osv::Reader reader;
    Diagnostics problems;
    const auto zips = RealFiles().list(shared_path("vuln/data/osv"), ".zip");
    for (const std::string& path : *zips) {
      auto zip = formats::ZipReader::open_file(path);
      for (auto entry = zip->next(); entry && *entry; entry = zip->next()) {
        auto read = reader.read((*entry)->bytes, path, problems);
        for (Advisory& advisory : *read) {
          auto& kept = newest[advisory.id];
          if (kept.id.empty() || kept.modified < advisory.modified) kept = std::move(advisory);
        }
      }
    }
    std::vector<Advisory> all;
    for (auto& [id, advisory] : newest)
      all.push_back(std::move(advisory));
    return all;
  }();
  return records;
}

/// The specification's pseudo-code, line by line, over one range.
bool range_includes(const AffectedRange& range,
                    const versions::Scheme& scheme,
                    const std::string& v) {
  const auto below = [&](const std::string& a, const std::string& b) {
    return std::is_lt(scheme.compare(a, b));
  };
  bool has_limit = false;
  bool before_limits = false;
  for (const Event& event : range.events) {
    if (event.kind != Event::Kind::limit) continue;
    has_limit = true;
    before_limits = before_limits || event.version == "*" || below(v, event.version);
  }
  if (has_limit && !before_limits) return false;
  std::vector<Event> events = range.events;
  std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
    if (a.version == "0" && a.kind == Event::Kind::introduced) {
      return !(b.version == "0" && b.kind == Event::Kind::introduced);
    }
    if (b.version == "0" && b.kind == Event::Kind::introduced) return false;
    return below(a.version, b.version);
  });
  bool vulnerable = false;
  for (const Event& event : events) {
    if (event.kind == Event::Kind::introduced &&
        (event.version == "0" || !below(v, event.version))) {
      vulnerable = true;
    } else if (event.kind == Event::Kind::fixed && !below(v, event.version)) {
      vulnerable = false;
    } else if (event.kind == Event::Kind::last_affected && below(event.version, v)) {
      vulnerable = false;
    }
  }
  return vulnerable;
}

bool entry_includes(const Affected& affected, const std::string& version) {
  if (std::ranges::find(affected.versions, version) != affected.versions.end()) return true;
  return std::ranges::any_of(affected.ranges, [&](const AffectedRange& range) {
    if (range.kind == AffectedRange::Kind::git) return false;
    const versions::Scheme* scheme = range.kind == AffectedRange::Kind::semver
                                         ? &versions::semver
                                         : versions::scheme_for_ecosystem(affected.ecosystem);
    return scheme != nullptr && range_includes(range, *scheme, version);
  });
}

/// What a package is called where upper and lower case, and PyPI's separators, make no difference.
std::string plain(std::string_view ecosystem, std::string name) {
  if (ecosystem != "PyPI" && ecosystem != "Go" && ecosystem != "Hex") return name;
  name = lower_case(name);
  if (ecosystem != "PyPI") return name;
  std::string text;
  for (const char c : name) {
    const char one = c == '_' || c == '.' ? '-' : c;
    if (one != '-' || text.empty() || text.back() != '-') text.push_back(one);
  }
  return text;
}

const std::map<std::string, std::string>& ecosystem_of_type() {
  static const std::map<std::string, std::string> types = {
      {"pypi", "PyPI"}, {"golang", "Go"}, {"cargo", "crates.io"}, {"npm", "npm"}, {"hex", "Hex"}};
  return types;
}

/// Compares every component with every entry of every record.
std::set<Row> slow_match(const Bom& bom) {
  std::set<Row> rows;
  for (const Advisory& advisory : all_records()) {
    if (advisory.withdrawn) continue;
    for (const Affected& affected : advisory.affected) {
      const std::string name = plain(affected.ecosystem, affected.package);
      for (const Component& component : bom.components) {
        const auto type = ecosystem_of_type().find(component.purl->type);
        if (type == ecosystem_of_type().end() || type->second != affected.ecosystem) continue;
        std::string ours = component.purl->name_space;
        if (!ours.empty()) ours += "/";
        ours += component.purl->name;
        if (plain(affected.ecosystem, ours) != name) continue;
        std::string version = component.version;
        if (affected.ecosystem == "Go" && version.starts_with("v")) version.erase(0, 1);
        if (entry_includes(affected, version)) rows.insert({component.reference, advisory.id});
      }
    }
  }
  return rows;
}

TEST(AdvisoryGate, AgreesWithASlowMatcherOnTheBenchmarkBill) {
  LS_NEEDS_SHARED("vuln/data/osv");
  const Bom bom = read_components(shared_path("vuln/data/sbom/bench-1000.cdx.json"));
  const auto result = advisories::match(bom, shared_index());
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  EXPECT_EQ(rows_of(*result), slow_match(bom));
}

/// A bill of packages that some record names, at versions in and around its ranges.
Bom random_bom(std::size_t components, Random& random) {
  static const std::vector<std::pair<std::string, const Affected*>> entries = [] {
    std::vector<std::pair<std::string, const Affected*>> found;
    for (const Advisory& advisory : all_records()) {
      for (const Affected& affected : advisory.affected) {
        for (const auto& [type, ecosystem] : ecosystem_of_type()) {
          if (affected.ecosystem == ecosystem) found.emplace_back(type, &affected);
        }
      }
    }
    return found;
  }();
  Bom bom;
  for (std::size_t i = 0; i < components; ++i) {
    const auto& [type, affected] =
        entries[random.below(static_cast<std::uint32_t>(entries.size()))];
    std::vector<std::string> versions = {"0", "0.0.1", "1.0.0", "2.3.4-rc.1", "99.0.0"};
    for (const std::string& version : affected->versions)
      versions.push_back(version);
    for (const AffectedRange& range : affected->ranges) {
      if (range.kind == AffectedRange::Kind::git) continue;
      for (const Event& event : range.events) {
        versions.insert(versions.end(),
                        {event.version, event.version + ".1", event.version + "-1"});
      }
    }
    Component component;
    component.version = versions[random.below(static_cast<std::uint32_t>(versions.size()))];
    component.name = affected->package;
    component.reference = std::to_string(i);
    Purl purl;
    purl.type = type;
    const std::size_t slash = affected->package.rfind('/');
    purl.name = affected->package.substr(slash == std::string::npos ? 0 : slash + 1);
    if (slash != std::string::npos) purl.name_space = affected->package.substr(0, slash);
    purl.version = component.version;
    component.purl = purl;
    bom.components.push_back(component);
  }
  return bom;
}

TEST(AdvisoryGate, AgreesWithASlowMatcherOnRandomBills) {
  LS_NEEDS_SHARED("vuln/data/osv");
  Random random(RandomKey{2026, 1});
  std::size_t rows = 0;
  for (int round = 0; round < 5; ++round) {
    const Bom bom = random_bom(300, random);
    const auto result = advisories::match(bom, shared_index());
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    EXPECT_EQ(rows_of(*result), slow_match(bom));
    rows += rows_of(*result).size();
  }
  EXPECT_GT(rows, 1000U);
}

}  // namespace
}  // namespace lockstep::test
