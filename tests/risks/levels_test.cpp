// SPDX-License-Identifier: Apache-2.0
#include "risks/levels.hpp"

#include <gtest/gtest.h>
#include <set>

#include "risks/rules/rule.hpp"
#include "support.hpp"

namespace lockstep::risks {
namespace {

using test::day;
using test::rules;

// The whole table of the method's section 5, in its order.
TEST(Levels, TheMatrixIsThatOfTheMethod) {
  const struct {
    double probability;
    const char* levels[4];
  } rows[] = {
      {0.51, {"high", "serious", "serious", "serious"}},
      {0.5, {"medium", "serious", "serious", "serious"}},
      {0.1, {"medium", "serious", "serious", "serious"}},
      {0.0101, {"medium", "serious", "serious", "serious"}},
      {0.01, {"low", "high", "serious", "serious"}},
      {0.001, {"low", "medium", "high", "serious"}},
      {0.0001, {"low", "low", "medium", "high"}},
      {0.00001, {"low", "low", "low", "medium"}},
      {0.000001, {"low", "low", "low", "low"}},
      {0, {"low", "low", "low", "low"}},
  };

  for (const auto& row : rows)
    for (int severity = 1; severity <= 4; ++severity)
      EXPECT_EQ(rate(row.probability, severity, rules()).level, row.levels[severity - 1])
          << row.probability << " " << severity;
}

TEST(Levels, TheWorkedExampleIsSerious) {
  EXPECT_EQ(rate(0.047, 3, rules()).band, "> 1/100");
  EXPECT_EQ(rate(0.047, 3, rules()).level, "serious");
  EXPECT_EQ(rate(0.0061, 3, rules()).band, "> 1/1 000");
  EXPECT_EQ(rate(0.0061, 3, rules()).level, "serious");
}

Decided decided(const std::string& level,
                const RiskJudgement* judgement,
                Harm harm = {"H", 2, ""}) {
  return decide(*rules().level(level), harm, judgement, day("2028-05-01"));
}

TEST(Levels, SeriousIsNotAcceptable) {
  RiskJudgement accepted = test::judgement("x");
  accepted.decision = "accepted";
  accepted.expires = "2028-06-01";
  EXPECT_EQ(decided("serious", &accepted).state, State::fail);
}

/// A decision on a high risk that counts on 2028-05-01.
RiskJudgement sound_decision() {
  RiskJudgement judgement = test::judgement("x");
  judgement.decision = "accepted";
  judgement.reviewed_by = "head of quality";
  judgement.expires = "2028-11-01";
  judgement.reviewed_by_where = {"lockstep.yaml", 40, 5};
  judgement.expires_where = {"lockstep.yaml", 41, 5};
  return judgement;
}

TEST(Levels, HighNeedsADecisionOfTwoPersons) {
  RiskJudgement judgement = sound_decision();
  EXPECT_EQ(decided("high", &judgement).state, State::warn);
  EXPECT_EQ(decided("high", &judgement).decision,
            "accepted by product safety, reviewed by head of quality, until 2028-11-01");
  judgement.reviewed_by.clear();
  EXPECT_EQ(decided("high", &judgement).state, State::human);
  EXPECT_EQ(decided("high", &judgement).because,
            "nobody has reviewed the decision ('reviewed_by', line 40)");
  judgement.reviewed_by = " Product Safety ";
  EXPECT_EQ(decided("high", &judgement).because,
            "the decision was reviewed by the one who made it ('reviewed_by', line 40)");
  EXPECT_EQ(decided("medium", &judgement).state, State::pass);
}

TEST(Levels, HighNeedsADecisionThatExpiresWithinSixMonths) {
  RiskJudgement judgement = sound_decision();
  const auto because = [&](const char* expires) {
    judgement.expires = expires;
    return decided("high", &judgement).because;
  };
  EXPECT_EQ(because("2028-05-01"), "");
  EXPECT_EQ(because(""), "the decision has no expiry ('expires', line 41)");
  EXPECT_EQ(because("2028-04-30"), "the decision expired on 2028-04-30 ('expires', line 41)");
  EXPECT_EQ(because("2028-11-02"),
            "the decision expires on 2028-11-02 ('expires', line 41), after 2028-11-01, the end of "
            "the 6 months that the policy allows");
  EXPECT_EQ(because("some day"),
            "expected the expiry ('expires', line 41) as a date, found 'some day'");
}

TEST(Levels, SixMonthsEndOnTheLastDayOfAShortMonth) {
  RiskJudgement judgement = sound_decision();
  const auto state = [&](const char* as_of, const char* expires) {
    judgement.expires = expires;
    return decide(*rules().level("high"), {"H", 2, ""}, &judgement, day(as_of)).state;
  };
  EXPECT_EQ(state("2028-08-31", "2029-02-28"), State::warn);
  EXPECT_EQ(state("2028-08-31", "2029-03-01"), State::human);
  EXPECT_EQ(state("2027-08-31", "2028-02-29"), State::warn);
}

TEST(Levels, EveryFlawOfADecisionIsNamed) {
  EXPECT_EQ(decided("high", nullptr).because, "nobody has decided");
  RiskJudgement judgement = sound_decision();
  judgement.decision.clear();
  EXPECT_EQ(decided("high", &judgement).because, "nobody has decided");
  judgement.decision = "fine";
  EXPECT_EQ(decided("high", &judgement).because,
            "expected the decision accepted or mitigated, found 'fine'");
  judgement.decision = "accepted";
  judgement.by.clear();
  judgement.reason.clear();
  judgement.reviewed_by.clear();
  judgement.expires.clear();
  EXPECT_EQ(decided("high", &judgement).because,
            "the decision names nobody, the decision gives no reason, nobody has reviewed the "
            "decision ('reviewed_by', line 40), the decision has no expiry ('expires', line 41)");
}

TEST(Levels, SignificantMeansLikelyAndSevereUnderTheOneAct) {
  const SignificantRisk& policy = rules().policy.significant;
  Risk risk;
  risk.acts = {"eu-2024-1689", "eu-2024-2847"};
  risk.level = "serious";
  risk.harm.severity = 3;
  risk.current.q95 = 0.11;
  EXPECT_TRUE(is_significant(risk, policy));
  risk.current.q95 = 0.1;
  EXPECT_FALSE(is_significant(risk, policy));
  risk.current.q95 = 0.9;
  risk.harm.severity = 2;
  EXPECT_FALSE(is_significant(risk, policy));
  risk.harm.severity = 4;
  EXPECT_TRUE(is_significant(risk, policy));
  risk.acts = {"eu-2024-1689"};
  EXPECT_FALSE(is_significant(risk, policy));
  risk.acts = {"eu-2024-2847"};
  risk.level = "unknown";
  EXPECT_FALSE(is_significant(risk, policy));
}

TEST(Levels, MediumNeedsARecordedReason) {
  RiskJudgement judgement = test::judgement("x");
  EXPECT_EQ(decided("medium", nullptr).state, State::human);
  EXPECT_EQ(decided("medium", &judgement).state, State::pass);
  judgement.decision = "accepted";
  judgement.expires = "2028-04-30";
  EXPECT_EQ(decided("medium", &judgement).state, State::human);
}

TEST(Levels, LowIsRecorded) {
  EXPECT_EQ(decided("low", nullptr).state, State::pass);
}

TEST(Levels, GraveHarmToRightsAlwaysNeedsADecision) {
  const Harm grave{"R", 4, ""};
  EXPECT_EQ(decided("low", nullptr, grave).state, State::human);
  EXPECT_EQ(decided("low", nullptr, {"R", 3, ""}).state, State::pass);
  RiskJudgement judgement = test::judgement("x");
  judgement.decision = "mitigated";
  EXPECT_EQ(decided("low", &judgement, grave).state, State::pass);
}

// ---- data/risks ----

std::string load_error(std::vector<RuleFile> files) {
  const auto loaded = load_risk_rules(files);
  return loaded ? "" : to_text(loaded.error());
}

std::vector<RuleFile> with(const std::string& name, const std::string& yaml) {
  std::vector<RuleFile> files = test::rule_files();
  for (RuleFile& file : files) {
    if (!file.path.ends_with(name)) continue;
    Diagnostics problems;
    file.tree = *parse_yaml(yaml, file.path, problems);
  }
  return files;
}

TEST(RuleData, EveryRuleHasACategoryAndEveryCategoryARule) {
  std::set<std::string> from_data;
  for (const Category& category : rules().categories)
    from_data.insert(category.id);
  std::set<std::string> from_code;
  for (const Rule& rule : all_rules())
    from_code.insert(std::string(rule.id));
  EXPECT_EQ(from_data, from_code);
}

TEST(RuleData, TechniquesAreThoseOfAtlas) {
  LS_NEEDS_SHARED("ai/atlas.tsv");
  const std::string atlas = lockstep::test::read_file(lockstep::test::shared_path("ai/atlas.tsv"));
  for (const Category& category : rules().categories)
    for (const std::string& technique : category.techniques)
      if (technique.starts_with("AML.")) {
        EXPECT_NE(atlas.find("\t" + technique + "\t"), std::string::npos) << technique;
      }
}

TEST(RuleData, RequirementsAreThoseOfTheRegulations) {
  std::string declared;
  for (const char* act : {"eu-2024-1689", "eu-2024-2847"})
    for (const auto& file : std::filesystem::directory_iterator(
             lockstep::test::source_path(std::string("data/regulations/") + act + "/rules")))
      declared += lockstep::test::read_file(file.path().string());
  for (const Category& category : rules().categories) {
    for (const std::string& requirement : category.requirements)
      EXPECT_NE(declared.find("id: " + requirement + "\n"), std::string::npos) << requirement;
    for (const std::string& requirement : category.shown_by_evidence_for)
      EXPECT_NE(declared.find("id: " + requirement + "\n"), std::string::npos) << requirement;
  }
}

TEST(RuleData, MissingOrWrongFilesAreNamed) {
  std::vector<RuleFile> files = test::rule_files();
  std::erase_if(files, [](const RuleFile& file) { return file.path.ends_with("evasion.yaml"); });
  EXPECT_EQ(load_error(files),
            "error[risk.rules]: expected data/risks/evasion.yaml for the rule of that name; "
            "restore it");
  EXPECT_EQ(load_error({}),
            "error[risk.rules]: expected data/risks to hold matrix.yaml and policy.yaml; restore "
            "them");
  EXPECT_EQ(load_error(with("matrix.yaml",
                            "source: x\nbands:\n  - {above: 0.1, words: a, levels: [low]}\n")),
            "risks/matrix.yaml:3:36: error[risk.rules]: expected four levels under 'levels'; mend "
            "the file");
  EXPECT_EQ(load_error(with("matrix.yaml",
                            "source: x\nbands:\n  - {above: 0.1, words: a, levels: "
                            "[low, low, low, low]}\n")),
            "risks/matrix.yaml:3:3: error[risk.rules]: expected bands that fall down to 0 under "
            "'bands'; mend the file");
  EXPECT_EQ(load_error(with("matrix.yaml",
                            "source: x\nbands:\n  - {above: 0, words: a, levels: "
                            "[low, low, low, dire]}\n")),
            "error[risk.rules]: expected a policy for each level of the matrix, found none for "
            "'dire'; add it to policy.yaml");
  EXPECT_EQ(load_error(with("policy.yaml", "horizon_years: soon\n")),
            "risks/policy.yaml:1:16: error[risk.rules]: expected a number from 0.1 to 100 under "
            "'horizon_years'; mend the file");
}

}  // namespace
}  // namespace lockstep::risks
