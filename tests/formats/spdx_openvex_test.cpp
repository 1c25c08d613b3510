// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <ostream>

#include "formats/invalid_files.hpp"
#include "formats/registry.hpp"

namespace lockstep::formats {
namespace {

using test::read_file;
using test::shared_path;
using test::source_path;

std::string bom_problems(const std::string& bytes, const std::string& name) {
  Diagnostics problems;
  const auto bom = read_bom(bytes, name, problems);
  return test::text_of(problems) + (bom ? "" : to_text(bom.error()) + "\n");
}

std::string vex_problems(const std::string& bytes, const std::string& name) {
  Diagnostics problems;
  const auto statements = read_vex(bytes, name, problems);
  return test::text_of(problems) + (statements ? "" : to_text(statements.error()) + "\n");
}

std::vector<VexStatement> valid_statements(const std::string& name) {
  Diagnostics problems;
  auto read =
      read_vex(read_file(source_path("tests/data/formats/openvex/valid/" + name)), name, problems);
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_TRUE(read.has_value());
  return read ? *read : std::vector<VexStatement>{};
}

TEST(Spdx, EveryInvalidFileGivesItsMessages) {
  test::expect_messages("tests/data/formats/spdx/invalid", bom_problems);
}

TEST(Spdx, ReadsPackagesAsComponents) {
  const std::string path = source_path("tests/data/formats/spdx/valid/crane.spdx.json");
  Diagnostics problems;
  const auto bom = read_bom(read_file(path), "crane.spdx.json", problems);
  EXPECT_EQ(test::text_of(problems), "");
  ASSERT_TRUE(bom.has_value());
  EXPECT_EQ(bom->format, "SPDX 2.3");
  EXPECT_EQ(bom->tools, std::vector<std::string>{"builder-2.1"});
  ASSERT_TRUE(bom->subject.has_value());
  EXPECT_EQ(bom->subject->name, "crane");
  EXPECT_EQ(bom->subject->type, "application");
  ASSERT_EQ(bom->components.size(), 2U);
  const Component& hook = bom->components[0];
  EXPECT_EQ(to_text(hook.purl.value()), "pkg:npm/hook@2.0.0");
  EXPECT_EQ(hook.supplier, "Example AS (mail@example.org)");
  EXPECT_EQ(hook.licences, std::vector<std::string>{"MIT"});
  EXPECT_EQ(hook.digests.at(0).first, "SHA-256");
  EXPECT_EQ(hook.cpe, "cpe:2.3:a:example:hook:2.0.0:*:*:*:*:*:*:*");
  EXPECT_EQ(bom->components[1].supplier, "");
  ASSERT_EQ(bom->dependencies.size(), 2U);
  EXPECT_EQ(bom->dependencies[0].from, "SPDXRef-crane");
  EXPECT_EQ(bom->dependencies[0].to, "SPDXRef-hook");
  EXPECT_EQ(bom->dependencies[1].from, "SPDXRef-hook");
  EXPECT_EQ(bom->dependencies[1].to, "SPDXRef-rope");
}

TEST(Spdx, KeepsEveryPackageUrl) {
  constexpr std::string_view bill =
      "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\n"
      "DocumentNamespace: https://example.org/d\nCreator: Tool: t\nCreated: 2028-05-01T08:00:00Z\n"
      "PackageName: hook\nSPDXID: SPDXRef-hook\nPackageDownloadLocation: NOASSERTION\n"
      "ExternalRef: PACKAGE-MANAGER purl pkg:generic/hook@1\n"
      "ExternalRef: PACKAGE-MANAGER purl pkg:npm/hook@1\n"
      "ExternalRef: PACKAGE-MANAGER purl pkg:generic/hook@1\n";
  Diagnostics problems;
  const auto bom = read_bom(std::string(bill), "d.spdx", problems);
  ASSERT_TRUE(bom.has_value()) << test::text_of(problems);
  ASSERT_EQ(bom->components.size(), 1U);
  EXPECT_EQ(to_text(bom->components[0].purl.value()), "pkg:generic/hook@1");
  ASSERT_EQ(bom->components[0].more_purls.size(), 1U);
  EXPECT_EQ(to_text(bom->components[0].more_purls[0]), "pkg:npm/hook@1");
}

/// A document of the version with these lists, and what is said of it.
std::string spdx2(const std::string& lists, const std::string& version = "2.3") {
  return R"({"spdxVersion":"SPDX-)" + version + R"(","dataLicense":"CC0-1.0",
    "SPDXID":"SPDXRef-DOCUMENT","name":"d","documentNamespace":"https://example.org/d",
    "creationInfo":{"created":"2028-05-01T08:00:00Z","creators":["Tool: t"]})" +
         lists + "}";
}

TEST(Spdx, ReadsTheOtherNamesOfPackages) {
  const auto package = [](const std::string& id, const std::string& type,
                          const std::string& locator) {
    return R"({"SPDXID":"SPDXRef-)" + id + R"(","name":"p","downloadLocation":"NONE",
      "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":")" +
           type + R"(","referenceLocator":")" + locator + "\"}]}";
  };
  constexpr std::string_view references = "http://spdx.org/rdf/references/";
  Diagnostics problems;
  const auto bom = read_bom(
      spdx2(",\"packages\":[" + package("a", std::string(references) + "purl", "pkg:npm/a@1") +
            "," + package("b", "maven-central", "org.example:b:1.0") + "," +
            package("c", std::string(references) + "npm", "@scope/c@2.0.0") + "," +
            package("d", "nuget", "Example.D/5.0.0") + "," + package("e", "bower", "e#2.6.2") +
            "," + package("f", "maven-central", "f") + "," +
            package("g", std::string(references) + "cpe23Type", "cpe:2.3:a:b:g:1:*:*:*:*:*:*:*") +
            "]"),
      "d", problems);
  ASSERT_TRUE(bom.has_value());
  std::vector<std::string> purls;
  for (const Component& component : bom->components)
    purls.push_back(component.purl ? to_text(*component.purl) : "");
  EXPECT_EQ(purls, (std::vector<std::string>{
                       "pkg:npm/a@1", "pkg:maven/org.example/b@1.0", "pkg:npm/%40scope/c@2.0.0",
                       "pkg:nuget/Example.D@5.0.0", "pkg:bower/e@2.6.2", "", ""}));
  EXPECT_EQ(bom->components[6].cpe, "cpe:2.3:a:b:g:1:*:*:*:*:*:*:*");
}

TEST(Spdx, AScopeFollowsFromHowAllOthersNeedAPackage) {
  const auto scopes = [](const std::string& edges) {
    std::string packages;
    for (const std::string id : {"a", "b", "c"})
      packages += (packages.empty() ? "" : ",") + (R"({"SPDXID":"SPDXRef-)" + id) +
                  R"(","name":"p","downloadLocation":"NONE"})";
    Diagnostics problems;
    const Bom bom =
        read_bom(spdx2(",\"packages\":[" + packages + "],\"relationships\":[" + edges + "]"), "d",
                 problems)
            .value();
    EXPECT_EQ(test::text_of(problems), "");
    return bom.components[0].scope + " " + std::to_string(bom.dependencies.size());
  };
  const auto needed = [](const std::string& type, const std::string& by) {
    return R"({"spdxElementId":"SPDXRef-a","relationshipType":")" + type +
           R"(","relatedSpdxElement":"SPDXRef-)" + by + "\"}";
  };
  EXPECT_EQ(scopes(needed("DEV_DEPENDENCY_OF", "b")), "development 1");
  EXPECT_EQ(scopes(needed("DEV_DEPENDENCY_OF", "b") + "," + needed("TEST_DEPENDENCY_OF", "c")),
            "development 2");
  EXPECT_EQ(scopes(needed("DEV_DEPENDENCY_OF", "b") + "," + needed("OPTIONAL_COMPONENT_OF", "c")),
            "optional 2");
  EXPECT_EQ(scopes(needed("DATA_FILE_OF", "b")), " 1");
  EXPECT_EQ(scopes(needed("DEV_DEPENDENCY_OF", "b") + "," + needed("DEPENDENCY_OF", "c")), " 2");
}

