// SPDX-License-Identifier: Apache-2.0
#include "advisories/match.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "advisories/builders.hpp"

namespace lockstep::test {
namespace {

using advisories::MatchResult;

MatchResult matched(const std::vector<Advisory>& records, const Bom& bom) {
  const auto index = index_of(records);
  auto result = advisories::match(bom, index);
  EXPECT_TRUE(result.has_value()) << to_text(result.error());
  return *std::move(result);
}

/// "ADVISORY of PURL", one a line.
std::string touched(const std::vector<Advisory>& records, const std::vector<std::string>& purls) {
  std::string text;
  for (const Finding& finding : matched(records, bill(purls)).findings)
    text += finding.advisory + " of " + finding.purl + "\n";
  return text;
}

TEST(Match, FindsRecordsThatNameTheRepositoryOfAPackage) {
  const std::vector<Advisory> records = {
      advisory("A-1", "Maven:https://maven.example.org", "org.acme:hook", "2"),
      advisory("A-2", "VSCode", "acme.tools", "2.0.0"),
      advisory("A-3", "VSCode:https://vsx.example.org", "acme.tools", "2.0.0"),
      advisory("A-4", "Maven", "org.acme:other", "2")};
  EXPECT_EQ(
      touched(records, {"pkg:maven/org.acme/hook@1", "pkg:vscode-extension/acme/tools@1.0.0"}),
      "A-1 of pkg:maven/org.acme/hook@1\nA-2 of pkg:vscode-extension/acme/tools@1.0.0\n");
  const std::string elsewhere =
      "pkg:vscode-extension/acme/tools@1.0.0?repository_url=https:%2F%2Fvsx.example.org";
  EXPECT_EQ(touched(records, {elsewhere + "%2F"}),
            "A-2 of " + elsewhere + "%2F\nA-3 of " + elsewhere + "%2F\n");
}

// The release behind the colon is optional; a record without one is about all of them.
TEST(Match, FindsRecordsAboutEveryReleaseOfADistribution) {
  const std::vector<Advisory> records = {advisory("D-1", "Debian", "hook", "2"),
                                         advisory("D-2", "Debian:12", "other", "2")};
  const std::string purl = "pkg:deb/debian/hook@1?distro=debian-12";
  EXPECT_EQ(touched(records, {purl}), "D-1 of " + purl + "\n");
  // They do not stand for the records of a release that was not imported.
  const MatchResult silent = matched(records, bill({"pkg:deb/debian/third@1?distro=debian-11"}));
  ASSERT_EQ(silent.unmatched.size(), 1U);
  EXPECT_EQ(silent.unmatched[0].reason, "no advisories of 'Debian:11' were imported");
}

TEST(Match, FindsEveryWayInWhichRedHatNamesARelease) {
  const std::vector<Advisory> records = {
      advisory("R-1", "Red Hat:enterprise_linux:10.1", "hook", "2-1"),
      advisory("R-2", "Red Hat:enterprise_linux:10::appstream", "hook", "2-1"),
      advisory("R-3", "Red Hat:enterprise_linux:9", "hook", "2-1"),
      advisory("R-4", "Red Hat:rhel_eus:9.4::baseos", "hook", "2-1")};
  const std::string ten = "pkg:rpm/redhat/hook@1-1?distro=redhat-10.0";
  const std::string nine = "pkg:rpm/redhat/hook@1-1?distro=redhat-9.4";
  EXPECT_EQ(touched(records, {ten, nine}),
            "R-1 of " + ten + "\nR-2 of " + ten + "\nR-3 of " + nine + "\n");
}

TEST(Match, AsksUbuntuProForWhatUbuntuDoesNotDecide) {
  std::vector<Advisory> records = {
      advisory("U-1", "Ubuntu:Pro:16.04:LTS", "hook", "1.0-1ubuntu2+esm3"),
      advisory("U-2", "Ubuntu:16.04:LTS", "hook", "1.0-1ubuntu2"),
      advisory("U-3", "Ubuntu:Pro:16.04:LTS", "hook", "1.0-1ubuntu2+esm1"),
      advisory("U-4", "Ubuntu:16.04:LTS", "hook", "")};
  records[2].aliases = {"U-2"};
  records[3].aliases = {"U-1"};
  // Mended by Ubuntu itself is mended; what only Pro mends is open without it.
  const std::string plain = "pkg:deb/ubuntu/hook@1.0-1ubuntu2?distro=ubuntu-16.04";
  EXPECT_EQ(touched({records[0], records[1], records[2]}, {plain}), "U-1 of " + plain + "\n");
  // Of a package of Pro, its own records decide first.
  const std::string pro = "pkg:deb/ubuntu/hook@1.0-1ubuntu2%2Besm3?distro=ubuntu-16.04";
  EXPECT_EQ(touched(records, {pro}), "");
  const std::string older = "pkg:deb/ubuntu/hook@1.0-1ubuntu2%2Besm2?distro=ubuntu-16.04";
  EXPECT_EQ(touched(records, {older}), "U-1 of " + older + "\n");
}

TEST(Match, AsksByEveryPackageUrlOfAComponent) {
  const std::vector<Advisory> records = {advisory("A-1", "npm", "hook", "2.0.0"),
                                         advisory("A-2", "PyPI", "hook", "2")};
  Bom bom = bill({"pkg:generic/hook@1.0.0"});
  add_purl(*parse_purl("pkg:npm/hook@1.0.0"), bom.components[0]);
  add_purl(*parse_purl("pkg:npm/hook@1.0.0?os=any"), bom.components[0]);
  const MatchResult result = matched(records, bom);
  EXPECT_TRUE(result.unmatched.empty());
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].advisory, "A-1");
  EXPECT_EQ(result.findings[0].because, "1.0.0 is in [0, 2.0.0)");
  add_purl(*parse_purl("pkg:gem/hook@1.0.0"), bom.components[0]);
  const MatchResult more = matched(records, bom);
  EXPECT_EQ(more.findings.size(), 1U);
  ASSERT_EQ(more.unmatched.size(), 1U);
  EXPECT_EQ(more.unmatched[0].purl, "pkg:gem/hook@1.0.0");
  EXPECT_EQ(more.unmatched[0].reason, "no advisories of 'RubyGems' were imported");
}

