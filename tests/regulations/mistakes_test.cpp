// SPDX-License-Identifier: Apache-2.0
// Mistakes that other tools make with these acts, each as a test that fails if we make it too:
// letters of Annex I, articles of declarations and of robustness, days, representatives, fines.
#include <algorithm>
#include <gmock/gmock.h>
#include <map>

#include "regulations/cases.hpp"
#include "regulations/clock_data.hpp"
#include "regulations/data.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

using testing::Contains;
using testing::Each;
using testing::Not;
using testing::StartsWith;

const Requirement& rule(const std::string& id) {
  const Requirement* found = test::real_rules().find_requirement(id);
  EXPECT_NE(found, nullptr) << id;
  return *found;
}

std::vector<Fact> facts_of(const std::string& id) {
  static const std::vector<SourceFile> files = test::data_files();
  Diagnostics problems;
  static const std::vector<Case> cases = read_cases(files, test::real_rules(), problems);
  return std::ranges::find(cases, id, &Case::id)->facts;
}

const Obligation& find(const LegalView& view, const std::string& id) {
  return *std::ranges::find(view.obligations, id, &Obligation::id);
}

// CRA Annex I Part I (2): the letters as the act has them, and the fact that rules one out.
TEST(Mistakes, LettersOfAnnexI) {
  const std::map<std::string, std::string> letters = {
      {"a", "cra.no_known_exploitable_vulnerabilities"},
      {"b", "cra.secure_by_default"},
      {"c", "cra.security_updates"},
      {"d", "cra.access_protection"},
      {"e", "cra.confidentiality"},
      {"f", "cra.integrity"},
      {"g", "cra.data_minimisation"},
      {"h", "cra.availability"},
      {"i", "cra.no_harm_to_others"},
      {"j", "cra.attack_surface"},
      {"k", "cra.exploit_mitigation"},
      {"l", "cra.activity_records"},
      {"m", "cra.data_removal"}};
  const Ruleset& rules = test::real_rules();
  EXPECT_EQ(rules.find_fact("cra.part_i_not_applicable")->words.size(), letters.size());
  for (const auto& [letter, id] : letters) {
    EXPECT_THAT(rule(id).cites, Contains("anx_I/pt_I/pnt_2/pnt_" + letter));
    std::vector<Fact> facts = facts_of("ordinary");
    facts.push_back({"cra.part_i_not_applicable", std::vector<std::string>{"2" + letter}, {}});
    const LegalView view = evaluate(rules, facts, *parse_day("2029-01-15"));
    for (const auto& [other, owed] : letters)
      EXPECT_EQ(find(view, owed).applies, truth_of(other != letter)) << letter << " " << owed;
  }
}

TEST(Mistakes, LanguagesOfTheDeclarationAreInArticle28) {
  EXPECT_THAT(rule("cra.declaration").cites, Contains("art_28/par_2"));
  EXPECT_THAT(rule("cra.declaration").cites, Each(Not(StartsWith("art_27"))));
}

TEST(Mistakes, RobustnessIsArticle15Paragraph4AndCybersecurityParagraph5) {
  for (const char* id : {"aia.resilience", "aia.redundancy", "aia.feedback_loops"})
    EXPECT_THAT(rule(id).cites, Each(StartsWith("art_15/par_4"))) << id;
  for (const char* id : {"aia.unauthorised_alteration", "aia.data_poisoning", "aia.model_poisoning",
                         "aia.model_evasion", "aia.confidentiality_attacks", "aia.model_flaws"})
    EXPECT_THAT(rule(id).cites, Each(StartsWith("art_15/par_5"))) << id;
}

TEST(Mistakes, TheRiskAssessmentIsInArticle13) {
  EXPECT_THAT(rule("cra.risk_assessment").cites, Each(StartsWith("art_13")));
}

// CRA Article 18 lets a maker appoint a representative, AI Act Article 22 makes it.
TEST(Mistakes, OnlyTheAiActWantsARepresentative) {
  std::vector<Fact> facts = facts_of("listed_use");
  std::erase_if(facts, [](const Fact& fact) { return fact.name == "maker.country"; });
  facts.push_back({"maker.country", std::string("US"), {}});
  facts.push_back({"actor.role", std::string("maker"), {}});
  const LegalView view = evaluate(test::real_rules(), facts, *parse_day("2029-01-15"));
  EXPECT_EQ(find(view, "aia.authorised_representative").applies, Truth::yes);
  for (const Obligation& one : view.obligations) {
    const bool article_18 =
        one.act == "eu-2024-2847" && std::ranges::any_of(one.cites, [](const std::string& path) {
          return path.starts_with("art_18");
        });
    if (!article_18) continue;
    EXPECT_EQ(one.applies, Truth::no) << one.id;
  }
}

// Two days of application, and none in 2029.
TEST(Mistakes, DaysOfTheCra) {
  const LegalView view =
      evaluate(test::real_rules(), facts_of("ordinary"), *parse_day("2026-11-22"));
  for (const Obligation& one : view.obligations) {
    if (one.act != "eu-2024-2847" || one.applies != Truth::yes) continue;
    const bool reports = std::ranges::any_of(
        one.cites, [](const std::string& path) { return path.starts_with("art_14"); });
    EXPECT_EQ(one.applies_from, parse_day(reports ? "2026-09-11" : "2027-12-11")) << one.id;
  }
}