TEST(Spdx, AsksForWhatItsVersionAsks) {
  const std::string bare = R"(,"packages":[{"SPDXID":"SPDXRef-a","name":"a",
    "downloadLocation":"NONE"}])";
  EXPECT_EQ(bom_problems(spdx2(bare), "d"), "");
  EXPECT_EQ(bom_problems(spdx2(bare, "2.2"), "d"),
            "d:3:90: error[spdx.schema]: expected 'copyrightText', found nothing (at "
            "/packages/0)\n"
            "d:3:90: error[spdx.schema]: expected 'licenseConcluded', found nothing (at "
            "/packages/0)\n"
            "d:3:90: error[spdx.schema]: expected 'licenseDeclared', found nothing (at "
            "/packages/0)\n");
  EXPECT_EQ(bom_problems(spdx2(R"(,"packages":[{"SPDXID":"SPDXRef-a","name":"a",
    "downloadLocation":"NONE","versoinInfo":"1"}])"),
                         "d"),
            "d:4:45: error[spdx.schema]: expected a key of the standard, found 'versoinInfo'; did "
            "you mean 'versionInfo'? (at /packages/0/versoinInfo)\n");
}

TEST(Spdx, ASnippetNeedsNoName) {
  constexpr std::string_view bill =
      "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\n"
      "DocumentNamespace: https://example.org/d\nCreator: Tool: t\nCreated: 2028-05-01T08:00:00Z\n"
      "FileName: ./f\nSPDXID: SPDXRef-f\n"
      "FileChecksum: SHA1: d6a770ba38583ed4bb4525bd96e50461655d2758\n"
      "SnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: SPDXRef-f\nSnippetByteRange: 1:20\n"
      "Annotator: Person: A. Maker\nAnnotationDate: 2028-05-01T08:00:00Z\n"
      "AnnotationType: REVIEW\nSPDXREF: SPDXRef-s\nAnnotationComment: good\n";
  EXPECT_EQ(bom_problems(std::string(bill), "d.spdx"), "");
}

