// SPDX-License-Identifier: Apache-2.0
// CSAF as VEX: read, written, and written and read.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "formats/csaf/csaf.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/csaf/write.hpp"
#include "formats/invalid_files.hpp"
#include "formats/registry.hpp"

namespace lockstep::formats::csaf {
namespace {

using test::read_file;
using test::shared_path;
using test::source_path;

/// One line for each scope of each statement.
std::string lines_of(const std::vector<VexStatement>& statements) {
  std::string text;
  for (const VexStatement& statement : statements) {
    std::string reason;
    if (const auto* status = std::get_if<VexStatement::NotAffected>(&statement.status))
      reason = status->justification + "/" + status->impact_statement;
    if (const auto* status = std::get_if<VexStatement::Affected>(&statement.status))
      reason = status->action_statement;
    for (const VexStatement::Scope& scope : statement.products)
      text += fmt::format("{} {} {} [{}] {}\n", statement.vulnerability, status_word(statement),
                          scope.product + (scope.versions.empty() ? "" : " " + scope.versions),
                          join(scope.subcomponents, " "), reason.substr(0, 60));
  }
  return text;
}

std::vector<VexStatement> read(const std::string& path, Diagnostics& problems) {
  const auto statements = read_vex(read_file(path), "vex.json", problems);
  return statements ? *statements : std::vector<VexStatement>{};
}

TEST(CsafVex, ReadsPurlsComponentsReasonsAndActions) {
  Diagnostics problems;
  const auto statements = read(source_path("tests/data/formats/csaf/good/vex-2.0.json"), problems);
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_EQ(lines_of(statements),
            "CVE-2026-12345 affected pkg:generic/reader@1.0 [] vendor_fix: Update to 1.1.\n"
            "CVE-2026-12345 not_affected pkg:oci/reader@2.0 [pkg:npm/left@1.0.0] "
            "component_not_present/\n"
            "CVE-2026-12345 under_investigation cpe:2.3:a:quayside:writer:1.0:*:*:*:*:*:*:* [] \n");
  ASSERT_FALSE(statements.empty());
  EXPECT_EQ(statements[0].author, "Quayside");
  EXPECT_EQ(statements[0].document, "QS-VEX-1");
  EXPECT_EQ(statements[0].at, parse_instant("2026-11-03T10:00:00Z"));
  EXPECT_EQ(statements[0].aliases, std::vector<std::string>{"QS#7"});
}

TEST(CsafVex, ReadsRangesAndSaysThatAProductHasNoName) {
  Diagnostics problems;
  const auto statements =
      read(source_path("tests/data/formats/csaf/vex/ranges-2.1.json"), problems);
  EXPECT_EQ(lines_of(statements),
            "CVE-2026-12345 fixed pkg:npm/reader vers:npm/>=1.0.0|<2.0.0 [] \n"
            "CVE-2026-12345 affected pkg:npm/reader vers:npm/<1.0.0 [] mitigation: Unplug.\n");
  EXPECT_EQ(test::text_of(problems),
            "vex.json:76:20: warning[csaf.vex_product]: expected a package URL or a CPE of 'N', "
            "found neither; what is said about it is not used\n");
}

struct File {
  std::string path;
  std::string lines;
};

class CsafVexSuite : public testing::TestWithParam<File> {};

TEST_P(CsafVexSuite, HasTheseStatements) {
  LS_NEEDS_SHARED("vuln/suites/openvex");
  Diagnostics problems;
  const auto statements = read(shared_path("vuln/suites/openvex/") + GetParam().path, problems);
  EXPECT_EQ(lines_of(statements), GetParam().lines) << test::text_of(problems);
}

INSTANTIATE_TEST_SUITE_P(
    Files,
    CsafVexSuite,
    testing::Values(
        File{"trivy/pkg/vex/testdata/csaf-relationships.json",
             "CVE-2024-0001 not_affected pkg:golang/github.com/aquasecurity/go-direct1@v2.0.0 "
             "[pkg:golang/github.com/aquasecurity/go-transitive@v4.0.0] "
             "vulnerable_code_cannot_be_controlled_by_adversary/\n"},
        File{"go-vex/pkg/csaf/testdata/csaf.json",
             "CVE-2009-4487 not_affected pkg:maven/@1.3.4 [] /Class with vulnerable code was "
             "removed "
             "before shipping.\n"
             "CVE-2009-4488 not_affected pkg:maven/@1.3.4 [] /Class with vulnerable code was "
             "removed "
             "before shipping.\n"},
        File{"grype/test/integration/testdata/vex/csaf/affected.csaf.json",
             "CVE-2024-0000 affected "
             "pkg:apk/alpine/libvncserver@0.9.9?arch=x86_64&distro=alpine-3.12.0 [] vendor_fix: "
             "Customers should update to version 1.1 of produc\n"}));

HeadToWrite head_of(Version version) {
  HeadToWrite head;
  head.version = version;
  head.title = "Statements about the reader";
  head.publisher = {"Quayside", "https://quayside.example", "vendor", "psirt@quayside.example"};
  head.id = "QS-VEX-2";
  head.revisions = {{*parse_instant("2026-11-02T10:00:00Z"), "1", "First"},
                    {*parse_instant("2026-11-03T10:00:00Z"), "2", "Second"}};
  head.base_url = "https://quayside.example/csaf/2026";
  head.license = "CC-BY-4.0";
  return head;
}

std::string errors_of(const Json& document) {
  Diagnostics problems;
  validate(to_pretty_json(document), "written.json", problems,
           *parse_instant("2026-11-27T00:00:00Z"));
  std::string text;
  for (const Diagnostic& entry : problems.entries())
    if (entry.severity == Severity::error) text += to_text(entry) + "\n";
  return text;
}

Json without_notes(const Json& head) {
  Json rest = Json::object();
  for (const auto& [key, value] : head.members())
    if (key != "notes") rest.set(key, value);
  return rest;
}

VexStatement statement_of(int vulnerability, int product, int part, int kind) {
  VexStatement statement;
  statement.vulnerability = vulnerability % 2 == 0 ? fmt::format("CVE-2026-{:04}", vulnerability)
                                                   : fmt::format("GHSA-{:04}", vulnerability);
  VexStatement::Scope scope{fmt::format("pkg:generic/reader@{}.0", product), {}};
  if (part > 0) scope.subcomponents.push_back(fmt::format("pkg:npm/part@{}.0.0", part));
  statement.products.push_back(scope);
  if (kind == 0) statement.status = VexStatement::NotAffected{"component_not_present", ""};
  if (kind == 1) statement.status = VexStatement::NotAffected{"", "Never called."};
  if (kind == 2) statement.status = VexStatement::Affected{"mitigation: Unplug."};
  if (kind == 3)
    statement.status = VexStatement::Affected{"vendor_fix: Update.; workaround: Wait."};
  if (kind == 4) statement.status = VexStatement::Fixed{};
  if (kind == 5) statement.status = VexStatement::UnderInvestigation{};
  statement.at = parse_instant("2026-11-01T00:00:00Z");
  return statement;
}

RC_GTEST_PROP(CsafVexWriter, WrittenDocumentsAreValidAndSayTheSame, ()) {
  const int count = *rc::gen::inRange(1, 12);
  std::vector<VexStatement> statements;
  std::set<std::string> written;
  for (int i = 0; i < count; ++i) {
    VexStatement one = statement_of(*rc::gen::inRange(1, 4), *rc::gen::inRange(1, 4),
                                    *rc::gen::inRange(0, 3), *rc::gen::inRange(0, 6));
    const std::string about =
        one.vulnerability + one.products[0].product + join(one.products[0].subcomponents, "");
    if (written.insert(about).second) statements.push_back(std::move(one));
  }
  for (const Version version : {Version::v2_0, Version::v2_1}) {
    Json document = write_csaf_vex(statements, head_of(version));
    RC_ASSERT(errors_of(document) == "");
    // In the words of CSAF alone, without the note that says it all.
    document.set("document", without_notes(document["document"]));
    Diagnostics problems;
    const auto back = read_vex(to_pretty_json(document), "written.json", problems);
    RC_ASSERT(back.has_value());
    RC_ASSERT(test::text_of(problems) == "");
    const auto sorted = [](const std::vector<VexStatement>& list) {
      const std::string text = lines_of(list);
      const auto views = split(text, '\n');
      return std::multiset<std::string>(views.begin(), views.end());
    };
    RC_ASSERT((sorted(*back) == sorted(statements)));
  }
}

TEST(CsafVexWriter, TheNewestOfTwoStatementsCounts) {
  VexStatement old = statement_of(2, 1, 0, 5);
  VexStatement young = statement_of(2, 1, 0, 4);
  young.at = parse_instant("2026-11-02T00:00:00Z");
  const std::vector<VexStatement> statements = {young, old};
  Json document = write_csaf_vex(statements, head_of(Version::v2_0));
  EXPECT_EQ(errors_of(document), "");
  // In the words of CSAF alone, without the note that has both.
  document.set("document", without_notes(document["document"]));
  Diagnostics problems;
  const auto back = read_vex(to_pretty_json(document), "written.json", problems);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(lines_of(*back), "CVE-2026-0002 fixed pkg:generic/reader@1.0 [] \n");
}

TEST(CsafAdvisoryWriter, WrittenDocumentsAreValid) {
  FlawToWrite flaw;
  flaw.id = "CVE-2026-12345";
  flaw.aliases = {"GHSA-aaaa-bbbb-cccc"};
  flaw.title = "Labels are not escaped";
  flaw.description = "A label may hold markup.";
  flaw.weaknesses = {"CWE-79", "CWE-999999"};
  flaw.vectors = {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                  "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "nothing"};
  flaw.affected = {{"Reader", "1.0", "pkg:generic/reader@1.0"}, {"Writer", "3", ""}};
  flaw.fixed = {{"Reader", "1.1", "pkg:generic/reader@1.1"}, {"Writer", "4", ""}};
  flaw.references = {"https://quayside.example/news"};
  FlawToWrite open = flaw;
  open.id = "CVE-2026-12346";
  open.aliases.clear();
  open.fixed.clear();
  const std::vector<FlawToWrite> flaws = {flaw, open};
  for (const Version version : {Version::v2_0, Version::v2_1}) {
    const Json document = write_csaf_advisory(flaws, head_of(version));
    EXPECT_EQ(errors_of(document), "");
    const DocumentValue value = read_document(document, "written.json");
    ASSERT_EQ(value.vulnerabilities.size(), 2U);
    EXPECT_EQ(value.vulnerabilities[0].weaknesses, std::vector<std::string>{"CWE-79"});
    EXPECT_EQ(value.vulnerabilities[0].scores.size(), version == Version::v2_0 ? 1U : 2U);
    EXPECT_EQ(value.products.size(), 4U);
  }
}

/// Two records of one CVE, of which one calls affected what the other calls fixed.
TEST(CsafAdvisoryWriter, FlawsOfOneCveAreOneVulnerability) {
  FlawToWrite own;
  own.id = "CVE-2026-12345";
  own.aliases = {"GHSA-aaaa-bbbb-cccc"};
  own.affected = {{"Reader", "1.0", ""}};
  own.fixed = {{"Reader", "1.1", ""}};
  own.references = {"https://quayside.example/news"};
  FlawToWrite told = own;
  told.id = "DSA-7-1";
  told.aliases = {"CVE-2026-12345", "GHSA-aaaa-bbbb-cccc"};
  told.affected = {{"Reader", "1.1", ""}};
  told.fixed = {{"Reader", "1.2", ""}};
  FlawToWrite other = own;
  other.id = "CVE-2026-12346";
  const std::vector<FlawToWrite> flaws = {own, told, other};
  for (const Version version : {Version::v2_0, Version::v2_1}) {
    const Json document = write_csaf_advisory(flaws, head_of(version));
    EXPECT_EQ(errors_of(document), "");
    const DocumentValue value = read_document(document, "written.json");
    ASSERT_EQ(value.vulnerabilities.size(), 2U);
    EXPECT_EQ(value.vulnerabilities[0].ids,
              (std::vector<std::string>{"GHSA-aaaa-bbbb-cccc", "DSA-7-1"}));
    ASSERT_EQ(value.vulnerabilities[0].status.size(), 2U);
    EXPECT_EQ(value.vulnerabilities[0].status[0].products.size(), 1U);  // fixed: 1.2
    EXPECT_EQ(value.vulnerabilities[0].status[1].products.size(), 2U);  // affected: 1.0 and 1.1
  }
}

}  // namespace
}  // namespace lockstep::formats::csaf
