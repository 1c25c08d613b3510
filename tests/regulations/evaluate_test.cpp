// SPDX-License-Identifier: Apache-2.0
// What evaluation promises beyond the cases of data/regulations: evidence, dates, missing facts,
// and the laws that hold for any facts, tried on generated ones.
#include "regulations/evaluate.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

#include "regulations/cases.hpp"
#include "regulations/data.hpp"
#include "regulations/facts.hpp"
#include "regulations/generate.hpp"
#include "regulations/reference.hpp"

namespace lockstep::regulations {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Day today = std::chrono::year{2029} / 1 / 15;

/// The facts of one of the cases, by its id.
std::vector<Fact> facts_of(const std::string& id) {
  static const std::vector<SourceFile> files = test::data_files();
  Diagnostics problems;
  static const std::vector<Case> cases = read_cases(files, test::real_rules(), problems);
  const auto found = std::ranges::find(cases, id, &Case::id);
  EXPECT_NE(found, cases.end()) << id;
  return found == cases.end() ? std::vector<Fact>{} : found->facts;
}

const Obligation& find(const LegalView& view, const std::string& id) {
  const auto found = std::ranges::find(view.obligations, id, &Obligation::id);
  EXPECT_NE(found, view.obligations.end()) << id;
  return *found;
}

const Obligation& judged(const std::string& id, const std::vector<EvidenceState>& evidence) {
  static LegalView view;
  view = evaluate(test::real_rules(), facts_of("ordinary"), today, evidence);
  return find(view, id);
}

TEST(Evidence, OfEveryKindThatIsAskedForMakesARequirementMet) {
  const Obligation& half =
      judged("cra.no_known_exploitable_vulnerabilities", {{"bom", "sbom", State::pass, {}}});
  EXPECT_EQ(half.state, Obligation::Met::unknown);
  EXPECT_THAT(half.missing, ElementsAre("evidence:vuln_scan"));
  const Obligation& whole =
      judged("cra.no_known_exploitable_vulnerabilities",
             {{"scan", "vuln_scan", State::warn, {}}, {"bom", "sbom", State::pass, {}}});
  EXPECT_EQ(whole.state, Obligation::Met::met);
  EXPECT_THAT(whole.evidence, ElementsAre("bom", "scan"));
  EXPECT_THAT(whole.missing, IsEmpty());
}

TEST(Evidence, ThatFailsMakesItUnmetWhateverElseHolds) {
  const Obligation& obligation =
      judged("cra.no_known_exploitable_vulnerabilities",
             {{"a", "vuln_scan", State::pass, {}}, {"b", "vuln_scan", State::fail, {}}});
  EXPECT_EQ(obligation.state, Obligation::Met::unmet);
}

TEST(Evidence, ThatWasNotCheckedShowsNothing) {
  for (const State state : {State::stale, State::underpowered, State::not_checked, State::human,
                            State::not_applicable}) {
    const Obligation& obligation = judged("cra.sbom", {{"bom", "sbom", state, {}}});
    EXPECT_EQ(obligation.state, Obligation::Met::unknown) << to_text(state);
    EXPECT_THAT(obligation.because, Contains("sbom bom is " + std::string(to_text(state))));
  }
}

/// One test that passes does not speak for another that is undecided; an old paper beside a new one
/// takes nothing away.
TEST(Evidence, ThatIsUndecidedLeavesItsKindUndecided) {
  for (const State state : {State::underpowered, State::not_checked, State::human}) {
    const Obligation& obligation =
        judged("cra.sbom", {{"a", "sbom", State::pass, {}}, {"b", "sbom", state, {}}});
    EXPECT_EQ(obligation.state, Obligation::Met::unknown) << to_text(state);
    EXPECT_THAT(obligation.missing, ElementsAre("evidence:sbom"));
  }
  const Obligation& renewed =
      judged("cra.sbom", {{"a", "sbom", State::pass, {}}, {"b", "sbom", State::stale, {}}});
  EXPECT_EQ(renewed.state, Obligation::Met::met);
}

TEST(Evidence, OfANamedKindCountsOnlyForWhatItNames) {
  const std::vector<EvidenceState> policy = {{"cvd", "policy", State::pass, {"cra.cvd_policy"}}};
  EXPECT_EQ(judged("cra.cvd_policy", policy).state, Obligation::Met::met);
  EXPECT_EQ(judged("cra.free_updates", policy).state, Obligation::Met::unknown);
}

TEST(Evidence, DoesNotMakeApplyWhatDoesNot) {
  const LegalView view = evaluate(test::real_rules(), facts_of("no_data_connection"), today,
                                  std::vector<EvidenceState>{{"bom", "sbom", State::pass, {}}});
  EXPECT_EQ(find(view, "cra.sbom").state, Obligation::Met::does_not_apply);
}

TEST(Sanctions, FollowTheClassOfTheEntityAndTheHighestWhileItIsOpen) {
  constexpr std::int64_t million = 1'000'000;
  const auto threatened = [](const std::string& id) {
    const LegalView view = evaluate(test::real_rules(), facts_of(id), today);
    return find(view, "nis2.continuity").duty.sanction_eur;
  };
  EXPECT_EQ(threatened("measures_of_an_entity"), 10 * million);
  EXPECT_EQ(threatened("measures_of_an_important_entity"), 7 * million);
  EXPECT_EQ(threatened("measures_of_the_unknown"), 10 * million);
}

TEST(Crosswalk, IsTheSameFromBothSides) {
  const Ruleset& rules = test::real_rules();
  std::size_t pairs = 0;
  for (const Requirement& one : rules.requirements) {
    for (const Overlap& overlap : one.crosswalk) {
      const Requirement& other = *rules.find_requirement(overlap.id);
      const auto back = std::ranges::find(other.crosswalk, one.id, &Overlap::id);
      ASSERT_NE(back, other.crosswalk.end()) << one.id << " " << other.id;
      EXPECT_EQ(back->strength, overlap.strength);
      EXPECT_NE(one.act, other.act);
      ++pairs;
    }
  }
  EXPECT_GT(pairs, 100U);
}

TEST(Crosswalk, NeverMakesTheOtherRequirementMet) {
  const std::vector<EvidenceState> evidence = {
      {"P1", "procedure", State::pass, {"cra.component_due_diligence"}},
      {"B1", "sbom", State::pass, {}}};
  const LegalView view =
      evaluate(test::real_rules(), facts_of("measures_of_an_entity"), today, evidence);
  EXPECT_EQ(find(view, "cra.component_due_diligence").state, Obligation::Met::met);
  EXPECT_EQ(find(view, "nis2.supply_chain").state, Obligation::Met::unknown);
  EXPECT_THAT(find(view, "nis2.supply_chain").evidence, IsEmpty());
}

TEST(Dates, FollowTheAmendmentOf2026) {
  const auto day = [](const std::string& facts, const std::string& id, std::string_view as_of) {
    const LegalView view = evaluate(test::real_rules(), facts_of(facts), *parse_day(as_of));
    return find(view, id).applies_from;
  };
  EXPECT_EQ(day("listed_use", "aia.accuracy", "2026-07-26"), parse_day("2026-08-02"));
  EXPECT_EQ(day("listed_use", "aia.accuracy", "2026-07-27"), parse_day("2027-12-02"));
  EXPECT_EQ(day("product_act", "aia.accuracy", "2026-07-26"), parse_day("2027-08-02"));
  EXPECT_EQ(day("product_act", "aia.accuracy", "2026-07-27"), parse_day("2028-08-02"));
  EXPECT_EQ(day("ordinary", "cra.sbom", "2026-11-22"), parse_day("2027-12-11"));
  EXPECT_EQ(day("ordinary", "cra.reporting", "2026-11-22"), parse_day("2026-09-11"));
}

TEST(Dates, SpareOlderTypesUntilADayOfTheirOwn) {
  const auto day = [](const std::string& facts, const std::string& id) {
    const LegalView view = evaluate(test::real_rules(), facts_of(facts), today);
    return find(view, id).applies_from;
  };
  EXPECT_EQ(day("abusive_material", "aia.no_abusive_material"), parse_day("2026-12-02"));
  EXPECT_EQ(day("other_practice", "aia.no_prohibited_practice"), parse_day("2025-02-02"));
  EXPECT_EQ(day("older_generator", "aia.mark_content"), parse_day("2026-12-02"));
  EXPECT_EQ(day("newer_generator", "aia.mark_content"), parse_day("2026-08-02"));
  EXPECT_EQ(day("older_model", "aia.model_copyright"), parse_day("2027-08-02"));
  EXPECT_EQ(day("model", "aia.model_copyright"), parse_day("2025-08-02"));
  EXPECT_EQ(day("older_system_of_an_authority", "aia.public_legacy"), parse_day("2030-08-02"));
}

TEST(Dates, StartWithTheClassUnlessReadOtherwise) {
  const auto day = [](const std::string& base, const std::string& id, bool at_once) {
    std::vector<Fact> facts = facts_of(base);
    facts.push_back({"ai.undelayed_parts_at_once", at_once, {}});
    return find(evaluate(test::real_rules(), facts, today), id).applies_from;
  };
  EXPECT_EQ(day("listed_use", "aia.incident_reports", false), parse_day("2027-12-02"));
  EXPECT_EQ(day("listed_use", "aia.incident_reports", true), parse_day("2026-08-02"));
  EXPECT_EQ(day("product_act", "aia.monitoring", false), parse_day("2028-08-02"));
  EXPECT_EQ(day("cv_reader", "aia.not_high_risk_registered", false), parse_day("2027-12-02"));
  EXPECT_EQ(day("cv_reader", "aia.not_high_risk_registered", true), parse_day("2026-08-02"));
  EXPECT_EQ(day("listed_use", "aia.accuracy", true), parse_day("2027-12-02"));
}

TEST(Basis, IsThatOfTheLineThatWasTaken) {
  const auto basis = [](const std::string& facts, const std::string& id, std::string_view step) {
    const LegalView view = evaluate(test::real_rules(), facts_of(facts), today);
    const auto answer = std::ranges::find(view.answers, id, &Answer::id);
    return std::ranges::find(answer->steps, step, &DecisionStep::id)->basis;
  };
  EXPECT_EQ(basis("change_adds_profiling", "cra.substantial_modification", "M1"), "guidance");
  EXPECT_EQ(basis("change_of_purpose", "cra.substantial_modification", "M1"), "recital");
  EXPECT_EQ(basis("change_of_looks", "cra.substantial_modification", "M1"), "text");
  EXPECT_EQ(basis("unit_two_days_early", "cra.scope", "S14-version"), "guidance");
  EXPECT_EQ(basis("old_unit_with_security_updates", "cra.scope", "S14-transition"), "text");
  EXPECT_EQ(basis("robot_with_frozen_weights", "ai.section_b", "K4"), "draft");
  EXPECT_EQ(basis("lift_that_is_machinery", "ai.annex_i", "S1"), "ours");
  EXPECT_EQ(basis("high_risk_machinery", "cra.article_12", "X2-none"), "ours");
  EXPECT_EQ(basis("ordinary", "cra.scope", "S14"), "text");
}

TEST(Dates, RiseAndNameWhatHappens) {
  const LegalView view = evaluate(test::real_rules(), facts_of("listed_use"), today);
  EXPECT_TRUE(std::ranges::is_sorted(view.dates, {}, &LegalDate::day));
  EXPECT_TRUE(std::ranges::any_of(view.dates, [](const LegalDate& date) {
    return date.day == *parse_day("2027-12-02") && date.act == "eu-2024-1689";
  }));
}

TEST(Missing, PutsFirstWhatDecidesMost) {
  const LegalView view = evaluate(test::real_rules(), {}, today);
  ASSERT_FALSE(view.missing_facts.empty());
  EXPECT_TRUE(
      std::ranges::is_sorted(view.missing_facts, std::ranges::greater{},
                             [](const MissingFact& fact) { return fact.would_decide.size(); }));
  EXPECT_FALSE(view.missing_facts.front().question.empty());
}

TEST(Missing, NamesOnlyWhatStillMatters) {
  // Once the product is no product, its class, procedure and requirements need no further fact.
  std::vector<Fact> facts = facts_of("ordinary");
  std::erase_if(facts, [](const Fact& fact) { return fact.name.starts_with("cra."); });
  for (Fact& fact : facts) {
    if (fact.name == "product.kind") fact.value = std::string("service_or_data");
  }
  const LegalView view = evaluate(test::real_rules(), facts, today);
  for (const MissingFact& missing : view.missing_facts)
    EXPECT_FALSE(missing.fact.starts_with("cra."));
}

TEST(Because, LeadsBackToTheFileAndLine) {
  std::vector<Fact> facts = facts_of("no_data_connection");
  for (Fact& fact : facts)
    fact.provenance.where = {"lockstep.yaml", 14, 3};
  const LegalView view = evaluate(test::real_rules(), facts, today);
  const auto scope = std::ranges::find(view.answers, "cra.scope", &Answer::id);
  EXPECT_THAT(scope->because, ElementsAre("product.data_connection = no (lockstep.yaml:14)"));
  EXPECT_EQ(scope->state, Truth::no);
  EXPECT_THAT(scope->cites, Contains("art_2/par_1"));
}

TEST(Citations, AllResolve) {
  const Ruleset& rules = test::real_rules();
  const LegalView view = evaluate(rules, {}, today);
  for (const Answer& answer : view.answers) {
    for (const DecisionStep& step : answer.steps) {
      for (const std::string& cite : step.cites) {
        const std::size_t slash = cite.find('/');
        const bool other = cite.starts_with("eu-");
        EXPECT_NE(rules.find_provision(other ? cite.substr(0, slash) : answer.act,
                                       other ? cite.substr(slash + 1) : cite),
                  nullptr)
            << answer.id << " " << cite;
      }
    }
  }
}

RC_GTEST_PROP(Citations, OfEveryAnswerObligationAndDateResolve, ()) {
  const Ruleset& rules = test::real_rules();
  const std::vector<Fact> facts = *test::arbitrary_facts(rules);
  const LegalView view = evaluate(rules, facts, *test::arbitrary_day());
  const auto resolves = [&](const std::string& act, const std::string& cite) {
    const std::size_t slash = cite.find('/');
    const bool other = cite.starts_with("eu-");
    return rules.find_provision(other ? cite.substr(0, slash) : act,
                                other ? cite.substr(slash + 1) : cite) != nullptr;
  };
  for (const Answer& answer : view.answers)
    for (const std::string& cite : answer.cites)
      RC_ASSERT(resolves(answer.act, cite));
  for (const Obligation& obligation : view.obligations)
    for (const std::string& cite : obligation.cites)
      RC_ASSERT(resolves(obligation.act, cite));
  for (const LegalDate& date : view.dates)
    RC_ASSERT(resolves(date.act, date.cites));
}

std::string text_of(const LegalView& view) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& words) {
    for (const std::string& word : words)
      text += word + ";";
    text += "|";
  };
  add(view.codes.cra);
  add(view.codes.cra_routes);
  add(view.codes.ai_act);
  add(view.codes.nis2);
  text += view.codes.article_12;
  for (const Answer& answer : view.answers) {
    text += answer.id + std::string(to_text(answer.state));
    add(answer.codes);
    add(answer.because);
    add(answer.missing);
  }
  for (const Obligation& obligation : view.obligations) {
    text += obligation.id + std::string(to_text(obligation.state));
    add(obligation.because);
    add(obligation.missing);
    add(obligation.evidence);
  }
  for (const MissingFact& missing : view.missing_facts)
    text += missing.fact + ";";
  return text;
}

