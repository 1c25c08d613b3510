// SPDX-License-Identifier: Apache-2.0
#include "app/verdict.hpp"

#include <gtest/gtest.h>

namespace lockstep::app {
namespace {

State state_of(const Dossier& dossier, const std::string& name) {
  for (const AreaVerdict& area : areas_of(dossier, {}))
    if (area.area == name) return area.state;
  ADD_FAILURE() << "no area " << name;
  return State::pass;
}

Finding finding(State state) {
  Finding made;
  made.component = "log4j-core";
  made.version = "2.14.1";
  made.advisory = "GHSA-jfh8-c2jp-5v3q";
  made.state = state;
  return made;
}

TEST(Verdict, NothingIsNeverShown) {
  const Dossier empty;
  for (const AreaVerdict& area : areas_of(empty, {}))
    if (area.area != "scope" && area.area != "documents") {
      EXPECT_NE(area.state, State::pass) << area.area;
    }
  EXPECT_EQ(exit_of(areas_of(empty, {}), Strictness::release), 4);
}

TEST(Verdict, VulnerabilitiesWithoutDataAreNotChecked) {
  Dossier dossier;
  dossier.boms.emplace_back();
  EXPECT_EQ(state_of(dossier, "vulnerabilities"), State::not_checked);
  dossier.data.push_back({"osv", "2026-11-01", 10, ""});
  EXPECT_EQ(state_of(dossier, "vulnerabilities"), State::pass);
}

TEST(Verdict, OldAdvisoriesAreStale) {
  Dossier dossier;
  dossier.boms.emplace_back();
  dossier.data.push_back({"osv", "2026-11-01", 10, ""});
  dossier.as_of = *parse_day("2026-12-01");
  EXPECT_EQ(state_of(dossier, "vulnerabilities"), State::pass);
  dossier.as_of = *parse_day("2026-12-02");
  EXPECT_EQ(state_of(dossier, "vulnerabilities"), State::stale);
}

TEST(Verdict, AnUnknownAgeIsStale) {
  Dossier dossier;
  dossier.boms.emplace_back();
  dossier.data.push_back({"osv", "", 10, "", 10});
  dossier.as_of = *parse_day("2026-12-01");
  EXPECT_EQ(state_of(dossier, "vulnerabilities"), State::stale);
}

TEST(Verdict, OnlyGapsInTheBillAreAWarning) {
  Dossier dossier;
  dossier.boms.emplace_back();
  dossier.boms[0].components.emplace_back();
  Unmatched own;
  own.component = "own part";
  own.kind = Unmatched::Kind::no_source;
  dossier.unmatched = {own};
  EXPECT_EQ(state_of(dossier, "sbom"), State::pass);
  own.component = "blob";
  own.kind = Unmatched::Kind::not_identified;
  own.reason = "no version";
  dossier.unmatched.push_back(own);
  EXPECT_EQ(state_of(dossier, "sbom"), State::warn);
  EXPECT_EQ(areas_of(dossier, {})[1].worst, "blob: no version");
}

TEST(Verdict, TheWorstFindingDecides) {
  Dossier dossier;
  dossier.boms.emplace_back();
  dossier.data.push_back({"osv", "2026-11-01", 10, ""});
  dossier.findings = {finding(State::pass), finding(State::human)};
  EXPECT_EQ(exit_of(areas_of(dossier, {}), Strictness::normal), 1);  // the bill lists no component
  dossier.boms[0].components.emplace_back();
  EXPECT_EQ(exit_of(areas_of(dossier, {}), Strictness::normal), 5);
  dossier.findings.push_back(finding(State::fail));
  EXPECT_EQ(exit_of(areas_of(dossier, {}), Strictness::normal), 1);
  EXPECT_EQ(areas_of(dossier, {})[2].worst, "GHSA-jfh8-c2jp-5v3q in log4j-core 2.14.1");
}

TEST(Verdict, ProhibitedPracticesFail) {
  Dossier dossier;
  dossier.law.codes.ai_act = {"PROHIBITED:5(1)(c)"};
  EXPECT_EQ(state_of(dossier, "scope"), State::fail);
}

TEST(Verdict, OnlyDecisionsThatSomebodyHasToSettleCount) {
  Dossier dossier;
  Answer open;
  open.id = "nis2.main_establishment";
  open.missing = {"maker.security_decided_in_union"};
  open.optional = true;
  dossier.law.answers = {open};
  EXPECT_EQ(state_of(dossier, "scope"), State::pass);
  EXPECT_EQ(areas_of(dossier, {})[0].count, 0);
  open.optional = false;
  dossier.law.answers.push_back(open);
  EXPECT_EQ(state_of(dossier, "scope"), State::human);
  EXPECT_EQ(areas_of(dossier, {})[0].count, 1);
}

TEST(Verdict, DutiesOfALaterDayDoNotBlock) {
  Dossier dossier;
  dossier.as_of = *parse_day("2027-01-01");
  Obligation later;
  later.id = "cra.sbom";
  later.applies_from = parse_day("2027-12-11");
  later.state = Obligation::Met::unmet;
  dossier.law.obligations = {later};
  EXPECT_EQ(state_of(dossier, "requirements"), State::not_applicable);
  dossier.as_of = *parse_day("2027-12-11");
  EXPECT_EQ(state_of(dossier, "requirements"), State::fail);
  ASSERT_EQ(blockers_of(dossier).size(), 1U);
  EXPECT_EQ(blockers_of(dossier)[0].id, "cra.sbom");
}

TEST(Verdict, FailsComeBeforeDecisions) {
  Dossier dossier;
  dossier.findings = {finding(State::human), finding(State::fail), finding(State::pass)};
  const auto blockers = blockers_of(dossier);
  ASSERT_EQ(blockers.size(), 2U);
  EXPECT_EQ(blockers[0].state, State::fail);
  EXPECT_EQ(blockers[1].state, State::human);
}

TEST(Verdict, MissingFieldsOfTheDeclarationNeedAPerson) {
  const auto areas = areas_of(Dossier{}, {"place", "signatory"});
  EXPECT_EQ(areas[6].state, State::human);
  EXPECT_EQ(areas[6].count, 2);
  EXPECT_EQ(areas[6].worst, "the declaration lacks: place");
}

}  // namespace
}  // namespace lockstep::app
