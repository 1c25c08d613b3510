// SPDX-License-Identifier: Apache-2.0
// Reading what was written gives the same statements, in each format.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "formats/csaf/validate.hpp"
#include "formats/csaf/write.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/invalid_files.hpp"
#include "formats/openvex/openvex.hpp"
#include "formats/registry.hpp"
#include "formats/schema.hpp"
#include "formats/spdx/graph.hpp"

namespace lockstep::formats {
namespace {

/// Everything of a statement but its place, as text.
std::string shown(const VexStatement& one) {
  std::string text = one.vulnerability + "|" + std::string(status_word(one));
  for (const std::string& alias : one.aliases)
    text += "|" + alias;
  for (const VexStatement::Scope& scope : one.products) {
    text += "|" + scope.product + "{";
    for (const std::string& part : scope.subcomponents)
      text += part + ",";
    text += "}";
  }
  if (const auto* clear = std::get_if<VexStatement::NotAffected>(&one.status))
    text += "|" + clear->justification + "|" + clear->impact_statement;
  if (const auto* affected = std::get_if<VexStatement::Affected>(&one.status))
    text += "|" + affected->action_statement;
  text += "|" + (one.at ? to_text(*one.at) : "-") + "|" + one.author + "|" + one.document + "|" +
          one.notes + "|" + one.accepted_by + "|" +
          (one.accepted_until ? to_text(*one.accepted_until) : "-");
  return text;
}

std::vector<std::string> shown(const std::vector<VexStatement>& statements) {
  std::vector<std::string> texts;
  for (const VexStatement& one : statements)
    texts.push_back(shown(one));
  return texts;
}

rc::Gen<std::string> word(std::vector<std::string> words) {
  return rc::gen::elementOf(std::move(words));
}

VexStatement any_statement() {
  VexStatement one;
  one.vulnerability = *word({"CVE-2026-1000", "GHSA-aaaa-bbbb-cccc"});
  if (*rc::gen::arbitrary<bool>()) one.aliases = {*word({"PYSEC-1", "EUVD-2026-7", "CVE-2026-9"})};
  const auto products = *rc::gen::inRange(1, 4);
  for (int i = 0; i < products; ++i) {
    VexStatement::Scope scope{
        *word({"pkg:generic/crane@1.0", "https://example.org/crane", "pkg:npm/%40acme/a"}), {}};
    if (*rc::gen::arbitrary<bool>())
      scope.subcomponents = {*word({"pkg:npm/hook@2.0.0", "ref#1", "pkg:npm/rope?arch=x"})};
    const auto is_it = [&](const VexStatement::Scope& other) {
      return other.product == scope.product && other.subcomponents == scope.subcomponents;
    };
    if (std::ranges::none_of(one.products, is_it)) one.products.push_back(std::move(scope));
  }
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      one.status = VexStatement::NotAffected{
          *word({"component_not_present", "vulnerable_code_not_present",
                 "vulnerable_code_not_in_execute_path", "inline_mitigations_already_exist",
                 "vulnerable_code_cannot_be_controlled_by_adversary"}),
          *word({"", "no call", "two\nlines", "\"quoted\""})};
      break;
    case 1:
      one.status = VexStatement::Affected{*word({"update", "close the port"})};
      if (*rc::gen::arbitrary<bool>()) {
        one.accepted_by = "A. Maker";
        one.accepted_until = parse_day("2027-01-31");
      }
      break;
    case 2:
      one.status = VexStatement::Fixed{};
      break;
    default:
      one.status = VexStatement::UnderInvestigation{};
  }
  if (*rc::gen::arbitrary<bool>()) one.at = parse_instant("2026-08-01T10:00:00Z");
  one.author = *word({"Acme", "Example AS"});
  one.document =
      *word({"https://example.org/vex/1", "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"});
  one.notes = *word({"", "looked at by hand", "first\nsecond", "lockstep:vex {}"});
  return one;
}

VexDocument any_document() {
  VexDocument document{"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
                       "Acme",
                       *parse_instant("2026-09-01T00:00:00Z"),
                       3,
                       {}};
  const auto count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i)
    document.statements.push_back(any_statement());
  return document;
}

/// Each text once, in their order.
std::vector<std::string> once_each(const std::vector<std::string>& texts) {
  std::vector<std::string> kept;
  for (const std::string& text : texts)
    if (std::ranges::find(kept, text) == kept.end()) kept.push_back(text);
  return kept;
}