RC_GTEST_PROP(Evaluate, TheOrderOfFactsAndEvidenceDoesNotMatter, ()) {
  const Ruleset& rules = test::real_rules();
  std::vector<Fact> facts = *test::arbitrary_facts(rules);
  std::vector<EvidenceState> evidence = *test::arbitrary_evidence(rules);
  const Day day = *test::arbitrary_day();
  const std::string first = text_of(evaluate(rules, facts, day, evidence));
  RC_ASSERT(first == text_of(evaluate(rules, facts, day, evidence)));
  std::ranges::reverse(facts);
  std::ranges::reverse(evidence);
  RC_ASSERT(first == text_of(evaluate(rules, facts, day, evidence)));
}

bool is_subset(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  return std::ranges::all_of(
      part, [&](const std::string& word) { return std::ranges::find(whole, word) != whole.end(); });
}

/// Facts whose absence the law fills with a presumption, or which other facts settle, may change an
/// outcome when they are stated.
bool is_presumed(const FactDefinition& fact) {
  return fact.unstated.has_value() || fact.derive.has_value() || !fact.derive_words.empty() ||
         fact.same_as >= 0 || fact.is_switch();
}

/// Everything of a view that a product can change, in one text.
std::string everything(const LegalView& view) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& texts) {
    for (const std::string& one : texts)
      text += one + "|";
    text += "\n";
  };
  const auto state = [&](auto value) { text += std::to_string(static_cast<int>(value)) + "|"; };
  add(view.codes.cra);
  add(view.codes.cra_routes);
  add(view.codes.ai_act);
  add(view.codes.nis2);
  add({view.codes.article_12, lockstep::to_text(view.as_of)});
  for (const Answer& answer : view.answers) {
    state(answer.state);
    for (const auto* list : {&answer.codes, &answer.cites, &answer.because, &answer.missing})
      add(*list);
    for (const DecisionStep& step : answer.steps) {
      state(step.answer);
      add({step.id, step.question, step.outcome, step.basis});
      for (const auto* list : {&step.cites, &step.because, &step.missing})
        add(*list);
    }
  }
  for (const Obligation& one : view.obligations) {
    state(one.applies);
    state(one.state);
    add({one.id, one.duty.sanction, std::to_string(one.duty.sanction_eur),
         one.applies_from ? lockstep::to_text(*one.applies_from) : ""});
    for (const auto* list : {&one.cites, &one.evidence, &one.because, &one.missing})
      add(*list);
  }
  for (const Conflict& one : view.conflicts) {
    state(one.applies);
    state(one.stated);
    add({one.resolution});
    add(one.because);
    add(one.missing);
  }
  for (const MissingFact& one : view.missing_facts) {
    add({one.fact, one.question});
    add(one.would_decide);
  }
  for (const LegalDate& one : view.dates)
    add({lockstep::to_text(one.day), one.act, one.what, one.cites});
  return text;
}

