// SPDX-License-Identifier: Apache-2.0
#include "advisories/gate.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

#include "advisories/severity.hpp"
#include "advisories/vector_scores.hpp"

namespace lockstep::test {
namespace {

Finding rated(const std::string& word, std::optional<double> score = std::nullopt) {
  Finding finding;
  finding.severity.word = word;
  finding.severity.score = score;
  return finding;
}

AppliedVex vex(const std::string& status, const std::string& words) {
  return {status, words, "vex-1", "Acme", ""};
}

constexpr Day today = std::chrono::year{2026} / 8 / 20;

Finding judged_by(const GatePolicy& policy,
                  const Finding& finding,
                  const std::vector<Reachability>& reachability = {},
                  const std::vector<std::string>& lists = {"cisa-kev", "eu-kev"}) {
  auto findings = advisories::judge({finding}, policy, {today, lists, nullptr, reachability});
  EXPECT_TRUE(findings.has_value());
  return findings->at(0);
}

/// "state: because"
std::string judged(const Finding& finding, const std::string& fail_at = "critical") {
  const Finding judged = judged_by(advisories::default_policy(fail_at), finding);
  return std::string(to_text(judged.state)) + ": " + judged.state_because;
}

TEST(Gate, NamesTheRuleThatDecided) {
  Finding finding = rated("medium", 5.0);
  finding.purl = "pkg:npm/%40acme/a@1.0.0";
  finding.flaw = "CVE-2026-1";
  finding.fixed = {"1.0.1"};
  finding.published = "2026-07-01";
  GatePolicy policy;
  policy.name = "house";
  policy.path = "house.yaml";
  GateRule likely{"likely", {}, State::fail, "exploitation is likely", {}};
  likely.when.epss.at_least = 0.1;
  GateRule overdue{"overdue", {}, State::fail, "a fix was there for a month", {}};
  overdue.when.fix_age.at_least = 30;
  GateRule cold{"cold", {}, State::pass, "it cannot be reached", {}};
  cold.when.reachable = {"no"};
  cold.when.exploited = {"none"};
  policy.rules = {likely, cold, overdue};
  const Finding late = judged_by(policy, finding);
  EXPECT_EQ(late.state, State::fail);
  EXPECT_EQ(late.decided_by.rule, "overdue");
  EXPECT_EQ(late.state_because,
            "a fix is known for 50 days, and no statement settles it; rule 'overdue' of 'house': "
            "a fix was there for a month; rules that could not be asked: likely: no EPSS score; "
            "cold: no tool says whether it can be reached");
  const Reachability reach{"pkg:npm/%40acme/a", "CVE-2026-1", "no", "", "calls 1"};
  EXPECT_EQ(judged_by(policy, finding, {reach}).state, State::pass);
  // That nobody lists it is only known where every list was looked at.
  EXPECT_EQ(judged_by(policy, finding, {reach}, {"cisa-kev"}).decided_by.rule, "overdue");
  Reachability other = reach;
  other.reachable = "yes";
  EXPECT_EQ(judged_by(policy, finding, {reach, other}).decided_by.rule, "overdue");
  finding.epss = EpssScore{0.2, 0.9, "2026-08-01"};
  EXPECT_EQ(judged_by(policy, finding).decided_by.rule, "likely");
  finding.epss->probability = 0.05;
  finding.published = "";
  EXPECT_EQ(judged_by(policy, finding).state, State::human);
  EXPECT_EQ(judged_by(policy, finding).decided_by.rule, "otherwise");
}

TEST(Gate, ConditionsLookAtTheComponent) {
  Finding finding = rated("high", 8.0);
  finding.component = "hook";
  finding.purl = "pkg:npm/hook@2.0.0";
  finding.scope = "development";
  finding.aliases = {"GHSA-1"};
  const auto holds = [&finding](const std::function<void(GateWhen&)>& ask) {
    GatePolicy policy;
    GateRule rule{"it", {}, State::warn, "", {}};
    ask(rule.when);
    policy.rules = {rule};
    return judged_by(policy, finding).state == State::warn;
  };
  EXPECT_TRUE(holds([](GateWhen& when) { when.component = {"pkg:npm/hook"}; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.component = {"pkg:npm/ho*"}; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.component = {"hook"}; }));
  EXPECT_FALSE(holds([](GateWhen& when) { when.component = {"pkg:npm/hook@2.0.1", "hoo"}; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.scope = {"development"}; }));
  EXPECT_FALSE(holds([](GateWhen& when) { when.scope = {"required"}; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.ecosystem = {"npm"}; }));
  EXPECT_FALSE(holds([](GateWhen& when) { when.ecosystem = {"pypi"}; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.vulnerability = {"ghsa-1"}; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.has_fix = false; }));
  EXPECT_FALSE(holds([](GateWhen& when) { when.has_fix = true; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.score.at_least = 8.0; }));
  EXPECT_FALSE(holds([](GateWhen& when) { when.score.at_most = 7.9; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.statement = {"none"}; }));
  EXPECT_FALSE(holds([](GateWhen& when) { when.exploited = {"eu-kev"}; }));
  EXPECT_TRUE(holds([](GateWhen& when) { when.exploited = {"none"}; }));
}

TEST(Gate, AnAcceptanceHoldsUntilItsDay) {
  Finding finding = rated("critical", 9.8);
  finding.vex = vex("affected", "the port is closed");
  finding.vex->accepted_by = "A. Maker";
  finding.vex->accepted_until = "2026-08-20";
  EXPECT_EQ(judged(finding),
            "warn: accepted by A. Maker until 2026-08-20, and the statement is "
            "'affected, by Acme in vex-1'");
  finding.vex->accepted_until = "2026-08-19";
  EXPECT_EQ(judged(finding),
            "fail: rated critical (9.8), where the policy stops at critical, and the statement is "
            "'affected, by Acme in vex-1'; that A. Maker accepted it ended on 2026-08-19");
  // Nobody accepts what is exploited.
  finding.vex->accepted_until = "2027-08-19";
  finding.known_exploited = {"eu-kev"};
  EXPECT_TRUE(judged(finding).starts_with("fail: listed as exploited by eu-kev"));
}

TEST(Gate, FailsWhatIsExploitedAndNotSettled) {
  Finding finding = rated("low", 2.0);
  finding.known_exploited = {"cisa-kev", "eu-kev"};
  EXPECT_EQ(judged(finding),
            "fail: listed as exploited by cisa-kev, eu-kev, and no statement settles it");
  finding.exploited = {{"cisa-kev", "2026-08-01", "", true}, {"eu-kev", "", "CRA", false}};
  EXPECT_EQ(judged(finding),
            "fail: listed as exploited by cisa-kev since 2026-08-01, eu-kev, and no statement "
            "settles it");
  finding.exploited.clear();
  finding.vex = vex("affected", "update");
  EXPECT_EQ(judged(finding),
            "fail: listed as exploited by cisa-kev, eu-kev, and the statement is "
            "'affected, by Acme in vex-1'");
  finding.vex = vex("not_affected", "");
  EXPECT_EQ(judged(finding),
            "fail: listed as exploited by cisa-kev, eu-kev, and the statement "
            "'not_affected, by Acme in vex-1' gives no reason");
  finding.vex = vex("not_affected", "vulnerable_code_not_present");
  EXPECT_EQ(judged(finding), "pass: not_affected, by Acme in vex-1: vulnerable_code_not_present");
}

TEST(Gate, PassesWhatIsSettledOnly) {
  Finding finding = rated("critical", 9.8);
  finding.vex = vex("fixed", "");
  EXPECT_EQ(judged(finding), "pass: fixed, by Acme in vex-1");
  finding.vex = vex("under_investigation", "");
  EXPECT_EQ(judged(finding),
            "fail: rated critical (9.8), where the policy stops at critical, and "
            "the statement is 'under_investigation, by Acme in vex-1'");
}

TEST(Gate, StopsAtThePolicysWord) {
  EXPECT_EQ(judged(rated("high", 8.1)), "human: rated high (8.1), and no statement settles it");
  EXPECT_EQ(judged(rated("high", 8.1), "high"),
            "fail: rated high (8.1), where the policy stops at high, and no statement settles it");
  EXPECT_EQ(judged(rated("critical"), "never"),
            "human: rated critical, and no statement settles it");
  EXPECT_EQ(judged(rated("unknown"), "none"),
            "human: nobody rated it, and no statement settles it");
}

RC_GTEST_PROP(Gate, NeverPassesWithoutASettlingStatement, ()) {
  Finding finding =
      rated(*rc::gen::element<std::string>("none", "low", "high", "critical", "unknown"));
  if (*rc::gen::arbitrary<bool>()) finding.known_exploited = {"cisa-kev"};
  if (*rc::gen::arbitrary<bool>()) {
    finding.vex = vex(*rc::gen::element<std::string>("affected", "under_investigation"),
                      *rc::gen::element<std::string>("", "text"));
  }
  const auto fail_at = *rc::gen::elementOf(advisories::gate_words());
  const State state = judged_by(advisories::default_policy(fail_at), finding).state;
  RC_ASSERT(state == State::fail || state == State::human);
}

struct Said {
  std::string id;
  std::vector<PublishedSeverityView> severity;
  std::string word;
};

using Records = std::vector<Said>;

/// Scored as an index keeps them.
Rating rate(const Records& records) {
  advisories::VectorScores scores;
  std::vector<std::vector<advisories::ScoredSeverity>> scored;
  for (const Said& one : records) {
    std::vector<advisories::ScoredSeverity>& into = scored.emplace_back();
    for (const PublishedSeverityView& severity : one.severity) {
      into.push_back({severity.type, severity.score, std::nullopt});
      if (const auto tenths = scores.tenths_of(severity)) into.back().base = *tenths / 10.0;
    }
  }
  std::vector<advisories::RecordSeverity> views;
  for (std::size_t i = 0; i < records.size(); ++i)
    views.push_back({records[i].id, scored[i], records[i].word});
  Rating rating{"another", "another", 1.5, "low"};  // of which nothing may be left
  advisories::rate(views, rating);
  return rating;
}

TEST(Severity, AVectorIsScoredOnceAndAsCvssScoresIt) {
  advisories::VectorScores scores;
  const PublishedSeverityView vector{"CVSS_V4",
                                     "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/"
                                     "SA:N"};
  for (int time = 0; time < 2; ++time)
    EXPECT_EQ(scores.tenths_of(vector), 93);
  EXPECT_EQ(scores.tenths_of(PublishedSeverityView{"CVSS_V3", "nonsense"}), std::nullopt);
  EXPECT_EQ(scores.tenths_of(PublishedSeverityView{"Ubuntu", vector.score}), std::nullopt);
}

TEST(Severity, TakesTheHighestScoreThenTheNewerVersion) {
  const std::string v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";   // 9.8
  const std::string low = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";  // 1.8
  const std::string v2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C";                     // 10.0
  const Rating rating = rate(Records{{"A", {{"CVSS_V3", low}}, "critical"},
                                     {"B", {{"CVSS_V3", v3}, {"CVSS_V2", "none"}}, ""}});
  EXPECT_EQ(rating.source, "B CVSS_V3");
  EXPECT_EQ(rating.vector, v3);
  EXPECT_EQ(rating.score, 9.8);
  EXPECT_EQ(rating.word, "critical");
  const Rating old = rate(Records{{"A", {{"CVSS_V2", v2}}, ""}});
  EXPECT_EQ(old.score, 10.0);
  EXPECT_EQ(old.word, "high");
}

TEST(Severity, FallsBackToWords) {
  EXPECT_EQ(rate(Records{{"A", {}, "moderate"}, {"B", {}, "low"}}).word, "medium");
  EXPECT_EQ(rate(Records{{"A", {{"Ubuntu", "negligible"}}, ""}}).word, "none");
  EXPECT_EQ(rate(Records{{"A", {{"CVSS_V3", "nonsense"}}, "high"}}).word, "high");
  EXPECT_EQ(rate(Records{{"A", {}, ""}}).word, "unknown");
  EXPECT_EQ(rate(Records{}).word, "unknown");
}

}  // namespace
}  // namespace lockstep::test