void expect_same(const VexDocument& document, const Json& written) {
  Diagnostics problems;
  const auto read = read_vex(to_pretty_json(written), "vex.json", problems);
  RC_ASSERT(read.has_value());
  RC_ASSERT(test::text_of(problems) == "");
  RC_ASSERT(once_each(shown(*read)) == once_each(shown(document.statements)));
}

RC_GTEST_PROP(VexWriters, OpenVexGivesTheSameStatements, ()) {
  const VexDocument document = any_document();
  expect_same(document, openvex_document(document));
}

RC_GTEST_PROP(VexWriters, CycloneDxGivesTheSameStatements, ()) {
  const VexDocument document = any_document();
  expect_same(document, cyclonedx_vex_document(document));
}

// CycloneDX 1.6 and OpenVEX 0.2.0: the elements of the list are unique.
TEST(VexWriters, NoStatementIsWrittenTwice) {
  VexStatement one;
  one.vulnerability = "CVE-2026-1000";
  one.products = {{"pkg:generic/crane@1.0", {}}};
  one.status = VexStatement::Fixed{};
  VexStatement other = one;
  other.vulnerability = "CVE-2026-1001";
  const VexDocument document{"https://example.org/vex/1",
                             "Acme",
                             *parse_instant("2026-09-01T00:00:00Z"),
                             1,
                             {one, other, one}};
  for (const Json& written : {cyclonedx_vex_document(document), openvex_document(document)}) {
    Diagnostics problems;
    const auto read = read_vex(to_pretty_json(written), "vex.json", problems);
    EXPECT_EQ(test::text_of(problems), "");
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ(read->front().vulnerability, "CVE-2026-1000");
  }
}

RC_GTEST_PROP(VexWriters, SpdxGivesTheSameStatements, ()) {
  const VexDocument document = any_document();
  expect_same(document, spdx_vex_document(document));
}

csaf::HeadToWrite csaf_head(csaf::Version version) {
  csaf::HeadToWrite head;
  head.version = version;
  head.title = "Statements";
  head.publisher = {"Acme", "https://acme.example"};
  head.id = "vex-1";
  head.revisions = {{*parse_instant("2026-09-01T00:00:00Z"), "1", "First"}};
  return head;
}

/// The mandatory tests hold whatever is stated, and nothing is lost: several statements about one
/// product, names that CSAF cannot express, who accepts, and the order.
RC_GTEST_PROP(VexWriters, CsafGivesTheSameStatements, ()) {
  const VexDocument document = any_document();
  for (const auto version : {csaf::Version::v2_0, csaf::Version::v2_1}) {
    const Json written = csaf::write_csaf_vex(document.statements, csaf_head(version));
    Diagnostics told;
    csaf::validate(to_pretty_json(written), "vex.json", told,
                   *parse_instant("2026-11-27T00:00:00Z"));
    for (const Diagnostic& entry : told.entries())
      if (entry.severity == Severity::error) RC_FAIL(to_text(entry));
    expect_same(document, written);
  }
}

/// Words that CSAF would refuse: names that only look like what they are not, categories of the
/// other version, actions that contradict each other or stand there twice.
TEST(VexWriters, CsafIsValidForOddWords) {
  std::vector<VexStatement> statements;
  for (const char* action :
       {"", "; ", "vendor_fix: ", "fix_planned: later; fix_planned: later",
        "optional_patch: take it", "vendor_fix: take it; no_fix_planned: never",
        "none_available: no; workaround: unplug"})
    for (const char* product : {"pkg:NPM/x@1", "pkg:generic/a b", "pkg:x", "pkg:generic/",
                                "cpe:2.3:none", "http://a b"}) {
      VexStatement one;
      one.vulnerability = "CVE-2026-10" + std::to_string(10 + statements.size());
      one.aliases = {"CVE-2026-12x4", "CVE-2026-1"};
      one.products = {{product, {}}};
      one.status = VexStatement::Affected{action};
      statements.push_back(std::move(one));
    }
  for (const auto version : {csaf::Version::v2_0, csaf::Version::v2_1}) {
    const Json written = csaf::write_csaf_vex(statements, csaf_head(version));
    Diagnostics told;
    csaf::validate(to_pretty_json(written), "vex.json", told,
                   *parse_instant("2026-11-27T00:00:00Z"));
    EXPECT_FALSE(told.has_errors()) << test::text_of(told);
    EXPECT_EQ(written["product_tree"]["full_product_names"].items().size(), 6U);
  }
}