RC_GTEST_PROP(Evaluator, LeavesNothingOfTheProductBefore, ()) {
  const Ruleset& rules = test::real_rules();
  static Evaluator evaluator(rules);  // one for all products of the test
  const std::vector<Fact> facts = *test::arbitrary_facts(rules);
  const std::vector<EvidenceState> evidence = *test::arbitrary_evidence(rules);
  const Day day = *test::arbitrary_day();
  RC_ASSERT(everything(evaluator.evaluate(facts, day, evidence)) ==
            everything(evaluate(rules, facts, day, evidence)));
}

RC_GTEST_PROP(Evaluate, AFurtherFactNeverAddsAnOutcome, ()) {
  const Ruleset& rules = test::real_rules();
  std::vector<Fact> facts = *test::arbitrary_facts(rules);
  std::erase_if(facts, [&](const Fact& fact) {
    return !is_known(fact.value) || is_presumed(*rules.find_fact(fact.name));
  });
  const Day day = *test::arbitrary_day();
  // The presumption rests on this fact, so that it is part of both views.
  facts.push_back({"product.type_first_placed", *test::arbitrary_day(), {}});
  RC_PRE(facts.size() > 1);
  const LegalView more = evaluate(rules, facts, day);
  facts.erase(facts.begin() +
              *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(facts.size()) - 1));
  const LegalView less = evaluate(rules, facts, day);
  for (std::size_t i = 0; i < more.answers.size(); ++i) {
    RC_ASSERT(is_subset(possible_outcomes(more.answers[i]), possible_outcomes(less.answers[i])));
    RC_ASSERT(is_subset(more.answers[i].codes, less.answers[i].codes));
    if (less.answers[i].state != Truth::unknown) {
      RC_ASSERT((more.answers[i].state == less.answers[i].state));
    }
  }
  for (std::size_t i = 0; i < more.obligations.size(); ++i) {
    if (less.obligations[i].applies != Truth::unknown) {
      RC_ASSERT((more.obligations[i].applies == less.obligations[i].applies));
    }
  }
}