TEST(Match, SaysWhatWasFoundAndWhy) {
  Advisory record = advisory("GHSA-1", "npm", "left", "2.0.0");
  record.aliases = {"CVE-2026-1000"};
  record.severity = {{"CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}};
  const MatchResult result = matched({record}, bill({"pkg:npm/left@1.2.3", "pkg:npm/left@2.0.0"}));
  EXPECT_TRUE(result.unmatched.empty());
  ASSERT_EQ(result.findings.size(), 1U);
  const Finding& finding = result.findings[0];
  EXPECT_EQ(finding.sbom, "app.cdx.json");
  EXPECT_EQ(finding.component, "left");
  EXPECT_EQ(finding.purl, "pkg:npm/left@1.2.3");
  EXPECT_EQ(finding.version, "1.2.3");
  EXPECT_EQ(finding.advisory, "GHSA-1");
  EXPECT_EQ(finding.flaw, "CVE-2026-1000");
  EXPECT_EQ(finding.aliases, std::vector<std::string>{"CVE-2026-1000"});
  EXPECT_EQ(finding.matched, std::vector<std::string>{"GHSA-1"});
  EXPECT_EQ(finding.because, "1.2.3 is in [0, 2.0.0)");
  EXPECT_EQ(finding.fixed, std::vector<std::string>{"2.0.0"});
  EXPECT_EQ(finding.severity.source, "GHSA-1 CVSS_V3");
  EXPECT_EQ(finding.severity.score, 10.0);
  EXPECT_EQ(finding.severity.word, "critical");
}

TEST(Match, MakesOneFindingOfTheRecordsOfOneFlaw) {
  std::vector<Advisory> records = {
      advisory("PYSEC-1", "PyPI", "a", "2"), advisory("GHSA-1", "PyPI", "a", "2"),
      advisory("PYSEC-2", "PyPI", "a", "2"), advisory("DSA-1", "Debian:12", "a", "2")};
  records[0].aliases = {"CVE-2026-1000"};
  records[1].aliases = {"CVE-2026-1000"};
  records[2].upstream = {"CVE-2026-1000"};  // one way: no alias
  const MatchResult result = matched(records, bill({"pkg:pypi/a@1"}));
  ASSERT_EQ(result.findings.size(), 2U);
  EXPECT_EQ(result.findings[0].advisory, "GHSA-1");
  EXPECT_EQ(result.findings[0].flaw, "CVE-2026-1000");
  EXPECT_EQ(result.findings[0].aliases, (std::vector<std::string>{"CVE-2026-1000", "PYSEC-1"}));
  EXPECT_EQ(result.findings[0].matched, (std::vector<std::string>{"GHSA-1", "PYSEC-1"}));
  EXPECT_EQ(result.findings[1].advisory, "PYSEC-2");
}

TEST(Match, RatesByAnAliasWhenTheMatchingRecordSaysNothing) {
  std::vector<Advisory> records = {advisory("GO-1", "Go", "example.org/m", ""),
                                   advisory("GHSA-1", "npm", "other", "")};
  records[0].aliases = {"GHSA-1"};
  records[1].severity_word = "high";
  const MatchResult result = matched(records, bill({"pkg:golang/example.org/m@v1.0.0"}));
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].severity.word, "high");
  EXPECT_EQ(result.findings[0].severity.source, "GHSA-1");
}

