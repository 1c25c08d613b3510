// SPDX-License-Identifier: Apache-2.0
#include "app/sbom.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

#include "documents/schema_check.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

using test::source_path;

Json parsed(const std::string& text) {
  Diagnostics problems;
  return parse_json(text, "answer", problems).value();
}

const std::string samples = "tests/data/formats/";

TEST(SbomRules, EachAsksAboutAKnownFieldAndIsCited) {
  const auto rules = sbom_rules().value();
  const auto fields = bom_fields();
  std::set<std::string> ids;
  for (const BomRule& rule : rules) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_NE(std::ranges::find(fields, rule.field), fields.end()) << rule.field;
    EXPECT_FALSE(rule.cites.empty() || rule.asks.empty() || rule.path.empty()) << rule.id;
    EXPECT_GT(rule.weight, 0) << rule.id;
  }
  EXPECT_GT(rules.size(), 10U);
}

TEST(SbomCheck, AnswersByItsSchema) {
  RealFiles files;
  Diagnostics problems;
  const auto check = check_sbom(source_path(samples + "spdx/valid/crane.spdx"), files, problems);
  ASSERT_TRUE(check.has_value());
  const Json answer = parsed(quality_document(*check, 0));
  EXPECT_EQ(test::SchemaCheck::problems(answer, "sbom-quality.schema.json"),
            std::vector<std::string>{});
  EXPECT_EQ(answer["valid"].as_bool(), true);
  const auto& rules = answer["rules"].items();
  const auto version = std::ranges::find_if(
      rules, [](const Json& rule) { return rule["id"].string_or("") == "cra.component_version"; });
  ASSERT_NE(version, rules.end());
  EXPECT_EQ((*version)["missing"].items().at(0)["component"].string_or(""), "rope");
}

TEST(SbomImport, SaysWhatIsNotKept) {
  RealFiles files;
  Diagnostics problems;
  const auto bom =
      import_sbom(source_path(samples + "cyclonedx/valid/crane.cdx.xml"), files, problems);
  ASSERT_TRUE(bom.has_value());
  ASSERT_EQ(bom->left_out.size(), 1U);
  EXPECT_EQ(bom->left_out[0].what, "services");
  EXPECT_EQ(
      test::SchemaCheck::problems(parsed(import_document(*bom, 0)), "sbom-import.schema.json"),
      std::vector<std::string>{});
  const auto spdx =
      import_sbom(source_path(samples + "spdx/valid/crane.spdx.json"), files, problems);
  std::vector<std::string> left;
  for (const auto& one : spdx.value().left_out)
    left.push_back(one.what);
  EXPECT_EQ(left, (std::vector<std::string>{"files", "name", "packages[].downloadLocation",
                                            "relationships[] of OTHER"}));
}

TEST(SbomImport, NamesRelationshipsAndReferencesThatItPassesOver) {
  RealFiles files;
  Diagnostics problems;
  const auto left_out = [&](const std::string& name, const std::string& text) {
    const std::string path = testing::TempDir() + "/" + name;
    std::ofstream(path) << text;
    std::vector<std::string> left;
    const auto imported = import_sbom(path, files, problems);
    for (const auto& one : imported.value().left_out)
      left.push_back(one.what);
    return left;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(left_out("a.spdx",
                     "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nPackageName: a\n"
                     "SPDXID: SPDXRef-a\nExternalRef: SECURITY advisory https://example.org/a\n"
                     "ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\n"
                     "Relationship: SPDXRef-a DEPENDS_ON SPDXRef-a\n"
                     "Relationship: SPDXRef-a COPY_OF SPDXRef-a\n"),
            (Texts{"packages[].externalRefs[] of advisory", "relationships[] of COPY_OF"}));
  EXPECT_EQ(left_out("a.spdx3.json",
                     R"({"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
      {"type":"software_Sbom","spdxId":"u:x:b","element":[
       {"type":"software_Snippet","spdxId":"u:x:s"},
       {"type":"Relationship","spdxId":"u:x:r","relationshipType":"copiedTo"},
       {"type":"Relationship","spdxId":"u:x:q","relationshipType":"contains"}]}]})"),
            (Texts{"Relationship of copiedTo", "software_Snippet"}));
}

TEST(SbomDiff, TellsComponentsWithoutReferencesApart) {
  // Nothing of one bill may hide what another component of it has.
  const auto finding_of = [](const std::string& name, const std::string& purl) {
    Finding finding;
    finding.flaw = "CVE-2028-0001";
    finding.component = name;
    finding.purl = purl;
    return finding;
  };
  const auto bom_of = [](const std::vector<std::string>& names) {
    Bom bom;
    for (const std::string& name : names) {
      Component& component = bom.components.emplace_back();
      component.name = name;
      component.purl = parse_purl("pkg:npm/" + name + "@1").value();
    }
    return bom;
  };
  const Bom before = bom_of({"first", "hook"});
  const Bom after = bom_of({"first", "rope"});
  const std::vector<Finding> earlier = {finding_of("hook", "pkg:npm/hook@1")};
  const std::vector<Finding> now = {finding_of("rope", "pkg:npm/rope@1")};
  EXPECT_EQ(findings_only_in({now, after}, {earlier, before}).size(), 1U);
  EXPECT_EQ(findings_only_in({earlier, before}, {now, after}).size(), 1U);
  const std::vector<Finding> raised = {finding_of("hook", "pkg:npm/hook@2")};
  EXPECT_TRUE(findings_only_in({raised, before}, {earlier, before}).empty());
}