RC_GTEST_PROP(Evaluate, AgreesWithTheSlowReference, ()) {
  static const std::vector<SourceFile> files = test::data_files();
  const Ruleset& rules = test::real_rules();
  const std::vector<Fact> facts = *test::arbitrary_facts(rules);
  const Day day = *test::arbitrary_day();
  test::Reference reference(files, facts, day);
  for (const Answer& answer : evaluate(rules, facts, day).answers) {
    const auto& expected = reference.decide(answer.id);
    const std::set<std::string> codes(answer.codes.begin(), answer.codes.end());
    RC_ASSERT(codes == expected.codes);
    if (answer.steps.empty()) continue;
    const std::vector<std::string> possible = possible_outcomes(answer);
    RC_ASSERT(std::set<std::string>(possible.begin(), possible.end()) == expected.outcomes);
    RC_ASSERT(answer.missing.empty() == (expected.ways == 1));
  }
}

RC_GTEST_PROP(Evaluate, NothingUnknownIsEverMet, ()) {
  const Ruleset& rules = test::real_rules();
  const std::vector<Fact> facts = *test::arbitrary_facts(rules);
  const std::vector<EvidenceState> evidence = *test::arbitrary_evidence(rules);
  const LegalView view = evaluate(rules, facts, *test::arbitrary_day(), evidence);
  for (const Obligation& obligation : view.obligations) {
    if (obligation.state != Obligation::Met::met) continue;
    RC_ASSERT((obligation.applies == Truth::yes));
    RC_ASSERT(!obligation.evidence.empty());
    for (const std::string& id : obligation.evidence) {
      const auto used = std::ranges::find(evidence, id, &EvidenceState::id);
      RC_ASSERT((used->state == State::pass || used->state == State::warn));
    }
  }
  for (const Answer& answer : view.answers) {
    if (answer.state == Truth::unknown && !answer.steps.empty()) {
      RC_ASSERT(!answer.missing.empty());
    }
  }
}

}  // namespace
}  // namespace lockstep::regulations