TEST(Match, KnowsExploitationUnderAnyAlias) {
  advisories::IndexBuilder builder;
  Advisory record = advisory("PYSEC-1", "PyPI", "a", "");
  record.aliases = {"CVE-2026-1000"};
  builder.add(record);
  builder.add(KnownExploitedList{"eu-kev", "", {{"CVE-2026-1000", "eu-kev", "", false, ""}}},
              sha256("b"));
  builder.add(EpssTable{"v1", "2026-03-28", {{"CVE-2026-1000", 0.5, 0.9}}}, sha256("c"));
  const auto index = index_of(builder);
  const auto result = advisories::match(bill({"pkg:pypi/a@1"}), index);
  ASSERT_EQ(result->findings.size(), 1U);
  EXPECT_EQ(result->findings[0].known_exploited, std::vector<std::string>{"eu-kev"});
  ASSERT_TRUE(result->findings[0].epss.has_value());
  EXPECT_EQ(result->findings[0].epss->probability, 0.5);
  EXPECT_EQ(result->findings[0].epss->date, "2026-03-28");
}

TEST(Match, KnowsExploitationUnderTheEuvdIdAlone) {
  advisories::IndexBuilder builder;
  Advisory record = advisory("PYSEC-1", "PyPI", "a", "");
  record.aliases = {"EUVD-2026-1000"};
  builder.add(record);
  builder.add(KnownExploitedList{"eu-kev",
                                 "",
                                 {{"EUVD-2026-1000", "eu-kev", "2026-08-01", false, "", "CRA"},
                                  {"CVE-2026-1000", "eu-kev", "2026-08-02", false, ""}}},
              sha256("b"));
  const auto index = index_of(builder);
  const auto result = advisories::match(bill({"pkg:pypi/a@1"}), index);
  ASSERT_EQ(result->findings.size(), 1U);
  ASSERT_EQ(result->findings[0].exploited.size(), 1U);
  EXPECT_EQ(result->findings[0].exploited[0].since, "2026-08-01");
  EXPECT_EQ(result->findings[0].exploited[0].origin, "CRA");
}

TEST(Match, KnowsExploitationOfWhatADistributorsRecordStandsFor) {
  Advisory record = advisory("DSA-5514-1", "Debian:12", "glibc", "2.36-9+deb12u3");
  record.upstream = {"CVE-2023-4911", "CVE-2023-4527"};
  advisories::IndexBuilder builder;
  builder.add(record);
  builder.add(KnownExploitedList{"cisa-kev",
                                 "",
                                 {{"CVE-2023-4911", "cisa-kev", "2023-11-21", true, ""},
                                  {"CVE-2023-4527", "cisa-kev", "2023-10-01", false, ""}}},
              sha256("list"));
  const auto index = index_of(builder);
  const auto result =
      advisories::match(bill({"pkg:deb/debian/glibc@2.36-9?distro=debian-12"}), index);
  ASSERT_EQ(result->findings.size(), 1U);
  EXPECT_EQ(result->findings[0].known_exploited, std::vector<std::string>{"cisa-kev"});
  ASSERT_EQ(result->findings[0].exploited.size(), 1U);
  EXPECT_EQ(result->findings[0].exploited[0].since, "2023-10-01");
  EXPECT_TRUE(result->findings[0].exploited[0].ransomware);
  EXPECT_TRUE(result->findings[0].aliases.empty());
}

TEST(Match, LeavesWithdrawnRecordsOut) {
  Advisory record = advisory("PYSEC-1", "PyPI", "a", "");
  record.withdrawn = parse_instant("2026-01-01T00:00:00Z");
  const MatchResult result = matched({record}, bill({"pkg:pypi/a@1"}));
  EXPECT_TRUE(result.findings.empty());
  EXPECT_TRUE(result.unmatched.empty());
}

