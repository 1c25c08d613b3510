// SPDX-License-Identifier: Apache-2.0
// Every export of one small scan: a golden file each, and each held against its standard by the
// checker of that standard, and read back.
#include "documents/exports/exports.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "documents/parts_of_scan.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/limits.hpp"
#include "formats/registry.hpp"
#include "formats/sarif/sarif.hpp"
#include "formats/xml.hpp"
#include "support/golden.hpp"

namespace lockstep::documents {
namespace {

using test::SmallScan;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string written(const std::string& name, const SmallScan& scan) {
  const Export* row = find_export(name);
  if (row == nullptr) return "no row";
  const auto text = row->write(scan.view());
  return text ? *text : to_text(text.error());
}

Json tree_of(const std::string& text) {
  Diagnostics problems;
  const auto tree = parse_json(text, "export.json", problems);
  EXPECT_TRUE(tree.has_value() && !problems.has_errors());
  return tree ? *tree : Json();
}

std::string lines_of(const Diagnostics& problems) {
  std::string text;
  for (const Diagnostic& entry : problems.entries())
    if (entry.severity != Severity::note) text += to_text(entry) + "\n";
  return text;
}

TEST(Exports, EachHasAGoldenFile) {
  const SmallScan scan;
  for (const Export& row : exports())
    test::expect_golden("exports/" + std::string(row.name) +
                            (row.name == "html"    ? ".html"
                             : row.name == "junit" ? ".xml"
                                                   : ".json"),
                        written(std::string(row.name), scan));
}

TEST(Exports, RowsAreSortedAndFound) {
  for (std::size_t i = 1; i < exports().size(); ++i)
    EXPECT_LT(exports()[i - 1].name, exports()[i].name);
  EXPECT_EQ(find_export("pdf"), nullptr);
}

/// CSAF: the schema and all mandatory tests of both versions.
TEST(Exports, CsafHoldsItsMandatoryTests) {
  for (const char* name : {"csaf", "csaf-2.1", "csaf-vex"}) {
    Diagnostics problems;
    formats::csaf::validate(written(name, SmallScan()), name, problems, SmallScan::at());
    for (const Diagnostic& entry : problems.entries())
      EXPECT_NE(entry.severity, Severity::error) << to_text(entry);
  }
}

TEST(Exports, SarifHoldsItsSchemaAndItsRules) {
  for (const SmallScan& scan : {SmallScan(), SmallScan::empty()}) {
    Diagnostics problems;
    formats::check_sarif(tree_of(written("sarif", scan)), {"findings.sarif", problems});
    EXPECT_EQ(lines_of(problems), "");
  }
}

TEST(Exports, SarifSaysWhereWhatAndWhySo) {
  const Json run = tree_of(written("sarif", SmallScan()))["runs"].items()[0];
  const auto& rules = run["tool"]["driver"]["rules"].items();
  const auto& results = run["results"].items();
  // One rule for the flaw that two components have.
  ASSERT_THAT(rules, SizeIs(4));
  ASSERT_THAT(results, SizeIs(5));
  for (const Json& result : results)
    EXPECT_EQ(rules[static_cast<std::size_t>(*result["ruleIndex"].as_int())]["id"],
              result["ruleId"]);
  EXPECT_EQ(rules[0]["id"].string_or(""), "CVE-2021-44228");
  EXPECT_EQ(rules[0]["properties"]["security-severity"].string_or(""), "10.0");
  const Json& where = results[0]["locations"].items()[0];
  EXPECT_EQ(where["physicalLocation"]["artifactLocation"]["uri"].string_or(""),
            "sbom/the%20app.cdx.json");
  EXPECT_EQ(where["physicalLocation"]["region"]["startLine"].as_int(), 12);
  EXPECT_EQ(where["logicalLocations"].items()[0]["fullyQualifiedName"].string_or(""),
            "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1");
  EXPECT_THAT(results[0]["suppressions"].items(), IsEmpty());
  // Settled and accepted findings are suppressed, the others are not.
  std::vector<std::string> suppressed;
  for (const Json& result : results)
    for (const Json& one : result["suppressions"].items())
      suppressed.push_back(one["justification"].string_or(""));
  EXPECT_THAT(suppressed, ElementsAre("vulnerable_code_not_in_execute_path: never called",
                                      "the port is closed", "fixed"));
  EXPECT_THAT(run["invocations"].items()[0]["toolExecutionNotifications"].items(), SizeIs(1));
}

/// What identifies a result survives another order and other lines of the bill.
TEST(Exports, SarifFingerprintsStayWhenTheBillMoves) {
  const auto prints = [](const SmallScan& scan) {
    std::vector<std::string> all;
    const Json log = tree_of(written("sarif", scan));
    for (const Json& result : log["runs"].items()[0]["results"].items())
      all.push_back(result["partialFingerprints"]["lockstepFinding/v1"].string_or(""));
    std::ranges::sort(all);
    return all;
  };
  SmallScan moved;
  std::ranges::reverse(moved.findings);
  for (Component& component : moved.boms[0].components)
    component.where.line += 7;
  EXPECT_EQ(prints(moved), prints(SmallScan()));
  const auto all = prints(moved);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Exports, CycloneDxIsTheBillWithItsVulnerabilities) {
  const SmallScan scan;
  const std::string text = written("cyclonedx", scan);
  Diagnostics problems;
  const auto bill = formats::read_bill(text, "vdr.json", problems);
  ASSERT_TRUE(bill.has_value());
  EXPECT_EQ(lines_of(problems), "");
  EXPECT_THAT(bill->bom.components, SizeIs(scan.boms[0].components.size()));
  // Each vulnerability affects a component that is there.
  std::vector<std::string> references;
  for (const Component& one : bill->bom.components)
    references.push_back(one.reference);
  const Json tree = tree_of(text);
  ASSERT_THAT(tree["vulnerabilities"].items(), SizeIs(5));
  for (const Json& one : tree["vulnerabilities"].items())
    EXPECT_THAT(references, testing::Contains(one["affects"].items()[0]["ref"].string_or("")));
  // What was stated comes back; what was not is no statement.
  ASSERT_THAT(bill->statements, SizeIs(3));
  EXPECT_EQ(bill->statements[1].accepted_by, "A. Maker");
}

TEST(Exports, SpdxIsTheBillWithItsStatements) {
  const SmallScan scan;
  Diagnostics problems;
  const std::string text = written("spdx", scan);
  const auto bill = formats::read_bill(text, "spdx.json", problems);
  ASSERT_TRUE(bill.has_value());
  EXPECT_EQ(lines_of(problems), "");
  EXPECT_EQ(bill->bom.format, "SPDX 3.0.1");
  ASSERT_TRUE(bill->bom.subject.has_value());
  EXPECT_EQ(bill->bom.subject->name, "reader");
  EXPECT_THAT(bill->bom.components, SizeIs(scan.boms[0].components.size()));
  ASSERT_THAT(bill->statements, SizeIs(3));
  EXPECT_EQ(status_word(bill->statements[0]), "not_affected");
  EXPECT_EQ(bill->statements[1].accepted_by, "A. Maker");
  std::map<std::string, int> count;
  const Json tree = tree_of(text);
  for (const Json& node : tree["@graph"].items())
    ++count[node["type"].string_or("")];
  EXPECT_EQ(count["security_Vulnerability"], 4);
  EXPECT_EQ(count["security_CvssV3VulnAssessmentRelationship"], 3);
  EXPECT_EQ(count["security_CvssV4VulnAssessmentRelationship"], 1);
  EXPECT_EQ(count["security_EpssVulnAssessmentRelationship"], 1);
  EXPECT_EQ(count["security_ExploitCatalogVulnAssessmentRelationship"], 1);
}

/// The formats of statements alone: every finding once, and what nobody decided is said to be so.
TEST(Exports, StatementsSpeakOfEveryFinding) {
  for (const char* name : {"openvex", "cyclonedx-vex", "csaf-vex"}) {
    Diagnostics problems;
    const auto read = formats::read_vex(written(name, SmallScan()), name, problems);
    ASSERT_TRUE(read.has_value()) << name;
    EXPECT_EQ(lines_of(problems), "") << name;
    std::map<std::string, int> status;
    for (const VexStatement& one : *read)
      status[std::string(status_word(one))] += static_cast<int>(one.products.size());
    EXPECT_EQ(status["under_investigation"], 2) << name;
    EXPECT_EQ(status["not_affected"], 1) << name;
    EXPECT_EQ(status["affected"], 1) << name;
    EXPECT_EQ(status["fixed"], 1) << name;
  }
}

TEST(Exports, JUnitCountsWhatItHolds) {
  const std::string text = written("junit", SmallScan());
  const auto xml = formats::XmlDocument::parse(text, "junit.xml", formats::bom_limits);
  ASSERT_TRUE(xml.has_value());
  const auto count = [&](std::string_view part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
      ++found;
    return found;
  };
  EXPECT_THAT(text, HasSubstr("tests=\"7\" failures=\"1\" errors=\"1\" skipped=\"1\""));
  EXPECT_EQ(count("<testcase "), 7);
  EXPECT_EQ(count("<failure "), 1);
  EXPECT_EQ(count("<error "), 1);
  EXPECT_EQ(count("<skipped "), 1);
  EXPECT_THAT(text, HasSubstr("&lt;b&gt;"));
}

/// The members that the report's schema requires, as its documentation lists them.
TEST(Exports, GitLabHasTheRequiredMembers) {
  const Json report = tree_of(written("gitlab", SmallScan()));
  for (const char* key : {"version", "scan", "vulnerabilities", "dependency_files"})
    EXPECT_NE(report.find(key), nullptr) << key;
  for (const char* who : {"analyzer", "scanner"})
    for (const char* key : {"id", "name", "version", "vendor"})
      EXPECT_NE(report["scan"][who].find(key), nullptr) << who << key;
  for (const char* key : {"start_time", "end_time"})
    EXPECT_EQ(report["scan"][key].string_or(""), "2026-11-27T00:00:00");
  EXPECT_EQ(report["scan"]["type"].string_or(""), "dependency_scanning");
  // The finding that a statement settles is left out, and counted.
  ASSERT_THAT(report["vulnerabilities"].items(), SizeIs(3));
  for (const Json& one : report["vulnerabilities"].items()) {
    for (const char* key : {"id", "identifiers", "location"})
      EXPECT_NE(one.find(key), nullptr) << key;
    EXPECT_FALSE(one["identifiers"].items().empty());
    for (const Json& id : one["identifiers"].items())
      for (const char* key : {"type", "name", "value"})
        EXPECT_NE(id.find(key), nullptr) << key;
    EXPECT_TRUE(one["location"]["file"].is_string());
    EXPECT_TRUE(one["location"]["dependency"]["version"].is_string());
    EXPECT_TRUE(one["location"]["dependency"]["package"]["name"].is_string());
  }
  for (const Json& file : report["dependency_files"].items())
    for (const char* key : {"path", "package_manager", "dependencies"})
      EXPECT_NE(file.find(key), nullptr) << key;
  EXPECT_THAT(report["scan"]["messages"].items(), SizeIs(2));
}

/// The lengths that the schema allows.
TEST(Exports, GitLabTakesTextsOfSomeLengthOnly) {
  SmallScan scan;
  for (Finding& finding : scan.findings) {
    finding.summary = std::string(5000, 's');
    finding.because = std::string(2'000'000, 'b');
    finding.fixed.assign(3000, "1.2.3");
  }
  const Json report = tree_of(written("gitlab", scan));
  ASSERT_THAT(report["vulnerabilities"].items(), SizeIs(3));
  for (const Json& one : report["vulnerabilities"].items()) {
    EXPECT_LE(one["name"].string_or("").size(), 255U);
    EXPECT_LE(one["solution"].string_or("").size(), 7000U);
    EXPECT_LE(one["description"].string_or("").size(), 1'048'576U);
  }
}

TEST(Exports, HtmlEscapesWhatOthersWrote) {
  const std::string page = written("html", SmallScan());
  EXPECT_THAT(page, testing::Not(HasSubstr("<b>")));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;"));
}

TEST(Exports, CsafNamesWhatItLacks) {
  SmallScan nobody;
  nobody.product.manufacturer.website.clear();
  EXPECT_THAT(written("csaf", nobody),
              HasSubstr("error[export.publisher]: expected who publishes"));
  nobody.product.manufacturer.website = "https://quay side.example";
  EXPECT_THAT(written("csaf-vex", nobody), HasSubstr("error[export.publisher]"));
  SmallScan undecided;
  for (Finding& finding : undecided.findings)
    finding.vex.reset();
  EXPECT_THAT(written("csaf", undecided), HasSubstr("error[export.nothing]"));
  EXPECT_THAT(written("openvex", SmallScan::empty()), HasSubstr("error[export.nothing]"));
}

}  // namespace
}  // namespace lockstep::documents