TEST(OpenVex, EveryInvalidFileGivesItsMessages) {
  test::expect_messages("tests/data/formats/openvex/invalid", vex_problems);
}

TEST(OpenVex, ReadsStatementsWithWhatTheyInherit) {
  const auto statements = valid_statements("crane.openvex.json");
  ASSERT_EQ(statements.size(), 4U);
  const VexStatement& first = statements[0];
  EXPECT_EQ(first.vulnerability, "CVE-2028-0001");
  EXPECT_EQ(first.aliases, std::vector<std::string>{"GHSA-aaaa-bbbb-cccc"});
  ASSERT_EQ(first.products.size(), 3U);
  EXPECT_EQ(first.products[0].subcomponents,
            (std::vector<std::string>{"pkg:npm/hook@2.0.0", "pkg:npm/rope@1.0.0"}));
  EXPECT_EQ(first.products[1].product, "pkg:generic/crane@2.0");
  EXPECT_EQ(first.products[2].product, "cpe:2.3:a:example:crane:3.0:*:*:*:*:*:*:*");
  EXPECT_EQ(std::get<VexStatement::NotAffected>(first.status).justification,
            "vulnerable_code_not_in_execute_path");
  EXPECT_EQ(to_text(first.at.value()), "2028-05-01T08:00:00Z");
  EXPECT_EQ(first.author, "A. Maker");
  EXPECT_EQ(first.document, "https://example.org/vex/1");
  EXPECT_EQ(first.where.line, 8);
  EXPECT_EQ(std::get<VexStatement::Affected>(statements[1].status).action_statement, "take 1.1");
  EXPECT_EQ(to_text(statements[1].at.value()), "2028-05-02T08:00:00Z");
  EXPECT_EQ(to_text(statements[2].at.value()), "2028-05-03T10:00:00Z");
  EXPECT_EQ(status_word(statements[3]), "under_investigation");
}