TEST(SbomDiff, WithoutAdvisoriesSaysNotChecked) {
  RealFiles files;
  Diagnostics problems;
  const auto comparison =
      compare_sboms(source_path(samples + "cyclonedx/valid/vex.cdx.json"),
                    source_path(samples + "spdx/valid/crane.spdx.json"), "no-such-folder",
                    *parse_day("2028-09-04"), files, problems);
  ASSERT_TRUE(comparison.has_value());
  const Json answer = parsed(diff_document(*comparison, 0));
  EXPECT_EQ(test::SchemaCheck::problems(answer, "sbom-diff.schema.json"),
            std::vector<std::string>{});
  EXPECT_EQ(answer["findings"]["state"].string_or(""), "not_checked");
  EXPECT_EQ(answer["added"].items().at(0)["component"].string_or(""), "rope");
}

TEST(SbomMerge, KeepsWhatItsBillsStateOfVulnerabilities) {
  RealFiles files;
  Diagnostics problems;
  const std::string vex = source_path(samples + "cyclonedx/valid/vex.cdx.json");
  const auto statements_in = [&](const std::string& text) {
    Diagnostics found;
    auto bill = formats::read_bill(text, "bill", found).value();
    EXPECT_FALSE(found.has_errors()) << text;
    return bill.statements;
  };
  const auto stated = statements_in(files.read(vex, 1 << 20).value());
  ASSERT_EQ(stated.size(), 4U);
  const std::string merged =
      merge_sboms({source_path(samples + "spdx/valid/crane.spdx.json"), vex}, "", files, problems)
          .value();
  const std::string imported = import_sbom(vex, files, problems).value().text;
  for (const std::string& text : {merged, imported}) {
    const auto kept = statements_in(text);
    ASSERT_EQ(kept.size(), stated.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      EXPECT_EQ(kept[i].vulnerability, stated[i].vulnerability);
      EXPECT_EQ(status_word(kept[i]), status_word(stated[i]));
      EXPECT_EQ(kept[i].at, stated[i].at);
      ASSERT_EQ(kept[i].products.size(), stated[i].products.size());
      for (std::size_t j = 0; j < kept[i].products.size(); ++j)
        EXPECT_EQ(kept[i].products[j].product, stated[i].products[j].product);
    }
  }
  // What nothing keeps is told.
  EXPECT_TRUE(std::ranges::any_of(problems.entries(), [](const Diagnostic& one) {
    return one.message == "'files' is not kept, 1 of them";
  }));
}

TEST(SbomMerge, AStatementFollowsAComponentThatHasNoPackageUrl) {
  RealFiles files;
  const std::string path = testing::TempDir() + "/named.cdx.json";
  std::ofstream(path) << R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"firmware","bom-ref":"r1","name":"boot","version":"2"}],"vulnerabilities":[
    {"id":"CVE-2028-0001","analysis":{"state":"exploitable"},"affects":[{"ref":"r1"}]}]})";
  Diagnostics problems;
  const std::string merged = merge_sboms({path}, "", files, problems).value();
  const auto bill = formats::read_bill(merged, "m", problems).value();
  EXPECT_EQ(bill.bom.components.at(0).reference, "boot@2");
  EXPECT_EQ(bill.statements.at(0).products.at(0).product, "boot@2");
}

TEST(SbomMerge, TheSampleProductGivesTheSameBytesAndIsValid) {
  RealFiles files;
  Diagnostics problems;
  const std::vector<std::string> bills = {
      source_path("examples/quayside/sbom/application.cdx.json"),
      source_path("examples/quayside/sbom/firmware.spdx.json")};
  const std::string product = source_path("examples/quayside/lockstep.yaml");
  const auto merged = merge_sboms(bills, product, files, problems);
  ASSERT_TRUE(merged.has_value());
  EXPECT_EQ(*merged, merge_sboms(bills, product, files, problems).value());
  Diagnostics found;
  const Bom again = formats::read_bom(*merged, "merged", found).value();
  EXPECT_FALSE(found.has_errors());
  std::set<std::string> types;
  for (const Component& component : again.components) {
    types.insert(component.type);
    EXPECT_FALSE(component.sources.empty()) << component.name;
  }
  EXPECT_TRUE(types.contains("machine-learning-model"));
  EXPECT_TRUE(types.contains("data"));
}

}  // namespace
}  // namespace lockstep::app
