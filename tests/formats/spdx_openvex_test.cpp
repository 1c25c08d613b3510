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
