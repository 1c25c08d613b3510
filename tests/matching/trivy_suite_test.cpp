// SPDX-License-Identifier: Apache-2.0
// The trivy-e2e suite: its advisory database behind our matcher, its reports as what must be found.
// The images of the reports are not in the suite, so a report's packages are the bill; bills of the
// suite are read as they are. Ids and fixed versions are compared; severities are those of other
// data. Each difference is a row with its reason; a row that fits nothing fails the test.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/match.hpp"
#include "base/digest.hpp"
#include "formats/registry.hpp"
#include "matching/trivy_data.hpp"

namespace lockstep::test {
namespace {

const std::string suite = "vuln/suites/trivy-e2e";

const std::vector<Advisory>& records() {
  static const std::vector<Advisory> all =
      trivy::records(shared_path(suite + "/reference/fixtures/db")).first;
  return all;
}

const advisories::AdvisoryIndex& database() {
  static const advisories::AdvisoryIndex index = [] {
    advisories::IndexBuilder builder;
    for (const Advisory& record : records())
      builder.add(record);
    auto made = advisories::AdvisoryIndex::from_bytes(builder.finish(), "trivy.index");
    EXPECT_TRUE(made.has_value());
    return *std::move(made);
  }();
  return index;
}

/// Which source package a binary one is built from, as the distributions' own control files say;
/// the reports do not carry it.
SourcePackage source_of(const std::string& binary) {
  static const std::map<std::string, std::string> sources = {
      {"e2fslibs", "e2fsprogs"},   {"libcom-err2", "e2fsprogs"}, {"libcomerr2", "e2fsprogs"},
      {"libcrypto1.1", "openssl"}, {"libext2fs2", "e2fsprogs"},  {"libidn2-0", "libidn2"},
      {"libss2", "e2fsprogs"},     {"libssl1.1", "openssl"},     {"musl-utils", "musl"},
  };
  const auto found = sources.find(binary);
  return found == sources.end() ? SourcePackage{} : SourcePackage{found->second, ""};
}

struct Report {
  Bom bom;
  std::set<std::string> wanted;  ///< "PURL ID"
  std::map<std::string, std::set<std::string>> fixed;
};

std::string key_of(const std::string& purl, const std::string& id) {
  return purl + " " + id;
}

Report read_report(const std::string& path) {
  Report report;
  report.bom.path = path;
  Diagnostics problems;
  const auto document = parse_json(read_file(path), path, problems);
  EXPECT_TRUE(document.has_value()) << path;
  if (!document) return report;
  std::set<std::string> seen;
  const auto add = [&](const std::string& written, const std::string& version) {
    if (written.empty() || !seen.insert(written).second) return;
    const auto purl = parse_purl(written);
    EXPECT_TRUE(purl.has_value()) << written;
    if (!purl) return;
    Component component;
    component.purl = *purl;
    component.name = purl->name;
    component.version = version;
    component.source = source_of(purl->name);
    report.bom.components.push_back(std::move(component));
  };
  for (const Json& result : (*document)["Results"].items()) {
    for (const Json& package : result["Packages"].items())
      add(package["Identifier"]["PURL"].string_or(""), package["Version"].string_or(""));
    for (const Json& found : result["Vulnerabilities"].items()) {
      const std::string written = found["PkgIdentifier"]["PURL"].string_or("");
      add(written, found["InstalledVersion"].string_or(""));
      const auto purl = parse_purl(written);
      if (!purl) continue;
      const std::string key = key_of(to_text(*purl), found["VulnerabilityID"].string_or(""));
      report.wanted.insert(key);
      const std::string fixed = found["FixedVersion"].string_or("");
      for (const std::string_view version : split(fixed, ','))
        if (!trim(version).empty()) report.fixed[key].emplace(trim(version));
    }
  }
  return report;
}

/// The ids of a finding that a report may call it by: those of the flaw, and those that the records
/// that match stand for.
std::set<std::string> ids_of(const Finding& finding) {
  std::set<std::string> ids(finding.aliases.begin(), finding.aliases.end());
  for (const std::string& id : finding.matched) {
    const auto record = std::ranges::find(records(), id, &Advisory::id);
    ids.insert(record->upstream.begin(), record->upstream.end());
  }
  return ids;
}

/// Whether these are fixes of the report, which also lists those below the installed version, and
/// leaves out an epoch of 0.
bool are_fixes(const std::vector<std::string>& fixed,
               const Report& report,
               const std::string& key) {
  const auto wanted = report.fixed.find(key);
  if (wanted == report.fixed.end()) return fixed.empty();
  return !fixed.empty() && std::ranges::all_of(fixed, [&](const std::string& version) {
    const bool has_epoch_0 = version.starts_with("0:");
    return wanted->second.contains(has_epoch_0 ? version.substr(2) : version);
  });
}

/// What differs: "- PURL ID" is missing, "+ PURL ID" is too much, "~ PURL ID" has other fixes.
std::vector<std::string> differences(const Report& report, const advisories::MatchResult& result) {
  std::set<std::string> found;
  std::vector<std::string> lines;
  for (const Finding& finding : result.findings) {
    bool is_wanted = false;
    for (const std::string& id : ids_of(finding)) {
      const std::string key = key_of(finding.purl, id);
      if (!report.wanted.contains(key)) continue;
      is_wanted = true;
      found.insert(key);
      if (!are_fixes(finding.fixed, report, key)) lines.push_back("~ " + key);
    }
    if (!is_wanted) lines.push_back("+ " + key_of(finding.purl, *ids_of(finding).begin()));
  }
  for (const std::string& key : report.wanted)
    if (!found.contains(key)) lines.push_back("- " + key);
  return lines;
}

/// A difference that stays, and why.
struct Row {
  std::string file;  ///< of the report, without ".json.golden"
  std::string line;  ///< the beginning of the difference
  std::string reason;
};

const std::vector<Row>& known_differences() {
  static const std::vector<Row> rows = {
      {"conan", "~ pkg:conan/pcre@8.43 CVE-2020-14155",
       "the record's range ends at 8.44 and its fix is 8.45: both are told"},
  };
  return rows;
}

TEST(TrivySuite, FindsWhatTheReportsFind) {
  LS_NEEDS_SHARED(suite);
  std::set<std::string> stale;
  for (const Row& row : known_differences())
    stale.insert(row.file + ": " + row.line);
  int wanted = 0;
  int reports = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shared_path(suite))) {
    const std::string name = entry.path().filename().string();
    constexpr std::string_view end = ".json.golden";
    if (!name.ends_with(end)) continue;
    const Report report = read_report(entry.path().string());
    if (report.wanted.empty()) continue;
    ++reports;
    wanted += static_cast<int>(report.wanted.size());
    const auto result = advisories::match(report.bom, database());
    ASSERT_TRUE(result.has_value());
    const std::string file = name.substr(0, name.size() - end.size());
    for (const std::string& line : differences(report, *result)) {
      bool is_known = false;
      for (const Row& row : known_differences()) {
        if (row.file != file || !line.starts_with(row.line)) continue;
        is_known = true;
        stale.erase(row.file + ": " + row.line);
      }
      EXPECT_TRUE(is_known) << file << ": " << line;
    }
  }
  for (const std::string& row : stale)
    ADD_FAILURE() << "stale: " << row;
  fmt::print("{} vulnerabilities of {} reports, {} differ on purpose\n", wanted, reports,
             known_differences().size());
  EXPECT_GT(reports, 0);
}

