// SPDX-License-Identifier: Apache-2.0
#include "formats/cyclonedx/cyclonedx.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <tuple>

#include "formats/invalid_files.hpp"
#include "formats/registry.hpp"

namespace lockstep::formats {
namespace {

using test::read_file;
using test::source_path;

std::string problems_of(const std::string& bytes, const std::string& name) {
  Diagnostics problems;
  const auto bom = read_bom(bytes, name, problems);
  return test::text_of(problems) + (bom ? "" : to_text(bom.error()) + "\n");
}

Bom valid(const std::string& name) {
  Diagnostics problems;
  auto bom = read_bom(read_file(source_path("tests/data/formats/cyclonedx/valid/" + name)), name,
                      problems);
  EXPECT_EQ(test::text_of(problems), "");
  EXPECT_TRUE(bom.has_value());
  return bom ? *bom : Bom{};
}

std::vector<VexStatement> statements_of(const std::string& name, std::string* said = nullptr) {
  Diagnostics problems;
  const auto statements = read_vex(
      read_file(source_path("tests/data/formats/cyclonedx/valid/" + name)), name, problems);
  if (said != nullptr) *said = test::text_of(problems);
  EXPECT_TRUE(statements.has_value());
  return statements ? *statements : std::vector<VexStatement>{};
}

TEST(CycloneDx, EveryInvalidFileGivesItsMessages) {
  test::expect_messages("tests/data/formats/cyclonedx/invalid", problems_of);
}

TEST(CycloneDx, ReadsWhatAComponentSays) {
  const Bom bom = valid("crane.cdx.json");
  EXPECT_EQ(bom.format, "CycloneDX 1.6");
  EXPECT_EQ(bom.serial, "urn:uuid:0b1f4b63-6d4f-4f51-9a0e-0c3f6a9c1b77");
  EXPECT_EQ(to_text(bom.made.value()), "2028-05-01T08:00:00Z");
  EXPECT_EQ(bom.tools, std::vector<std::string>{"builder 2.1"});
  ASSERT_TRUE(bom.subject.has_value());
  EXPECT_EQ(bom.subject->name, "crane");
  ASSERT_EQ(bom.components.size(), 4U);
  const Component& first = bom.components[0];
  EXPECT_EQ(first.name, "hoist");
  EXPECT_EQ(first.group, "example");
  EXPECT_EQ(to_text(first.purl.value()), "pkg:npm/%40example/hoist@1.2.3");
  EXPECT_EQ(first.licences, (std::vector<std::string>{"MIT", "Own Licence"}));
  EXPECT_EQ(first.supplier, "Example AS");
  EXPECT_EQ(first.digests.at(0).first, "SHA-1");
  EXPECT_EQ(first.cpe, "cpe:2.3:a:example:hoist:1.2.3:*:*:*:*:*:*:*");
  EXPECT_EQ(first.where.line, 18);
}

TEST(CycloneDx, NestedComponentsFollowTheirHolder) {
  const Bom bom = valid("crane.cdx.json");
  std::vector<std::string> names;
  for (const Component& component : bom.components)
    names.push_back(component.name);
  EXPECT_EQ(names, (std::vector<std::string>{"hoist", "rope", "strand", "hook"}));
  ASSERT_EQ(bom.dependencies.size(), 2U);
  EXPECT_EQ(bom.dependencies[0].from, "crane");
  EXPECT_EQ(bom.dependencies[1].to, "rope");
}

TEST(CycloneDx, BrokenRulesAreWarningsWhereTheBillIsOnlyUsed) {
  Diagnostics problems;
  const auto bom =
      read_bom(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"}]})",
               "a.json", problems, Rules::warnings);
  ASSERT_TRUE(bom.has_value());
  EXPECT_EQ(bom->components.size(), 1U);
  EXPECT_FALSE(problems.has_errors());
  EXPECT_EQ(test::text_of(problems),
            "a.json:1:60: warning[cyclonedx.schema]: expected 'type', found nothing (at "
            "/components/0)\n");
}

TEST(CycloneDxVex, StatesBecomeTheWordsOfOpenVex) {
  std::string said;
  const auto statements = statements_of("vex.cdx.json", &said);
  ASSERT_EQ(statements.size(), 4U);
  EXPECT_EQ(statements[0].vulnerability, "CVE-2028-0001");
  EXPECT_EQ(statements[0].aliases, std::vector<std::string>{"GHSA-aaaa-bbbb-cccc"});
  EXPECT_EQ(statements[0].products.at(0).product, "pkg:generic/crane@1.0");
  EXPECT_EQ(statements[0].products.at(0).subcomponents.at(0), "pkg:npm/hook@2.0.0");
  const auto& cleared = std::get<VexStatement::NotAffected>(statements[0].status);
  EXPECT_EQ(cleared.justification, "vulnerable_code_cannot_be_controlled_by_adversary");
  EXPECT_EQ(cleared.impact_statement, "requires_configuration: the port is closed");
  EXPECT_EQ(to_text(statements[0].at.value()), "2028-06-01T00:00:00Z");
  EXPECT_EQ(std::get<VexStatement::Affected>(statements[1].status).action_statement,
            "update: take 2.0.1");
  EXPECT_EQ(status_word(statements[2]), "fixed");
  EXPECT_EQ(status_word(statements[3]), "under_investigation");
  EXPECT_EQ(to_text(statements[3].at.value()), "2028-05-01T08:00:00Z");
  EXPECT_EQ(statements[3].author, "A. Maker");
  EXPECT_EQ(said,
            "vex.cdx.json:24:52: warning[cyclonedx.vex_reason]: expected a justification or a "
            "detail for not_affected, found neither; the statement about 'CVE-2028-0005' is not "
            "used\n");
}

TEST(CycloneDxVex, ARangeOfVersionsIsPartOfTheScope) {
  std::string said;
  const auto statements = statements_of("vex-versions.cdx.json", &said);
  ASSERT_EQ(statements.size(), 3U);
  ASSERT_EQ(statements[0].products.size(), 2U);
  EXPECT_EQ(statements[0].products[0].product, "pkg:npm/hook@2.0.0");
  EXPECT_EQ(statements[0].products[0].versions, "");
  EXPECT_EQ(statements[0].products[1].product, "pkg:npm/hook");
  EXPECT_EQ(statements[0].products[1].versions, "vers:npm/<2.0.0");
  EXPECT_EQ(statements[1].products.at(0).versions, "vers:npm/<2.0.0");
  // Nobody knows the order of 'mine', so that the third statement clears nothing.
  EXPECT_TRUE(statements[2].products.empty());
  EXPECT_NE(said.find("'vers:mine/<2.0.0'; the statement about 'CVE-2028-0003' is not used for it"),
            std::string::npos)
      << said;
}

/// The component is named by its package URL and not listed, as where the bill is another document.
TEST(CycloneDxVex, VersionsNarrowAComponentThatTheDocumentDoesNotList) {
  const std::string document = R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "vulnerabilities": [{"id": "CVE-2028-0001",
      "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
      "affects": [{"ref": "pkg:npm/hook", "versions": [
        {"version": "2.0.0"}, {"range": "vers:npm/<1.0.0"},
        {"version": "3.0.0", "status": "unaffected"}]}]}]})";
  Diagnostics problems;
  const auto statements = read_vex(document, "vex.cdx.json", problems);
  ASSERT_TRUE(statements.has_value() && statements->size() == 1U);
  const auto& scopes = statements->front().products;
  ASSERT_EQ(scopes.size(), 2U);
  EXPECT_EQ(scopes[0].product, "pkg:npm/hook@2.0.0");
  EXPECT_EQ(scopes[1].product, "pkg:npm/hook");
  EXPECT_EQ(scopes[1].versions, "vers:npm/<1.0.0");
}

