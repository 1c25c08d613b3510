// SPDX-License-Identifier: Apache-2.0
#include "advisories/vex.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "advisories/gate.hpp"

namespace lockstep::test {
namespace {

using advisories::apply_vex;
using advisories::ProductNames;

Finding finding() {
  Finding made;
  made.sbom = "app.cdx.json";
  made.component = "log4j-core";
  made.reference = "ref#1";
  made.purl = "pkg:maven/org.apache/log4j-core@2.14.1?type=jar";
  made.advisory = "GHSA-1";
  made.flaw = "CVE-2021-44228";
  made.aliases = {"CVE-2021-44228"};
  made.matched = {"GHSA-1"};
  return made;
}

VexStatement statement(const std::string& vulnerability,
                       std::vector<VexStatement::Scope> products) {
  VexStatement made;
  made.vulnerability = vulnerability;
  made.products = std::move(products);
  made.status = VexStatement::NotAffected{"vulnerable_code_not_present", "no lookups"};
  made.author = "Acme";
  made.document = "https://acme.example/vex-1";
  return made;
}

ProductNames product() {
  return {{"pkg:generic/quayside@3.2.0"}, {{"app.cdx.json", "urn:uuid:AAAA-1"}}};
}

/// The status that the finding gets, or "" for none.
std::string status(const std::vector<VexStatement>& statements) {
  const auto findings = apply_vex({finding()}, statements, product());
  return findings.at(0).vex ? findings.at(0).vex->status : "";
}

constexpr const char* us = "pkg:generic/quayside@3.2.0";
constexpr const char* part = "pkg:maven/org.apache/log4j-core@2.14.1";

TEST(Vex, NeedsVulnerabilityAndProductAndComponent) {
  EXPECT_EQ(status({statement("CVE-2021-44228", {{us, {}}})}), "not_affected");
  EXPECT_EQ(status({statement("CVE-2021-44228", {{us, {part}}})}), "not_affected");
  EXPECT_EQ(status({statement("GHSA-1", {{us, {part}}})}), "not_affected");
  EXPECT_EQ(status({statement("cve-2021-44228", {{us, {part}}})}), "not_affected");
  EXPECT_EQ(status({statement("CVE-2021-44228", {{part, {}}})}), "not_affected");
  EXPECT_EQ(status({statement("CVE-2021-45046", {{us, {part}}})}), "");
  EXPECT_EQ(status({statement("CVE-2021-44228", {{"pkg:generic/other@3.2.0", {part}}})}), "");
  EXPECT_EQ(
      status({statement("CVE-2021-44228", {{us, {"pkg:maven/org.apache/log4j-api@2.14.1"}}})}), "");
  EXPECT_EQ(status({statement("CVE-2021-44228", {{part, {"pkg:maven/org.apache/other@1"}}})}), "");
  EXPECT_EQ(status({statement("CVE-2021-44228", {})}), "");
  VexStatement alias = statement("EUVD-1", {{us, {}}});
  alias.aliases = {"CVE-2021-44228"};
  EXPECT_EQ(status({alias}), "not_affected");
}

TEST(Vex, ARangeOfAProductIsHeldAgainstTheVersionOfTheProduct) {
  const auto settles = [](const std::string& product_name, const std::string& range) {
    const std::vector<VexStatement> statements = {
        statement("CVE-2021-44228", {{product_name, {}, range}})};
    // The component is 2.14.1, the product 5.0.0.
    const auto findings = apply_vex({finding()}, statements, {{"pkg:npm/quayside@5.0.0"}, {}});
    return findings.at(0).vex.has_value();
  };
  EXPECT_FALSE(settles("pkg:npm/quayside", "vers:npm/<3.0.0"));
  EXPECT_TRUE(settles("pkg:npm/quayside", "vers:npm/>=5.0.0"));
  EXPECT_TRUE(settles("pkg:maven/org.apache/log4j-core", "vers:maven/<3.0.0"));
  EXPECT_FALSE(settles("pkg:maven/org.apache/log4j-core", "vers:maven/>=5.0.0"));
}

/// What becomes of a statement about another version: the status, what it was about, and whether a
/// person has to confirm it.
std::string carried(std::vector<VexStatement::Scope> scopes,
                    advisories::Carry carry = advisories::Carry::confirm) {
  const std::vector<VexStatement> statements = {statement("CVE-2021-44228", std::move(scopes))};
  const auto findings = apply_vex({finding()}, statements, product(), carry);
  if (!findings.at(0).vex) return "";
  const AppliedVex& vex = *findings.at(0).vex;
  return vex.status + " from " + vex.carried_from + (vex.needs_confirmation ? "?" : "");
}

TEST(Vex, CarriesStatementsToLaterReleasesAndSaysSo) {
  const std::string before = "pkg:generic/quayside@3.1.0";
  const std::string older = "pkg:maven/org.apache/log4j-core@2.14.0";
  const auto same = advisories::Carry::same_component;
  EXPECT_EQ(carried({{us, {part}}}), "not_affected from ");
  // Another release of the product, the same component.
  EXPECT_EQ(carried({{before, {part}}}),
            "not_affected from " + std::string(part) + " in " + before + "?");
  EXPECT_EQ(carried({{before, {part}}}, same),
            "not_affected from " + std::string(part) + " in " + before);
  // Another version of the component always waits for a person.
  for (const auto carry : {advisories::Carry::confirm, same}) {
    EXPECT_EQ(carried({{us, {older}}}, carry), "not_affected from " + older + " in " + us + "?");
    EXPECT_EQ(carried({{before, {older}}}, carry),
              "not_affected from " + older + " in " + before + "?");
    EXPECT_EQ(carried({{older, {}}}, carry), "not_affected from " + older + "?");
    EXPECT_EQ(carried({{before, {}}}, carry), "not_affected from " + before + "?");
  }
  // What is known to be later never; without an order that is not known.
  for (const auto carry : {advisories::Carry::confirm, same}) {
    EXPECT_EQ(carried({{"pkg:generic/quayside@3.10.0", {part}}}, carry), "");
    EXPECT_EQ(carried({{us, {"pkg:maven/org.apache/log4j-core@2.15.0"}}}, carry), "");
    EXPECT_EQ(carried({{"pkg:maven/org.apache/log4j-core@2.15.0", {}}}, carry), "");
  }
  // Other products and other components never.
  EXPECT_EQ(carried({{"pkg:generic/other@3.1.0", {part}}}, same), "");
  EXPECT_EQ(carried({{before, {"pkg:maven/org.apache/log4j-api@2.14.0"}}}, same), "");
  EXPECT_EQ(carried({{"pkg:maven/org.apache/log4j-api@2.14.0", {}}}, same), "");
}

TEST(Vex, WhatIsCarriedSettlesNothingBeforeItIsConfirmed) {
  const std::vector<VexStatement> statements = {
      statement("CVE-2021-44228", {{"pkg:generic/quayside@3.1.0", {part}}})};
  const advisories::GateFacts facts{*parse_day("2026-11-27"), {}, nullptr, {}};
  for (const auto carry : {advisories::Carry::confirm, advisories::Carry::same_component}) {
    auto findings = apply_vex({finding()}, statements, product(), carry);
    findings = *advisories::judge(std::move(findings), advisories::default_policy(), facts);
    const bool holds = carry == advisories::Carry::same_component;
    EXPECT_EQ(findings[0].state, holds ? State::pass : State::human);
    EXPECT_NE(findings[0].state_because.find(holds ? "carried from" : "nobody confirmed it"),
              std::string::npos)
        << findings[0].state_because;
  }
}

/// Distributors' records stand for the CVEs that they name as upstream.
TEST(Vex, ReachesRecordsThatStandForTheFlaw) {
  Finding debian = finding();
  debian.advisory = debian.flaw = "DEBIAN-CVE-2021-1";
  debian.aliases.clear();
  debian.matched = {"DEBIAN-CVE-2021-1"};
  debian.upstream = {"CVE-2021-1"};
  const auto status_of = [](const Finding& one, const std::vector<VexStatement>& statements) {
    const auto findings = apply_vex({one}, statements, product());
    return findings.at(0).vex ? findings.at(0).vex->status : "";
  };
  const VexStatement first = statement("CVE-2021-1", {{us, {}}});
  EXPECT_EQ(status_of(debian, {first}), "not_affected");
  // A record about two flaws is cleared by both, and affected by either.
  debian.upstream = {"CVE-2021-1", "CVE-2021-2"};
  VexStatement second = statement("CVE-2021-2", {{us, {}}});
  EXPECT_EQ(status_of(debian, {first}), "");
  EXPECT_EQ(status_of(debian, {first, second}), "not_affected");
  second.status = VexStatement::Affected{"wait"};
  EXPECT_EQ(status_of(debian, {first, second}), "affected");
  EXPECT_EQ(status_of(debian, {second}), "affected");
}

TEST(Vex, ComparesPackageUrlsPartByPart) {
  const auto covers = [](const char* wide, const char* narrow) {
    return advisories::covers(*parse_purl(wide), *parse_purl(narrow));
  };
  EXPECT_TRUE(covers("pkg:npm/a", "pkg:npm/a@1"));
  EXPECT_TRUE(covers("pkg:npm/a@1", "pkg:npm/a@1?x=y"));
  EXPECT_TRUE(covers("pkg:npm/a?x=y", "pkg:npm/a@1?x=y&z=w"));
  EXPECT_TRUE(covers("pkg:golang/github.com/1panel-dev/1panel",
                     "pkg:golang/github.com/1Panel-dev/1Panel@v1"));
  EXPECT_FALSE(covers("pkg:npm/a@1", "pkg:npm/a"));
  EXPECT_FALSE(covers("pkg:npm/a@1", "pkg:npm/a@2"));
  EXPECT_FALSE(covers("pkg:npm/a?x=y", "pkg:npm/a@1?x=z"));
  EXPECT_FALSE(covers("pkg:npm/a", "pkg:npm/%40s/a"));
  EXPECT_FALSE(covers("pkg:npm/a", "pkg:pypi/a"));
}

// The range is asked by its own algorithm, which the suite of VERS tests; here that it is asked.
TEST(Vex, HonoursRangesOfVersions) {
  const char* any = "pkg:maven/org.apache/log4j-core";
  const auto with = [&](const char* range) {
    return status({statement("CVE-2021-44228", {{us, {any}, range}})});
  };
  EXPECT_EQ(with("vers:maven/<2.15.0"), "not_affected");
  EXPECT_EQ(with("vers:maven/>=2.14.1|<=2.14.1"), "not_affected");
  EXPECT_EQ(with("vers:maven/>2.14.1"), "");
  EXPECT_EQ(with("vers:maven/2.13.0|2.15.0"), "");
  EXPECT_EQ(with("vers:maven/*"), "not_affected");
  // What nobody can read or compare clears nothing.
  EXPECT_EQ(with("vers:mine/<3"), "");
  EXPECT_EQ(with("up to 3"), "");
  Finding unversioned = finding();
  unversioned.purl = any;
  unversioned.version = "";
  const auto settled = apply_vex(
      {unversioned}, std::vector{statement("CVE-2021-44228", {{us, {any}, "vers:maven/<3"}})},
      product());
  EXPECT_FALSE(settled.at(0).vex.has_value());
}

TEST(Vex, KnowsThePartsOfACycloneDxBill) {
  EXPECT_EQ(status({statement("CVE-2021-44228", {{"ref#1", {}}})}), "not_affected");
  EXPECT_EQ(status({statement("CVE-2021-44228", {{"urn:cdx:aaaa-1/1#ref%231", {}}})}),
            "not_affected");
  EXPECT_EQ(status({statement("CVE-2021-44228", {{"urn:cdx:bbbb-1/1#ref%231", {}}})}), "");
  EXPECT_EQ(status({statement("CVE-2021-44228", {{"urn:cdx:aaaa-1/1#ref%232", {}}})}), "");
}

TEST(Vex, LetsTheNewestStatementWin) {
  VexStatement old = statement("CVE-2021-44228", {{us, {}}});
  old.at = parse_instant("2026-01-01T00:00:00Z");
  VexStatement newer = old;
  newer.at = parse_instant("2026-02-01T00:00:00Z");
  newer.status = VexStatement::Affected{"update"};
  VexStatement undated = old;
  undated.at = std::nullopt;
  undated.status = VexStatement::Fixed{};
  EXPECT_EQ(status({newer, old, undated}), "affected");
  EXPECT_EQ(status({undated, old, newer}), "affected");
  EXPECT_EQ(status({undated}), "fixed");
  VexStatement same = newer;
  same.status = VexStatement::UnderInvestigation{};
  EXPECT_EQ(status({newer, same}), "under_investigation");
}

TEST(Vex, NamesWhatAStatementReplacesAndWhatContradictsIt) {
  VexStatement old = statement("CVE-2021-44228", {{us, {}}});
  old.at = parse_instant("2026-01-01T00:00:00Z");
  old.status = VexStatement::UnderInvestigation{};
  VexStatement clear = old;
  clear.at = parse_instant("2026-02-01T00:00:00Z");
  clear.status = VexStatement::NotAffected{"vulnerable_code_not_present", ""};
  VexStatement other = clear;
  other.status = VexStatement::Affected{"update"};
  other.author = "Other";
  const auto vex = [](const std::vector<VexStatement>& statements) {
    return *apply_vex({finding()}, statements, product()).at(0).vex;
  };
  EXPECT_EQ(
      vex({old, clear}).replaces,
      std::vector<std::string>{
          "under_investigation, by Acme in https://acme.example/vex-1 of 2026-01-01T00:00:00Z"});
  EXPECT_TRUE(vex({old, clear, clear}).disagrees.empty());
  EXPECT_EQ(vex({old, other, clear}).disagrees,
            std::vector<std::string>{
                "affected, by Other in https://acme.example/vex-1 of 2026-02-01T00:00:00Z"});
  // Nothing is settled by statements of one instant that disagree.
  auto findings = advisories::judge(apply_vex({finding()}, std::vector{other, clear}, product()),
                                    advisories::default_policy(), {Day{}, {}, nullptr, {}});
  ASSERT_TRUE(findings.has_value());
  EXPECT_EQ(findings->at(0).state, State::human);
  EXPECT_EQ(findings->at(0).state_because,
            "nobody rated it, and two statements of one instant disagree: 'not_affected, by Acme "
            "in https://acme.example/vex-1' and 'affected, by Other in "
            "https://acme.example/vex-1 of 2026-02-01T00:00:00Z'");
}

TEST(Vex, TheOrderOfStatementsOfOneInstantDecidesNothing) {
  VexStatement affected = statement("CVE-2021-44228", {{us, {}}});
  affected.status = VexStatement::Affected{"update"};
  VexStatement accepted = affected;
  accepted.accepted_by = "C. Maker";
  accepted.accepted_until = parse_day("2028-01-31");
  const VexStatement clear = statement("CVE-2021-44228", {{us, {}}});
  const auto state = [](std::vector<VexStatement> statements, const char* day) {
    for (VexStatement& one : statements)
      one.at = parse_instant(day);
    auto findings = advisories::judge(apply_vex({finding()}, statements, product()),
                                      advisories::default_policy(), {Day{}, {}, nullptr, {}});
    return findings->at(0).state;
  };
  for (const char* day : {"2028-01-01T00:00:00Z", ""}) {
    EXPECT_EQ(state({accepted, accepted}, day), State::warn) << day;
    EXPECT_EQ(state({accepted, affected}, day), State::human) << day;
    EXPECT_EQ(state({affected, accepted}, day), State::human) << day;
    EXPECT_EQ(state({clear, accepted}, day), State::human) << day;
    EXPECT_EQ(state({affected, clear}, day), State::human) << day;
    EXPECT_EQ(state({clear, affected}, day), State::human) << day;
  }
}

TEST(Vex, CarriesTheStatementsWords) {
  VexStatement one = statement("CVE-2021-44228", {{us, {}}});
  one.at = parse_instant("2026-01-01T00:00:00Z");
  const auto findings = apply_vex({finding()}, std::vector{one}, product());
  ASSERT_TRUE(findings[0].vex.has_value());
  EXPECT_EQ(findings[0].vex->statement, "vulnerable_code_not_present: no lookups");
  EXPECT_EQ(findings[0].vex->author, "Acme");
  EXPECT_EQ(findings[0].vex->document, "https://acme.example/vex-1");
  EXPECT_EQ(findings[0].vex->at, "2026-01-01T00:00:00Z");
}

TEST(Vex, TakesTheNamesFromTheBills) {
  Bom bom;
  bom.path = "app.cdx.json";
  bom.serial = "urn:uuid:1";
  bom.subject = Component{};
  bom.subject->reference = "root";
  bom.subject->purl = *parse_purl(us);
  const ProductNames names = advisories::names_of(std::vector{bom});
  EXPECT_EQ(names.ids, (std::vector<std::string>{us, "root"}));
  ASSERT_EQ(names.bills.size(), 1U);
  EXPECT_EQ(names.bills[0].serial, "urn:uuid:1");
}

}  // namespace
}  // namespace lockstep::test