// AI Act Article 99(4) does not list monitoring, incident reports or the entry of what is not
// high-risk; CRA Article 64 spares stewards.
TEST(Mistakes, NoFineWhereTheActListsNone) {
  for (const char* id : {"aia.monitoring", "aia.incident_reports", "aia.not_high_risk_registered",
                         "aia.rights_assessment", "cra.steward_policy", "cra.steward_reporting"})
    EXPECT_EQ(rule(id).duty.sanction_eur, 0) << id;
  EXPECT_EQ(rule("aia.supplier_agreement").duty.sanction_eur, 15'000'000);
  EXPECT_EQ(rule("aia.tell_people").duty.sanction_eur, 15'000'000);
  EXPECT_EQ(rule("aia.no_prohibited_practice").duty.sanction_eur, 35'000'000);
  EXPECT_EQ(rule("cra.sbom").duty.sanction_eur, 15'000'000);
  EXPECT_EQ(rule("cra.importer_checks").duty.sanction_eur, 10'000'000);
}

// Regulation (EU) 2026/1744 put off the two kinds of high-risk systems to days of their own.
TEST(Mistakes, DaysOfHighRiskSystems) {
  const auto owed_from = [](const std::string& id, const char* as_of) {
    const LegalView view = evaluate(test::real_rules(), facts_of(id), *parse_day(as_of));
    return find(view, "aia.accuracy").applies_from;
  };
  EXPECT_EQ(owed_from("listed_use", "2026-11-22"), parse_day("2027-12-02"));
  EXPECT_EQ(owed_from("product_act", "2026-11-22"), parse_day("2028-08-02"));
  EXPECT_EQ(owed_from("listed_use", "2026-07-26"), parse_day("2026-08-02"));
  EXPECT_EQ(owed_from("product_act", "2026-07-26"), parse_day("2027-08-02"));
}

/// "P10D from aware" of the only limit of a clock.
std::string limit_of(const std::string& id) {
  const Clock* clock = test::clock_data().rules.find(id);
  EXPECT_NE(clock, nullptr) << id;
  EXPECT_EQ(clock->limits.size(), 1U) << id;
  const ClockLimit& limit = clock->limits.front();
  return to_text(limit.within) + " from " + limit.after.instant;
}

// AI Act 73(2) to (4): fifteen days, two for infrastructure or widespread cases, ten for a death.
TEST(Mistakes, DaysOfSeriousIncidents) {
  EXPECT_EQ(limit_of("AIA-73-STD"), "15 days from aware");
  EXPECT_EQ(limit_of("AIA-73-CI"), "2 days from aware");
  EXPECT_EQ(limit_of("AIA-73-DTH"), "10 days from aware");
}

// CRA 14(2): 24 and 72 hours from awareness, but 14 days from a corrective measure; the counter of
// the reporting platform, early warning and 48 hours, is no limit.
TEST(Mistakes, WhatTheReportsOnVulnerabilitiesAreCountedFrom) {
  EXPECT_EQ(limit_of("CRA-AEV-1"), "24 hours from aware");
  EXPECT_EQ(limit_of("CRA-AEV-2"), "72 hours from aware");
  EXPECT_EQ(limit_of("CRA-AEV-3"), "14 days from measure_available");
  const Clock& notification = *test::clock_data().rules.find("CRA-AEV-2");
  ASSERT_TRUE(notification.platform.has_value());
  EXPECT_EQ(to_text(notification.platform->within), "48 hours");
}

// Guidance, point 218: a component on a list of exploited vulnerabilities is no report of its
// maker.
TEST(Mistakes, AKnownExploitedComponentIsNoReport) {
  const Clock& warning = *test::clock_data().rules.find("CRA-AEV-1");
  std::vector<int> asked;
  collect_facts(warning.runs_when, asked);
  for (const int fact : asked)
    EXPECT_NE(test::clock_data().law.facts[static_cast<std::size_t>(fact)].name,
              "event.component_vulnerability");
}

// EN 18031 is cited for the Radio Equipment Directive: whoever applies it alone has no standard of
// the CRA, so that a camera for the home needs a third party.
TEST(Mistakes, StandardsOfTheRadioDirectiveOpenNoInternalControl) {
  EXPECT_THAT(test::real_rules().find_fact("cra.standards_applied")->ask,
              testing::HasSubstr("cited for the CRA"));
  std::vector<Fact> facts = facts_of("ordinary");
  std::erase_if(facts, [](const Fact& fact) {
    return fact.name == "cra.core_function" || fact.name == "product.union_acts";
  });
  facts.push_back({"cra.core_function", std::string("home_security"), {}});
  facts.push_back({"product.union_acts", std::vector<std::string>{"radio"}, {}});
  const LegalView view = evaluate(test::real_rules(), facts, *parse_day("2029-01-15"));
  EXPECT_THAT(view.codes.cra_routes, testing::ElementsAre("B+C", "H"));
}

}  // namespace
}  // namespace lockstep::regulations