TEST(CycloneDxVex, WhatClearsOtherVersionsDoesNotClearThisOne) {
  const std::string document = R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "components": [{"type": "library", "bom-ref": "h", "name": "hook", "version": "2.0.0",
      "purl": "pkg:npm/hook@2.0.0"}],
    "vulnerabilities": [
      {"id": "CVE-2028-0001", "analysis": {"state": "resolved"},
       "affects": [{"ref": "h", "versions": [{"version": "1.0.0"}, {"range": "vers:npm/<1.5.0"},
         {"version": "2.0.0", "status": "unknown"}]}]},
      {"id": "CVE-2028-0002", "analysis": {"state": "resolved"},
       "affects": [{"ref": "h", "versions": [{"range": "vers:npm/>=2.0.0|<3.0.0"}]}]},
      {"id": "CVE-2028-0003", "analysis": {"state": "exploitable"},
       "affects": [{"ref": "h", "versions": [{"version": "1.0.0"}]}]}]})";
  Diagnostics problems;
  const auto statements = read_vex(document, "vex.cdx.json", problems);
  ASSERT_TRUE(statements.has_value() && statements->size() == 3U);
  EXPECT_TRUE(statements->at(0).products.empty());
  EXPECT_EQ(statements->at(1).products.at(0).product, "pkg:npm/hook@2.0.0");
  EXPECT_EQ(statements->at(2).products.at(0).product, "pkg:npm/hook@2.0.0");
  EXPECT_EQ(test::text_of(problems),
            "vex.cdx.json:6:20: warning[cyclonedx.vex_version]: expected versions among which "
            "'pkg:npm/hook@2.0.0' is, found none that is; the statement about 'CVE-2028-0001' is "
            "not used for it\n");
}