TEST(OpenVex, ReadsTheFirstVersion) {
  const auto statements = valid_statements("first-version.openvex.json");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].products.at(0).product, "pkg:generic/crane@1.0");
  EXPECT_EQ(statements[1].products.at(0).product, "pkg:generic/crane@2.0");
  EXPECT_EQ(statements[1].products.at(0).subcomponents.at(0), "pkg:npm/hook@2.0.0");
}

TEST(OpenVex, WhatClearsWithoutAReasonIsNotUsed) {
  const std::string name = "statements.openvex.json";
  Diagnostics problems;
  const auto statements = read_vex(
      read_file(source_path("tests/data/formats/openvex/invalid/" + name)), name, problems);
  ASSERT_TRUE(statements.has_value());
  std::vector<std::string> used;
  for (const VexStatement& one : *statements)
    used.push_back(one.vulnerability);
  EXPECT_EQ(used, (std::vector<std::string>{"CVE-3", "CVE-7", "CVE-8", "CVE-9"}));
}

struct SuiteCase {
  const char* file;
  std::size_t statements;
  std::size_t errors;
};

/// For the names of the tests, which must not hold addresses.
void PrintTo(const SuiteCase& suite_case, std::ostream* out) {
  *out << suite_case.file;
}

class OpenVexSuite : public testing::TestWithParam<SuiteCase> {};

// The counts were made by reading the documents.
TEST_P(OpenVexSuite, HasSoManyStatementsAndErrors) {
  const std::string path = shared_path(std::string("vuln/suites/openvex/") + GetParam().file);
  LS_NEEDS_SHARED(std::string("vuln/suites/openvex/") + GetParam().file);
  Diagnostics problems;
  const auto statements = read_vex(read_file(path), GetParam().file, problems);
  ASSERT_TRUE(statements.has_value());
  EXPECT_EQ(statements->size(), GetParam().statements);
  EXPECT_EQ(problems.error_count(), GetParam().errors) << test::text_of(problems);
}

INSTANTIATE_TEST_SUITE_P(
    Documents,
    OpenVexSuite,
    testing::Values(SuiteCase{"go-vex/pkg/vex/testdata/v001-2.vex.json", 1, 0},
                    SuiteCase{"vexctl/pkg/ctl/testdata/images.vex.json", 4, 0},
                    SuiteCase{"vexctl/pkg/ctl/testdata/test.vex.json", 2, 0},
                    SuiteCase{"vexctl/examples/openvex/document1.vex.json", 1, 0},
                    // each statement has a member "statement"
                    SuiteCase{"vexctl/examples/sarif/sample-2vulns.openvex.json", 2, 2},
                    // no @id
                    SuiteCase{"trivy/pkg/vex/testdata/openvex-nested.json", 1, 1},
                    SuiteCase{"grype/grype/vex/testdata/vex-docs/openvex-demo1.json", 1, 0},
                    // affected, but no action_statement
                    SuiteCase{"grype/test/integration/testdata/vex/openvex/affected.openvex.json",
                              1, 1},
                    // a vulnerability without a name and with an @id that is no IRI, and no
                    // action_statement
                    SuiteCase{"trivy/pkg/vex/testdata/multi-repos/vex/repositories/high-priority/"
                              "0.1/bash-vex.json",
                              0, 3}));

}  // namespace
}  // namespace lockstep::formats