/// The findings of one of the suite's bills: "PURL ID", with all ids that a report may use.
std::set<std::string> found_in(const std::string& name) {
  const std::string path = shared_path(suite + "/reference/fixtures/sbom/" + name);
  Diagnostics problems;
  const auto bom = formats::read_bom(read_file(path), name, problems);
  EXPECT_TRUE(bom.has_value()) << name;
  std::set<std::string> found;
  if (!bom) return found;
  const auto result = advisories::match(*bom, database());
  EXPECT_TRUE(result.has_value());
  for (const Finding& finding : result->findings)
    for (const std::string& id : ids_of(finding))
      if (id.starts_with("CVE-") || id.starts_with("GHSA-") || id.starts_with("RHSA-"))
        found.insert(finding.component + " " + id);
  return found;
}

TEST(TrivySuite, FindsTheSameInEveryFormOfABill) {
  LS_NEEDS_SHARED(suite);
  // By the database: bash has no fix in RHEL 7, openssl-libs has one that comes later.
  const std::set<std::string> wanted = {"bash CVE-2019-18276", "openssl-libs CVE-2018-0734",
                                        "openssl-libs CVE-2019-1559",
                                        "openssl-libs RHSA-2019:2304"};
  for (const char* name : {"centos-7-cyclonedx.json", "centos-7-cyclonedx.intoto.jsonl",
                           "centos-7-spdx.json", "centos-7-spdx.txt"}) {
    EXPECT_EQ(found_in(name), wanted) << name;
  }
}

TEST(TrivySuite, TakesSourcePackagesFromBills) {
  LS_NEEDS_SHARED(suite);
  const auto found = found_in("fluentd-multiple-lockfiles-cyclonedx.json");
  // The report of the image that the bill is of; bash has no fix and is left out of that report.
  for (const char* one : {"libidn2-0 CVE-2019-18224", "activesupport CVE-2020-8165"})
    EXPECT_TRUE(found.contains(one)) << one;
  EXPECT_EQ(found_in("minikube-kbom.json"),
            (std::set<std::string>{"k8s.io/kubelet CVE-2023-2431"}));
}

}  // namespace
}  // namespace lockstep::test