TEST(CycloneDxVex, ALinkIntoItsOwnDocumentMayBeEscaped) {
  Diagnostics problems;
  const auto statements = read_vex(R"({"bomFormat":"CycloneDX","specVersion":"1.6",
    "serialNumber":"urn:uuid:0b1f4b63-6d4f-4f51-9a0e-0c3f6a9c1b77","version":1,
    "components":[{"type":"library","bom-ref":"a/b","name":"b","purl":"pkg:npm/b@1"}],
    "vulnerabilities":[{"id":"CVE-2028-0001","analysis":{"state":"exploitable"},"affects":[
      {"ref":"urn:cdx:0B1F4B63-6d4f-4f51-9a0e-0c3f6a9c1b77/1#a%2Fb"}]}]})",
                                   "f", problems);
  ASSERT_TRUE(statements.has_value());
  EXPECT_EQ(statements->at(0).products.at(0).product, "pkg:npm/b@1");
}

TEST(CycloneDx, AScopeIsWrittenAsItWasRead) {
  for (const std::string scope : {"required", "optional", "excluded", "development", ""}) {
    Bom bom;
    bom.components.emplace_back().name = "a";
    bom.components[0].scope = scope;
    Diagnostics problems;
    const auto again = read_bom(write_cyclonedx(bom), "w.json", problems);
    EXPECT_EQ(test::text_of(problems), "");
    EXPECT_EQ(again.value().components.at(0).scope, scope);
  }
}

TEST(CycloneDx, OfTwoComponentsThatAreOneInWordsOneIsWritten) {
  Bom bom;
  bom.components.emplace_back().name = "a";
  bom.components.emplace_back().name = "a";
  bom.components.emplace_back().name = "b";
  EXPECT_EQ(problems_of(write_cyclonedx(bom), "w.json"), "");
}

TEST(Registry, SaysWhatADocumentIs) {
  const auto said = [](const std::string& bytes) {
    const std::string text = problems_of(bytes, "f");
    return text.substr(text.find("; found ") + 8);
  };
  EXPECT_EQ(said("<?xml version=\"1.0\"?><html/>"), "XML with the root 'html'\n");
  EXPECT_EQ(said("<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>"),
            "SPDX as RDF, which is not read; the same bill as JSON is\n");
  EXPECT_EQ(said("{\"document\":{\"csaf_version\":\"2.0\"}}"), "a CSAF 2.0 document\n");
  EXPECT_EQ(said("{\"@context\":\"https://openvex.dev/ns/v0.2.0\"}"), "an OpenVEX document\n");
  EXPECT_EQ(said("[1]"), "a list\n");
  EXPECT_EQ(said("{\"a\":1,\"b\":2}"), "a map with the keys a, b\n");
}

// A bill that CycloneDX 1.6 can say whole.
rc::Gen<std::string> word() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', 'z')));
}

