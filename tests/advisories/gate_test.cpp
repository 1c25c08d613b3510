// SPDX-License-Identifier: Apache-2.0
#include "advisories/gate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

#include "advisories/severity.hpp"

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

/// "state: because"
std::string judged(const Finding& finding, const std::string& fail_at = "critical") {
  const auto findings = advisories::judge({finding}, {fail_at});
  return std::string(to_text(findings[0].state)) + ": " + findings[0].state_because;
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
  const State state = advisories::judge({finding}, {fail_at}).at(0).state;
  RC_ASSERT(state == State::fail || state == State::human);
}

TEST(Severity, TakesTheHighestScoreThenTheNewerVersion) {
  const std::string v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";   // 9.8
  const std::string low = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";  // 1.8
  const std::string v2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C";                     // 10.0
  const Rating rating = advisories::rate(std::vector<advisories::RecordSeverity>{
      {"A", {{"CVSS_V3", low}}, "critical"}, {"B", {{"CVSS_V3", v3}, {"CVSS_V2", "none"}}, ""}});
  EXPECT_EQ(rating.source, "B CVSS_V3");
  EXPECT_EQ(rating.vector, v3);
  EXPECT_EQ(rating.score, 9.8);
  EXPECT_EQ(rating.word, "critical");
  const Rating old =
      advisories::rate(std::vector<advisories::RecordSeverity>{{"A", {{"CVSS_V2", v2}}, ""}});
  EXPECT_EQ(old.score, 10.0);
  EXPECT_EQ(old.word, "high");
}

TEST(Severity, FallsBackToWords) {
  using Records = std::vector<advisories::RecordSeverity>;
  EXPECT_EQ(advisories::rate(Records{{"A", {}, "moderate"}, {"B", {}, "low"}}).word, "medium");
  EXPECT_EQ(advisories::rate(Records{{"A", {{"Ubuntu", "negligible"}}, ""}}).word, "none");
  EXPECT_EQ(advisories::rate(Records{{"A", {{"CVSS_V3", "nonsense"}}, "high"}}).word, "high");
  EXPECT_EQ(advisories::rate(Records{{"A", {}, ""}}).word, "unknown");
  EXPECT_EQ(advisories::rate(Records{}).word, "unknown");
}

}  // namespace
}  // namespace lockstep::test