TEST(Match, NamesTheReasonForEveryUnansweredComponent) {
  Advisory commits = advisory("OSV-1", "PyPI", "c", "");
  commits.affected[0].ranges[0].kind = AffectedRange::Kind::git;
  const std::vector<Advisory> records = {advisory("PYSEC-1", "PyPI", "a", "2"), commits,
                                         advisory("DSA-1", "Debian:12", "curl", "8"),
                                         advisory("DSA-2", "Debian:11", "curl", "7")};
  Bom bom = bill(
      {"pkg:pypi/a", "pkg:pypi/c@1", "pkg:npm/x@1", "pkg:generic/y@1", "pkg:deb/debian/curl@7.1"});
  Component bare;
  bare.name = "bare";
  bom.components.push_back(bare);
  bare.cpe = "cpe:2.3:a:x:y:1:*:*:*:*:*:*:*";
  bom.components.push_back(bare);
  Component odd;
  odd.name = "odd";
  odd.has_unreadable_purl = true;
  bom.components.push_back(odd);
  bom.subject = bare;  // the product itself is never asked about
  const MatchResult result = matched(records, bom);
  EXPECT_TRUE(result.findings.empty());
  std::string text;
  for (const Unmatched& one : result.unmatched) {
    text += fmt::format("{}: {}: {}:", one.component, to_text(one.kind), one.reason);
    for (const std::string& id : one.possible)
      text += " " + id;
    text += "\n";
  }
  EXPECT_EQ(text,
            "a: not_identified: no version: PYSEC-1\n"
            "c: not_compared: the record lists commits, not versions: OSV-1\n"
            "x: not_imported: no advisories of 'npm' were imported:\n"
            "y: no_source: no advisory source covers pkg:generic:\n"
            "curl: not_identified: no release in the qualifier 'distro' of the package URL: DSA-1 "
            "DSA-2\n"
            "bare: not_identified: no package URL:\n"
            "bare: not_imported: no package URL; no records by CPE name (NVD) were imported:\n"
            "odd: not_identified: no package URL that can be read:\n");
}

TEST(Match, MatchesSourcePackagesOfTheRightRelease) {
  const std::vector<Advisory> records = {advisory("DSA-1", "Debian:12", "openssl", "3.0.12-1"),
                                         advisory("DSA-2", "Debian:11", "openssl", "1.1.1n-1")};
  const MatchResult result = matched(
      records, bill({"pkg:deb/debian/libssl3@3.0.11-1~deb12u2?distro=debian-12&upstream=openssl"}));
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].advisory, "DSA-1");
  EXPECT_EQ(result.findings[0].because, "3.0.11-1~deb12u2 is in [0, 3.0.12-1)");
}

TEST(Match, JoinsTheEntriesOfOneRecord) {
  Advisory record = advisory("GHSA-1", "npm", "a", "1.5.0");
  Affected second = record.affected[0];
  second.ranges[0].events = {{Event::Kind::introduced, "1.0.0"}, {Event::Kind::fixed, "2.0.0"}};
  record.affected.push_back(second);
  const MatchResult result = matched({record}, bill({"pkg:npm/a@1.2.0"}));
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].matched.size(), 1U);
  EXPECT_EQ(result.findings[0].fixed, (std::vector<std::string>{"1.5.0", "2.0.0"}));
}

// Models and data sets are packages like others: records are filed by the type of package URL where
// the schema of OSV does not list their ecosystem.
TEST(Match, FindsModelsByPackageUrl) {
  Advisory model = advisory("OSV-1", "purl:huggingface", "acme/pump-model", "");
  model.affected[0].ranges.clear();
  model.affected[0].versions = {"559062ad13d311b87b2c455e67dcd5f1c8f65111"};
  Advisory all = advisory("OSV-2", "purl:huggingface", "acme/pump-model", "");
  Advisory tracked = advisory("OSV-3", "purl:mlflow", "churn", "10");
  Bom bom = bill({"pkg:huggingface/acme/pump-model@559062ad13d311b87b2c455e67dcd5f1c8f65111",
                  "pkg:huggingface/acme/pump-model@0000000000000000000000000000000000000000",
                  "pkg:huggingface/acme/other@1", "pkg:mlflow/churn@9", "pkg:mlflow/churn@10"});
  bom.components[0].type = "machine-learning-model";
  const MatchResult result = matched({model, all, tracked}, bom);
  std::string text;
  for (const Finding& finding : result.findings)
    text += finding.advisory + " " + finding.purl.substr(4, 24) + ": " + finding.because + "\n";
  EXPECT_EQ(text,
            "OSV-1 huggingface/acme/pump-mo: 559062ad13d311b87b2c455e67dcd5f1c8f65111 is listed in "
            "versions\n"
            "OSV-2 huggingface/acme/pump-mo: 559062ad13d311b87b2c455e67dcd5f1c8f65111 is in [0, "
            "...)\n"
            "OSV-2 huggingface/acme/pump-mo: 0000000000000000000000000000000000000000 is in [0, "
            "...)\n"
            "OSV-3 mlflow/churn@9: 9 is in [0, 10)\n");
  ASSERT_EQ(result.unmatched.size(), 1U);
  EXPECT_EQ(result.unmatched[0].reason, "no advisory source covers pkg:huggingface");
}