rc::Gen<Component> any_component(std::string reference) {
  using Texts = std::vector<std::string>;
  const auto licences = rc::gen::elementOf(std::vector<Texts>{
      {}, {"MIT"}, {"MIT", "Apache-2.0"}, {"MIT OR Apache-2.0"}, {"Own", "MIT"}});
  return rc::gen::apply(
      [reference](std::string name, std::string version, std::vector<std::string> texts,
                  std::string type, bool has_purl) {
        Component component;
        component.reference = reference;
        component.type = std::move(type);
        component.name = name;
        component.version = version;
        component.group = version;
        component.supplier = name;
        component.description = version + " \"\\\n\u00e6";
        component.licences = std::move(texts);
        if (has_purl)
          component.purl = Purl{"generic", version, name, version, {{"arch", name}}, name};
        if (has_purl) component.more_purls = {Purl{"generic", "", name, version, {}, ""}};
        if (has_purl) component.source = {name, version, name};
        component.digests = {{"MD5", std::string(32, 'a')}, {"SHA-256", std::string(64, 'f')}};
        if (has_purl) component.sources = {"a.json", name};
        component.cpe = "cpe:2.3:a:a:b:1:*:*:*:*:*:*:*";
        return component;
      },
      word(), rc::gen::oneOf(word(), rc::gen::just(std::string())), licences,
      rc::gen::element<std::string>("library", "application", "firmware", "data"),
      rc::gen::arbitrary<bool>());
}

auto as_tuple(const Component& c) {
  return std::tie(c.reference, c.type, c.group, c.name, c.version, c.cpe, c.supplier, c.licences,
                  c.digests, c.description, c.sources);
}

bool is_same(const Component& a, const Component& b) {
  return as_tuple(a) == as_tuple(b) && a.purl == b.purl && a.more_purls == b.more_purls &&
         a.source.name == b.source.name && a.source.version == b.source.version &&
         a.source.module == b.source.module;
}

std::vector<std::pair<std::string, std::string>> edges_of(const Bom& bom) {
  std::vector<std::pair<std::string, std::string>> edges;
  for (const Dependency& edge : bom.dependencies)
    edges.emplace_back(edge.from, edge.to);
  std::sort(edges.begin(), edges.end());
  return edges;
}

RC_GTEST_PROP(CycloneDxProperties, ReadingWhatWasWrittenGivesTheSame, ()) {
  Bom bom;
  bom.format = "CycloneDX 1.6";
  bom.serial = "urn:uuid:0b1f4b63-6d4f-4f51-9a0e-0c3f6a9c1b77";
  bom.made = Instant{std::chrono::seconds{*rc::gen::inRange(0, 2'000'000'000)}};
  bom.creators = *rc::gen::container<std::vector<std::string>>(word());
  bom.tools = *rc::gen::unique<std::vector<std::string>>(word());
  if (*rc::gen::arbitrary<bool>()) bom.subject = *any_component("subject");
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i)
    bom.components.push_back(*any_component("r" + std::to_string(i)));
  for (int i = 1; i < count; ++i)
    bom.dependencies.push_back(
        {"r" + std::to_string(*rc::gen::inRange(0, i)), "r" + std::to_string(i)});

  const std::string written = write_cyclonedx(bom);
  Diagnostics problems;
  const auto again = read_bom(written, "w.json", problems);
  RC_ASSERT(again.has_value());
  RC_ASSERT(test::text_of(problems) == "");
  RC_ASSERT(again->format == bom.format);
  RC_ASSERT(again->serial == bom.serial);
  RC_ASSERT(again->made == bom.made);
  RC_ASSERT(again->creators == bom.creators);
  RC_ASSERT(again->tools == bom.tools);
  RC_ASSERT(again->subject.has_value() == bom.subject.has_value());
  if (bom.subject) RC_ASSERT(is_same(*again->subject, *bom.subject));
  RC_ASSERT(std::ranges::equal(again->components, bom.components, is_same));
  RC_ASSERT(edges_of(*again) == edges_of(bom));
  RC_ASSERT(write_cyclonedx(*again) == written);
}

}  // namespace
}  // namespace lockstep::formats