/// Who changes the products or the statuses of a CSAF document is heard, not the note.
TEST(VexWriters, AChangedCsafDocumentCounts) {
  VexStatement one;
  one.vulnerability = "CVE-2026-1000";
  one.products = {{"pkg:generic/crane@1.0", {}}};
  one.status = VexStatement::UnderInvestigation{};
  one.at = parse_instant("2026-09-01T00:00:00Z");
  one.notes = "looked at";
  std::string text =
      to_pretty_json(csaf::write_csaf_vex(std::vector{one}, csaf_head(csaf::Version::v2_0)));
  Diagnostics problems;
  auto read = read_vex(text, "vex.json", problems);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->at(0).notes, "looked at");
  text.replace(text.find("\"under_investigation\""), 21, "\"fixed\"");
  read = read_vex(text, "vex.json", problems);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(status_word(read->at(0)), "fixed");
  EXPECT_EQ(read->at(0).notes, "");
}

/// The words of CycloneDX that OpenVEX does not have come back to where they were.
TEST(VexWriters, WordsOfCycloneDxAreRestored) {
  for (const char* analysis :
       {R"({"state": "not_affected", "justification": "requires_configuration", "detail": "off"})",
        R"({"state": "not_affected", "justification": "protected_at_perimeter"})",
        R"({"state": "not_affected", "justification": "protected_by_compiler", "detail": "a: b"})",
        R"({"state": "false_positive", "justification": "code_not_reachable", "detail": "x"})",
        R"({"state": "false_positive"})",
        R"({"state": "exploitable", "response": ["update", "rollback"], "detail": "soon"})",
        R"({"state": "exploitable", "response": ["can_not_fix"]})",
        R"({"state": "exploitable", "detail": "no: response"})"}) {
    const std::string bill = std::string(R"({"bomFormat": "CycloneDX", "specVersion": "1.6",
      "version": 1, "metadata": {"timestamp": "2026-09-01T00:00:00Z"},
      "vulnerabilities": [{"id": "CVE-2026-1000", "analysis": )") +
                             analysis + "}]}";
    Diagnostics problems;
    const auto read = read_vex(bill, "vex.json", problems);
    ASSERT_TRUE(read.has_value() && read->size() == 1) << analysis;
    // Through OpenVEX and back, since that is what the words have to survive.
    VexDocument document{"https://acme.example/1", "Acme", Instant{}, 1, *read};
    const auto again = read_vex(to_pretty_json(openvex_document(document)), "o.json", problems);
    ASSERT_TRUE(again.has_value() && again->size() == 1) << analysis;
    document.statements = *again;
    const Json written = cyclonedx_vex_document(document);
    Json got = written["vulnerabilities"].items()[0]["analysis"];
    Json expected = *parse_json(analysis, "analysis", problems);
    EXPECT_EQ(to_canonical_json(got.set("lastUpdated", nullptr)),
              to_canonical_json(expected.set("lastUpdated", nullptr)))
        << analysis;
  }
}

/// A range is part of the scope, also in formats without ranges: a statement about some versions
/// must not come back as one about all.
TEST(VexWriters, RangesAreKept) {
  VexDocument document{"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "Acme", Instant{}, 1, {}};
  VexStatement one;
  one.vulnerability = "CVE-2026-1000";
  one.products = {{"pkg:generic/crane@1.0", {"pkg:npm/hook"}, "vers:npm/<2.0.0"},
                  {"pkg:generic/crane@1.0", {"pkg:npm/hook"}, "vers:npm/>=3.0.0"},
                  {"pkg:npm/rope?arch=x#sub", {}, "vers:npm/<1.0.0|>2.0.0"},
                  {"https://example.org/crane?a=b", {"ref#1", "a b?vers=c"}, "vers:npm/1.0.0"},
                  {"https://example.org/rope", {}, "vers:npm/>=1.0.0"}};
  one.status = VexStatement::Fixed{};
  document.statements = {one};
  const Json cyclonedx = cyclonedx_vex_document(document);
  EXPECT_EQ(cyclonedx["vulnerabilities"].items().at(0)["affects"].items().size(), 6U);
  const Json openvex = openvex_document(document);
  const Json& products = openvex["statements"].items().at(0)["products"];
  EXPECT_EQ(products.items().at(2)["@id"].string_or(""),
            "pkg:npm/rope?arch=x&vers=vers%3Anpm%2F%3C1.0.0%7C%3E2.0.0#sub");
  for (const Json& written : {cyclonedx, openvex, spdx_vex_document(document)}) {
    Diagnostics problems;
    const auto read = read_vex(to_pretty_json(written), "vex.json", problems);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(shown(*read), shown(document.statements));
    ASSERT_EQ(read->at(0).products.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i)
      EXPECT_EQ(read->at(0).products[i].versions, one.products[i].versions) << i;
  }
}

/// The same in the words of CSAF alone, as other programs read them.
TEST(VexWriters, CsafNamesRanges) {
  VexStatement below;
  below.vulnerability = "CVE-2026-1000";
  below.products = {{"pkg:npm/hook", {}, "vers:npm/<2.0.0"},
                    {"https://example.org/crane", {}, "vers:npm/<2.0.0"}};
  below.status = VexStatement::Fixed{};
  VexStatement above = below;
  above.products = {{"pkg:npm/hook", {}, "vers:npm/>=2.0.0"}};
  above.status = VexStatement::UnderInvestigation{};
  std::string text = to_pretty_json(
      csaf::write_csaf_vex(std::vector{below, above}, csaf_head(csaf::Version::v2_1)));
  text.replace(text.find("\"lockstep:vex\""), 14, "\"else\"");
  Diagnostics problems;
  const auto read = read_vex(text, "vex.json", problems);
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(problems.has_errors()) << test::text_of(problems);
  ASSERT_EQ(read->size(), 2U);
  for (const VexStatement& one : *read) {
    EXPECT_EQ(one.products.at(0).product, "pkg:npm/hook");
    EXPECT_EQ(one.products.at(0).versions,
              status_word(one) == "fixed" ? "vers:npm/<2.0.0" : "vers:npm/>=2.0.0");
  }
}

/// What somebody changed around the property counts, not the property.
TEST(VexWriters, AChangedStatusCounts) {
  VexDocument document{"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "Acme", Instant{}, 1, {}};
  VexStatement one;
  one.vulnerability = "CVE-2026-1000";
  one.products = {{"pkg:generic/crane@1.0", {}}};
  one.status = VexStatement::Affected{"wait"};
  one.accepted_by = "A. Maker";
  one.accepted_until = parse_day("2027-01-31");
  document.statements = {one};
  std::string text = to_pretty_json(cyclonedx_vex_document(document));
  text.replace(text.find("\"exploitable\""), 13, "\"in_triage\"");
  Diagnostics problems;
  const auto read = read_vex(text, "vex.json", problems);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(status_word(read->at(0)), "under_investigation");
  EXPECT_EQ(read->at(0).accepted_by, "");
}

/// Who takes a component out of what is affected takes back what was said of it.
TEST(VexWriters, AChangedListOfComponentsCounts) {
  VexStatement one;
  one.vulnerability = "CVE-2026-1000";
  one.products = {{"pkg:generic/crane@1.0", {"pkg:npm/hook@2.0.0", "pkg:npm/rope@1.0.0"}}};
  one.status = VexStatement::NotAffected{"component_not_present", ""};
  Json written = cyclonedx_vex_document(
      {"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "Acme", Instant{}, 1, std::vector{one}});
  Json vulnerability = written["vulnerabilities"].items().at(0);
  vulnerability.set("affects",
                    Json::array().push(Json::object_of({{"ref", "pkg:npm/rope@1.0.0"}})));
  written.set("vulnerabilities", Json::array().push(std::move(vulnerability)));
  Diagnostics problems;
  const auto read = read_vex(to_pretty_json(written), "vex.json", problems);
  ASSERT_TRUE(read.has_value() && read->size() == 1);
  ASSERT_EQ(read->at(0).products.size(), 1U);
  EXPECT_EQ(read->at(0).products[0].subcomponents, std::vector<std::string>{"pkg:npm/rope@1.0.0"});
}

/// Statements of the shared documents, taken through every format.
TEST(VexSuite, StatementsSurviveEveryFormat) {
  LS_NEEDS_SHARED("vuln/suites/openvex");
  std::size_t documents = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(test::shared_path("vuln/suites/openvex"))) {
    if (entry.path().extension() != ".json") continue;
    Diagnostics problems;
    const auto read =
        read_vex(test::read_file(entry.path().string()), "vex.json", problems, Rules::warnings);
    if (!read || read->empty()) continue;
    ++documents;
    const VexDocument document{"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "Acme", Instant{},
                               1, *read};
    for (const Json& written :
         {openvex_document(document), cyclonedx_vex_document(document), spdx_vex_document(document),
          csaf::write_csaf_vex(document.statements, csaf_head(csaf::Version::v2_0)),
          csaf::write_csaf_vex(document.statements, csaf_head(csaf::Version::v2_1))}) {
      Diagnostics told;
      const auto again = read_vex(to_pretty_json(written), "again.json", told);
      ASSERT_TRUE(again.has_value()) << entry.path();
      EXPECT_EQ(shown(*again), shown(*read)) << entry.path();
    }
  }
  EXPECT_GE(documents, 15U);
}

}  // namespace
}  // namespace lockstep::formats