TEST(Match, AsksWhoRebuiltAPackageFirst) {
  Advisory own = advisory("ROOT-1", "Root:Debian:12", "rootio-jq", "1.6-2.1.root.io.2");
  own.aliases = {"CVE-2026-1000"};
  Advisory original = advisory("DEBIAN-CVE-2026-1000", "Debian:12", "jq", "1.6-2.1+deb12u1");
  original.upstream = {"CVE-2026-1000"};
  Advisory another = advisory("DEBIAN-CVE-2026-1001", "Debian:12", "jq", "1.7");
  const auto ids = [&](const std::string& purl) {
    std::string text;
    for (const Finding& finding : matched({own, original, another}, bill({purl})).findings)
      text += finding.advisory + " ";
    return text;
  };
  EXPECT_EQ(ids("pkg:deb/debian/rootio-jq@1.6-2.1?distro=debian-12"),
            "DEBIAN-CVE-2026-1001 ROOT-1 ");
  // Mended by those who rebuilt it, though 1.6-2.1.root.io.2 is before Debian's own version.
  EXPECT_EQ(ids("pkg:deb/debian/rootio-jq@1.6-2.1.root.io.2?distro=debian-12"),
            "DEBIAN-CVE-2026-1001 ");
  EXPECT_EQ(ids("pkg:deb/debian/jq@1.6-2.1?distro=debian-12"),
            "DEBIAN-CVE-2026-1000 DEBIAN-CVE-2026-1001 ");
}

// AlmaLinux publishes what it mends. What Red Hat knows and has not mended is open there too; what
// it has mended is no answer for packages of another release number.
TEST(Match, KnowsWhatStaysOpenInTheDistributionThatIsRebuilt) {
  const std::string red_hat = "Red Hat:enterprise_linux:8::baseos";
  const std::vector<Advisory> open = {advisory("CVE-1", red_hat, "tar", ""),
                                      advisory("CVE-2", red_hat, "tar", "2:1.31-1.el8")};
  const std::string tar = "pkg:rpm/almalinux/tar@1.30-5.el8?distro=almalinux-8&epoch=2";
  const MatchResult alone = matched(open, bill({tar}));
  ASSERT_EQ(alone.findings.size(), 1U);
  EXPECT_EQ(alone.findings[0].advisory, "CVE-1");
  EXPECT_EQ(alone.findings[0].because,
            "2:1.30-5.el8 is in [0, ...), open in the distribution whose packages are rebuilt");
  ASSERT_EQ(alone.unmatched.size(), 1U);
  EXPECT_EQ(alone.unmatched[0].reason, "no advisories of 'AlmaLinux:8' were imported");

  std::vector<Advisory> mended = open;
  mended.push_back(advisory("ALSA-1", "AlmaLinux:8", "tar", "2:1.30-4.el8"));
  mended.back().upstream = {"CVE-1"};
  const MatchResult decided = matched(mended, bill({tar, "pkg:rpm/almalinux/tar@1.30-5.el8"}));
  EXPECT_TRUE(decided.findings.empty());
  ASSERT_EQ(decided.unmatched.size(), 1U) << "the second has no release";
}

TEST(Match, HonoursTheArchitecture) {
  Advisory record = advisory("CGA-1", "Chainguard", "a", "2");
  record.affected[0].arch = "x86_64";
  const auto count = [&](const std::string& purl) {
    return matched({record}, bill({purl})).findings.size();
  };
  EXPECT_EQ(count("pkg:apk/chainguard/a@1?arch=x86_64"), 1U);
  EXPECT_EQ(count("pkg:apk/chainguard/a@1?arch=amd64"), 1U);
  EXPECT_EQ(count("pkg:apk/chainguard/a@1"), 1U);
  EXPECT_EQ(count("pkg:apk/chainguard/a@1?arch=noarch"), 1U) << "runs on all of them";
  EXPECT_EQ(count("pkg:apk/chainguard/a@1?arch=aarch64"), 0U);
}

}  // namespace
}  // namespace lockstep::test
