// SPDX-License-Identifier: Apache-2.0
#include "risks/assess.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

#include "support.hpp"

namespace lockstep::risks {
namespace {

using test::day;
using test::finding;
using test::measured;
using test::rules;

/// The parts of a RiskInput, owned.
struct Case {
  Product product = test::product();
  std::vector<Finding> findings;
  std::vector<Unmatched> unmatched;
  std::vector<Measurement> measurements;
  std::vector<TestVerdict> verdicts;
  std::uint64_t seed = 1;

  std::vector<Risk> risks() const {
    return assess_risks(
        {product, rules(), findings, unmatched, measurements, verdicts, day("2028-09-04"), seed});
  }

  Risk risk(const std::string& id) const {
    for (const Risk& one : risks())
      if (one.id == id) return one;
    ADD_FAILURE() << "no risk " << id;
    return {};
  }

  std::set<std::string> ids() const {
    std::set<std::string> all;
    for (const Risk& one : risks())
      all.insert(one.id);
    return all;
  }

  void test_model(std::int64_t k, std::int64_t n) {
    measurements.push_back(measured("reader.linf", "reader", k, n));
    verdicts.push_back(judge(measurements.back(), test::threshold("reader.linf", 0.4)));
  }
};

const NumberOrigin* number(const Risk& risk, const std::string& name) {
  for (const NumberOrigin& one : risk.numbers)
    if (one.name == name) return &one;
  return nullptr;
}

TEST(Assess, WithoutFindingsTheModelAndTheUpdatesRemain) {
  EXPECT_EQ(Case().ids(),
            (std::set<std::string>{"data_poisoning.reader", "missing_update_process.product",
                                   "unmeasured_evasion.reader"}));
}

TEST(Assess, AnEmptyProductHasNoRisks) {
  Case one;
  one.product = {};
  EXPECT_TRUE(one.risks().empty());
}

TEST(Assess, WhatNobodyJudgedHasNoLevelAndNeedsAPerson) {
  const Risk risk = Case().risk("unmeasured_evasion.reader");
  EXPECT_EQ(risk.state, State::human);
  EXPECT_EQ(risk.level, "unknown");
  EXPECT_EQ(risk.band, "not known");
  EXPECT_EQ(risk.current.q95, 1);
  EXPECT_EQ(risk.because,
            "none of its evasion tests gave a result; without them there is no level; not judged: "
            "how often the event comes (rate), how often success leads to the harm (harm), how bad "
            "the harm is (severity)");
  ASSERT_NE(number(risk, "a"), nullptr);
  EXPECT_EQ(number(risk, "a")->value, "unknown");
}

TEST(Assess, AJudgedAndTestedModelGetsALevel) {
  Case one;
  one.test_model(37, 1000);
  RiskJudgement judgement = test::judgement("evasion.reader");
  judgement.harm_low = 0.004;
  judgement.harm_high = 0.05;
  one.product.risks = {judgement};
  const Risk risk = one.risk("evasion.reader");
  EXPECT_EQ(risk.level, "serious");
  EXPECT_EQ(risk.state, State::fail);
  EXPECT_EQ(risk.decision, "not acceptable; no release before the design has changed");
  EXPECT_NEAR(risk.horizon_years, 5, 0.01);
  EXPECT_GT(risk.current.monte_carlo_error, 0);
  EXPECT_LT(risk.current.monte_carlo_error, risk.current.q95 / 20);
  EXPECT_EQ(number(risk, "a")->source, "judged");
  EXPECT_EQ(number(risk, "a")->evidence, "seen in the field trial (product safety, 2028-02-01)");
  EXPECT_EQ(number(risk, "v")->source, "measured");
  EXPECT_EQ(number(risk, "v")->value, "37 of 1000, at most 0.0484 (95 %)");
  EXPECT_EQ(number(risk, "v")->evidence, "reader.linf");
  EXPECT_EQ(number(risk, "d")->source, "policy");
  EXPECT_EQ(number(risk, "T")->source, "derived");
  EXPECT_EQ(number(risk, "severity")->source, "judged");
  EXPECT_EQ(risk.findings, std::vector<std::string>{"reader.linf"});
}

TEST(Assess, TheWorstTestOfAModelDecides) {
  Case one;
  one.test_model(37, 1000);
  one.measurements.push_back(measured("reader.thin", "reader", 0, 10));
  one.verdicts.push_back(judge(one.measurements.back(), test::threshold("reader.thin", 0.4)));
  EXPECT_EQ(number(one.risk("evasion.reader"), "v")->evidence, "reader.thin");
}

TEST(Assess, ControlsLowerTheCurrentButNotTheInherentRisk) {
  Case one;
  one.test_model(37, 1000);
  RiskJudgement judgement = test::judgement("evasion.reader");
  one.product.risks = {judgement};
  const Risk before = one.risk("evasion.reader");
  one.product.controls = {{"confirm",
                           "An operator confirms",
                           "protective",
                           0.8,
                           "measured",
                           "audit",
                           "2028-09-04",
                           {}}};
  Evidence audit;
  audit.id = "audit";
  one.product.evidence = {audit};
  one.product.risks[0].controls = {"confirm"};
  const Risk after = one.risk("evasion.reader");
  EXPECT_EQ(after.inherent.q95, before.inherent.q95);
  EXPECT_NEAR(after.current.q95 / before.current.q95, 0.2, 0.005);
  ASSERT_EQ(after.controls.size(), 1U);
  EXPECT_EQ(after.controls[0].weight, 1);
}

TEST(Assess, InformationAloneLeavesARemark) {
  Case one;
  one.product.controls = {
      {"label", "A warning", "information", 0.9, "declared", "", "2028-09-04", {}}};
  RiskJudgement judgement = test::judgement("data_poisoning.reader");
  judgement.rate_low = judgement.rate_high = 1e-5;
  judgement.severity = 1;
  judgement.controls = {"label"};
  one.product.risks = {judgement};
  const Risk risk = one.risk("data_poisoning.reader");
  EXPECT_EQ(risk.level, "low");
  EXPECT_EQ(risk.state, State::warn);
}

TEST(Assess, AKnownExploitedComponentBlocksWhateverWasJudged) {
  Case one;
  Finding log4j = finding("log4j-core", "GHSA-jfh8-c2jp-5v3q", 0.97);
  log4j.known_exploited = {"cisa-kev"};
  one.findings = {log4j};
  const std::string id = "known_exploited_component.log4j-core";
  EXPECT_EQ(one.risk(id).state, State::fail);
  RiskJudgement judgement = test::judgement(id);
  judgement.harm_low = judgement.harm_high = 1e-9;
  judgement.severity = 1;
  judgement.decision = "accepted";
  one.product.risks = {judgement};
  const Risk judged = one.risk(id);
  EXPECT_EQ(judged.level, "low");
  EXPECT_EQ(judged.state, State::fail);
  one.findings[0].vex = AppliedVex{"not_affected", "vulnerable_code_not_present", "", "", ""};
  one.findings[0].state = State::not_applicable;
  EXPECT_FALSE(one.ids().contains(id));
}

TEST(Assess, OpenWeaknessesOfAPartAreOneScenario) {
  Case one;
  one.findings = {finding("zlib", "CVE-2", 0.02), finding("curl", "CVE-1", 0.10),
                  finding("curl", "CVE-3", 0.45)};
  const Risk risk = one.risk("vulnerable_component.application");
  EXPECT_EQ(risk.findings, (std::vector<std::string>{"CVE-1", "CVE-2", "CVE-3"}));
  EXPECT_EQ(number(risk, "P30")->value, "0.45 to 0.57, point 0.515");
  EXPECT_EQ(number(risk, "W")->source, "policy");
  EXPECT_NEAR(risk.horizon_years, 1, 1e-12);
  EXPECT_EQ(risk.state, State::human);  // severity and harm are not judged
  EXPECT_EQ(risk.level, "serious");
}

/// The maker's records say that each of six fixes took that many days.
void record_fixes(Product& product, double days) {
  product.handling = {std::vector<double>(6, days), "tickets", {"lockstep.yaml", 12, 17}};
  Evidence tickets;
  tickets.id = "tickets";
  product.evidence.push_back(tickets);
}

// Section 4.1: P30 = 0.225 and windows of 7, 14 and 90 days and of a year.
TEST(Assess, TheWindowMovesTheProbabilityAsTheMethodSays) {
  const struct {
    double days, probability;
  } rows[] = {{7, 0.058}, {14, 0.112}, {90, 0.534}, {365, 0.955}};

  for (const auto& row : rows) {
    Case one;
    one.findings = {finding("zlib", "CVE-2", 0.225)};
    record_fixes(one.product, row.days);
    for (const char* id : {"vulnerable_component.application", "missing_update_process.product"}) {
      const Risk risk = one.risk(id);
      EXPECT_NEAR(risk.current.q95, row.probability, 0.001) << id << " " << row.days;
      EXPECT_EQ(number(risk, "W")->source, "measured");
      EXPECT_EQ(number(risk, "W")->value, fmt::format("{} days", row.days));
      EXPECT_EQ(number(risk, "W")->evidence,
                "95 % quantile of 6 fixes (handling.days_to_fix, line 12; evidence 'tickets')");
      EXPECT_EQ(number(risk, "P before fix")->value, fmt::format("{:.3g}", risk.current.q95));
    }
  }
}

TEST(Assess, WithoutRecordsAYearCounts) {
  Case one;
  one.findings = {finding("zlib", "CVE-2", 0.225)};
  const Risk risk = one.risk("vulnerable_component.application");
  EXPECT_NEAR(risk.current.q95, 0.955, 0.0005);
  EXPECT_EQ(number(risk, "W")->source, "policy");
  EXPECT_EQ(number(risk, "W")->evidence,
            "no record of how fast fixes reach users (handling.days_to_fix): 365 days count");
}

TEST(Assess, ASeriousCyberRiskThatIsLikelyIsTagged) {
  Case one;
  one.findings = {finding("zlib", "CVE-2", 0.225)};
  const std::string id = "vulnerable_component.application";
  const std::string words = "significant cybersecurity risk";
  EXPECT_EQ(one.risk(id).tags, std::vector<std::string>{words});
  EXPECT_NE(
      one.risk(id).because.find(words + ": 95 % value above 0.1 and severity 3 or more (policy)"),
      std::string::npos);
  record_fixes(one.product, 7);
  EXPECT_EQ(one.risk(id).level, "serious");
  EXPECT_TRUE(one.risk(id).tags.empty());
  EXPECT_TRUE(one.risk("unmeasured_evasion.reader").tags.empty());
}

TEST(Assess, TheNextBestEvidenceIsNamed) {
  Case one;
  EXPECT_EQ(one.risk("unmeasured_evasion.reader").next_evidence, "a");
  EXPECT_TRUE(one.risk("unmeasured_evasion.reader").sensitivity.empty());
  one.findings = {finding("zlib", "CVE-2", 0.225)};
  const Risk open = one.risk("vulnerable_component.application");
  ASSERT_EQ(open.sensitivity.size(), 3U);
  EXPECT_EQ(open.sensitivity[0].input, "a");
  EXPECT_EQ(open.sensitivity[1].input, "h");
  EXPECT_EQ(open.sensitivity[2].input, "W");
  EXPECT_EQ(open.next_evidence, "");  // serious wherever one of them is held above 1/1000
  one.test_model(37, 1000);
  one.product.risks = {test::judgement("evasion.reader")};
  const Risk tested = one.risk("evasion.reader");
  ASSERT_EQ(tested.sensitivity.size(), 3U);
  EXPECT_EQ(tested.sensitivity[0].input, "v");
  EXPECT_TRUE(tested.sensitivity[0].rank_correlation.has_value());
}

TEST(Assess, WithoutOpenWeaknessesAPersonJudgesTheUpdateProcess) {
  const Risk risk = Case().risk("missing_update_process.product");
  EXPECT_EQ(risk.level, "unknown");
  EXPECT_EQ(number(risk, "W"), nullptr);
}

TEST(Assess, AFailedFindingIsAGate) {
  Case one;
  one.findings = {finding("zlib", "CVE-2", 0.000001)};
  one.findings[0].state = State::fail;
  EXPECT_EQ(one.risk("vulnerable_component.application").state, State::fail);
}

TEST(Assess, UnidentifiedComponentsAreNamed) {
  Case one;
  Unmatched blob;
  blob.sbom = "sbom/application.cdx.json";
  blob.component = "vendored blob";
  blob.reason = "no version";
  Unmatched own = blob;
  own.component = "own part";
  own.kind = Unmatched::Kind::no_source;
  one.unmatched = {own};
  EXPECT_FALSE(one.ids().contains("unidentified_components.application"));
  own.kind = Unmatched::Kind::not_imported;
  one.unmatched = {own, blob};
  const Risk risk = one.risk("unidentified_components.application");
  EXPECT_EQ(risk.state, State::human);
  EXPECT_TRUE(
      risk.because.starts_with("1 components of application could not be asked for: vendored blob "
                               "(no version)"))
      << risk.because;
}

TEST(Assess, EvidenceOfUpdatesRemovesTheirRisk) {
  Case one;
  Evidence evidence;
  evidence.id = "updates";
  evidence.kind = "test_report";
  evidence.shows = {"cra.sbom"};
  one.product.evidence = {evidence};
  EXPECT_TRUE(one.ids().contains("missing_update_process.product"));
  one.product.evidence[0].shows.emplace_back("cra.security_updates");
  EXPECT_FALSE(one.ids().contains("missing_update_process.product"));
  one.product.evidence[0].expires = "2028-09-03";
  EXPECT_TRUE(one.ids().contains("missing_update_process.product"));
}

TEST(Assess, AModelWithoutTrainingCannotBePoisoned) {
  Case one;
  one.product.facts = {{"ai.uses_training", false, {}}};
  EXPECT_FALSE(one.ids().contains("data_poisoning.reader"));
  one.product.facts = {{"ai.uses_training", true, {}}};
  EXPECT_TRUE(one.ids().contains("data_poisoning.reader"));
}

TEST(Assess, SameSeedSameNumbersAndNewRisksLeaveTheOldAlone) {
  Case one;
  one.test_model(37, 1000);
  one.product.risks = {test::judgement("evasion.reader")};
  const Likelihood first = one.risk("evasion.reader").current;
  one.findings = {finding("zlib", "CVE-2", 0.02)};
  EXPECT_EQ(one.risk("evasion.reader").current.q95, first.q95);
  one.seed = 2;
  EXPECT_NE(one.risk("evasion.reader").current.q95, first.q95);
  EXPECT_NEAR(one.risk("evasion.reader").current.q95 / first.q95, 1, 0.05);
}

TEST(Assess, NamesThatCollideGetIdsOfTheirOwn) {
  Case one;
  Finding a = finding("a b", "CVE-1", 0.1);
  Finding b = finding("a?b", "CVE-2", 0.1);
  a.known_exploited = b.known_exploited = {"eu-kev"};
  one.findings = {a, b};
  EXPECT_TRUE(one.ids().contains("known_exploited_component.a-b"));
  EXPECT_TRUE(one.ids().contains("known_exploited_component.a-b-2"));
}

TEST(Judgements, ProblemsAreNamedWithTheirPlace) {
  Case one;
  RiskJudgement judgement = test::judgement("data_poisoning.reder");
  judgement.where = {"lockstep.yaml", 40, 5};
  judgement.rate_low = 0;
  judgement.harm_high = 1.5;
  judgement.severity = 5;
  judgement.harm_class = "Z";
  judgement.decision = "ok";
  judgement.controls = {"none"};
  one.product.risks = {judgement};
  Diagnostics problems;
  check_judgements(one.product, one.risks(), rules(), problems);
  std::vector<std::string> texts;
  for (const Diagnostic& problem : problems.entries())
    texts.push_back(to_text(problem));
  const std::string at = "lockstep.yaml:40:5: ";
  const std::string in = " in 'data_poisoning.reder'";
  EXPECT_EQ(texts,
            (std::vector<std::string>{
                at + "warning[risk.unknown]: expected the id of a risk in the register, found "
                     "'data_poisoning.reder'; did you mean 'data_poisoning.reader'?",
                at + "error[risk.interval]: expected a rate with 0 < low <= high <= 8760 per year" +
                    in + "; give the 90 % interval",
                at + "error[risk.interval]: expected a harm with 0 < low <= high <= 1" + in +
                    "; give the 90 % interval of a probability",
                at + "error[risk.severity]: expected a severity from 1 to 4" + in + ", found 5",
                at + "error[risk.harm_class]: expected one of the classes H, R, C, I, A, N, P, K" +
                    in + ", found 'Z'",
                at + "error[risk.decision]: expected the decision accepted or mitigated" + in +
                    ", found 'ok'",
                at + "error[risk.control]: expected a control that the product file lists" + in +
                    ", found 'none'; add it under 'controls'"}));
}

}  // namespace
}  // namespace lockstep::risks
