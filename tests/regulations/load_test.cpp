// SPDX-License-Identifier: Apache-2.0
// Every mistake in the data is refused with its place, and all of them at once.
#include "regulations/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "regulations/cases.hpp"

namespace lockstep::regulations {
namespace {

using Texts = std::map<std::string, std::string>;

/// A small law without mistakes: one act, three facts, one decision, one requirement.
Texts small_law() {
  return {
      {"facts.yaml",
       "facts:\n"
       "  - {name: a.bool, type: bool, ask: q, why: w, who: p, cites: [eu-1/art_1]}\n"
       "  - name: a.choice\n"
       "    type: choice\n"
       "    words: {red: r, green: g}\n"
       "    ask: q\n    why: w\n    who: p\n    cites: [eu-1/art_1]\n"
       "  - {name: a.day, type: day, ask: q, why: w, who: p, cites: []}\n"},
      {"evidence_kinds.yaml", "kinds:\n  - {kind: paper, speaks_for: kind, means: m}\n"},
      {"duty_words.yaml",
       "parties: {maker: makes it, users: use it}\ntriggers: {always: at all times}\n"
       "documents: {paper: a paper}\n"
       "bases: [{word: text, means: t}, {word: ours, means: o}]\n"},
      {"regulations/eu-1/act.yaml",
       "id: eu-1\ntitle: t\nshort_title: One\ncelex: c\neli: e\noj: o\nin_force: 2020-01-01\n"
       "dates:\n"
       "  - {id: one.from, what: w, cites: [art_1], values: [{from: 2020-01-01, day: "
       "2021-01-01}]}\n"},
      {"regulations/eu-1/provisions/all.yaml", "provisions:\n  art_1: says\n  art_2: says\n"},
      {"regulations/eu-1/rules/all.yaml",
       "decisions:\n"
       "  - id: one.scope\n    question: q\n    cites: [art_1]\n    codes: cra\n"
       "    steps:\n"
       "      - {id: S1, ask: q, cites: [art_1], when: a.bool, then: out, code: OUT}\n"
       "      - {id: S2, cites: [art_1], then: in}\n"
       "groups:\n"
       "  - title: g\n    owed_by: maker\n    applies_from: one.from\n"
       "    applies_when: {one.scope: in}\n"
       "    requirements:\n"
       "      - {id: one.paper, cites: [art_2], says: s, shown_by: [paper]}\n"},
  };
}

std::vector<SourceFile> trees_of(const Texts& texts) {
  std::vector<SourceFile> files;
  for (const auto& [path, text] : texts) {
    Diagnostics problems;
    auto tree = parse_yaml(text, path, problems);
    EXPECT_TRUE(tree.has_value() && !problems.has_errors()) << path;
    if (tree) files.push_back({path, *std::move(tree)});
  }
  return files;
}

std::vector<std::string> problems_of(const Texts& texts) {
  Diagnostics problems;
  load_ruleset(trees_of(texts), problems);
  std::vector<std::string> found;
  for (const Diagnostic& entry : problems.entries())
    found.push_back(to_text(entry));
  return found;
}

/// The problems after one text of the small law has been replaced by another.
std::vector<std::string> after(const std::string& from, const std::string& to) {
  Texts texts = small_law();
  bool replaced = false;
  for (auto& [path, text] : texts) {
    const std::size_t found = text.find(from);
    if (found == std::string::npos) continue;
    text.replace(found, from.size(), to);
    replaced = true;
    break;
  }
  EXPECT_TRUE(replaced) << from;
  return problems_of(texts);
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LoadRuleset, AcceptsTheSmallLaw) {
  EXPECT_THAT(problems_of(small_law()), IsEmpty());
}

TEST(LoadRuleset, RefusesACitationThatIsNoProvision) {
  EXPECT_THAT(after("cites: [art_2]", "cites: [art_9]"),
              ElementsAre("regulations/eu-1/rules/all.yaml:15:32: error[regulation.citation]: "
                          "'art_9' is not among the provisions of eu-1; did you mean 'art_1'?"));
}

TEST(LoadRuleset, RefusesAnUnknownPartyTriggerAndDocument) {
  EXPECT_THAT(after("owed_by: maker", "owed_by: makers"),
              ElementsAre("regulations/eu-1/rules/all.yaml:11:14: error[regulation.word]: 'makers' "
                          "is not in data/duty_words.yaml; did you mean 'maker'?"));
  EXPECT_THAT(
      after("says: s, shown_by", "says: s, trigger: alwayss, documents: [papers], shown_by"),
      ElementsAre("regulations/eu-1/rules/all.yaml:15:59: error[regulation.word]: 'alwayss' "
                  "is not in data/duty_words.yaml; did you mean 'always'?",
                  "regulations/eu-1/rules/all.yaml:15:79: error[regulation.word]: 'papers' "
                  "is not in data/duty_words.yaml; did you mean 'paper'?"));
}

TEST(LoadRuleset, RefusesAnUnknownBasisAndReading) {
  EXPECT_THAT(after("then: out, code: OUT", "then: out, code: OUT, basis: our"),
              ElementsAre("regulations/eu-1/rules/all.yaml:7:85: error[regulation.word]: 'our' is "
                          "not in data/duty_words.yaml; did you mean 'ours'?"));
  EXPECT_THAT(after("says: s, shown_by", "says: s, other_reading: a.fact, shown_by"),
              ElementsAre("regulations/eu-1/rules/all.yaml:15:65: error[regulation.fact]: 'a.fact' "
                          "is no fact"));
}

TEST(LoadRuleset, RefusesASanctionThatTheActDoesNotHave) {
  EXPECT_THAT(after("says: s, shown_by", "says: s, sanction: fine, shown_by"),
              ElementsAre("regulations/eu-1/rules/all.yaml:15:60: error[regulation.word]: 'fine' "
                          "is no sanction of the act"));
}

TEST(LoadRuleset, TakesWhatARequirementDoesNotSayFromItsGroup) {
  Texts texts = small_law();
  texts["regulations/eu-1/act.yaml"] +=
      "sanctions:\n  - {id: fine, million_eur: 7.5, percent: 1, cites: [art_2], note: less if "
      "small}\n";
  texts["regulations/eu-1/rules/all.yaml"] =
      "groups:\n"
      "  - title: g\n    owed_by: maker\n    owed_to: [users]\n    sanction: fine\n"
      "    keep: {years: 10, from: supply, longer: the support period}\n"
      "    applies_from: one.from\n    requirements:\n"
      "      - {id: one.a, cites: [art_2], says: s, trigger: always, shown_by: [paper]}\n"
      "      - {id: one.b, cites: [art_2], says: s, owed_by: users, keep: {months: 6}, shown_by: "
      "[paper]}\n";
  Diagnostics problems;
  const Ruleset rules = load_ruleset(trees_of(texts), problems);
  ASSERT_FALSE(problems.has_errors());
  const Requirement& a = *rules.find_requirement("one.a");
  EXPECT_THAT(a.duty.owed_to, ElementsAre("users"));
  EXPECT_EQ(a.duty.trigger, "always");
  EXPECT_EQ(a.duty.keep, "10 years from supply, or the support period if longer");
  EXPECT_EQ(a.duty.sanction,
            "up to EUR 7.5 million or 1 % of worldwide annual turnover, whichever is higher; less "
            "if small (One Art. 2)");
  EXPECT_EQ(a.duty.sanction_eur, 7'500'000);
  const Requirement& b = *rules.find_requirement("one.b");
  EXPECT_EQ(b.owed_by, "users");
  EXPECT_EQ(b.duty.keep, "at least 6 months");
}

/// The problems of the small law with a second act, and with this crosswalk between the two.
std::vector<std::string> with_crosswalk(const std::string& rows) {
  Texts texts = small_law();
  texts["regulations/eu-2/act.yaml"] =
      "id: eu-2\ntitle: t\nshort_title: Two\ncelex: c\neli: e\noj: o\nin_force: 2020-01-01\n";
  texts["regulations/eu-2/provisions/all.yaml"] = "provisions:\n  art_1: says\n";
  texts["regulations/eu-2/rules/all.yaml"] =
      "groups:\n  - title: g\n    owed_by: maker\n    applies_from: one.from\n    requirements:\n"
      "      - {id: two.paper, cites: [art_1], says: s, shown_by: [paper]}\n"
      "      - {id: two.other, cites: [art_1], says: s, shown_by: [paper]}\n";
  texts["regulations/crosswalk.yaml"] = "rows:\n" + rows;
  return problems_of(texts);
}

TEST(LoadRuleset, BringsRequirementsOfTwoActsTogether) {
  EXPECT_THAT(with_crosswalk("  - {of: one.paper, strong: two.paper, partial: [two.other]}\n"),
              IsEmpty());
}

TEST(LoadRuleset, RefusesACrosswalkToNowhereOrWithinOneAct) {
  EXPECT_THAT(with_crosswalk("  - {of: one.paper, strong: [two.papr]}\n"),
              ElementsAre("regulations/crosswalk.yaml:2:29: error[regulation.requirement]: "
                          "'two.papr' is no requirement; did you mean 'two.paper'?"));
  EXPECT_THAT(
      with_crosswalk("  - {of: two.other, partial: [two.paper]}\n"),
      ElementsAre("regulations/crosswalk.yaml:2:30: error[regulation.requirement]: expected "
                  "requirements of two acts, found two.other and two.paper"));
  EXPECT_THAT(with_crosswalk("  - {of: one.paper, strong: two.paper, partial: two.paper}\n"),
              ElementsAre("regulations/crosswalk.yaml:2:49: error[regulation.duplicate]: one.paper "
                          "and two.paper are already brought together"));
}

TEST(LoadRuleset, RefusesAConflictWithoutTwoProvisionsOrAPlaceForAnotherReading) {
  Texts texts = small_law();
  texts["regulations/conflicts.yaml"] =
      "conflicts:\n"
      "  - {id: c, provisions: [eu-1/art_1], applies_when: a.bool, collides: x, ours: y,\n"
      "     stated_in: a.bool}\n";
  EXPECT_THAT(problems_of(texts),
              ElementsAre("regulations/conflicts.yaml:2:5: error[regulation.missing_key]: expected "
                          "two 'provisions' or more",
                          "regulations/conflicts.yaml:2:5: error[regulation.fact]: 'a.bool' is no "
                          "text fact"));
}

TEST(LoadRuleset, RefusesAnUndeclaredFact) {
  EXPECT_THAT(after("when: a.bool", "when: a.bol"),
              ElementsAre("regulations/eu-1/rules/all.yaml:7:48: error[regulation.fact]: 'a.bol' "
                          "is neither a fact of the catalogue nor a decision; did you mean "
                          "'a.bool'?"));
}

TEST(LoadRuleset, RefusesAWrongWord) {
  EXPECT_THAT(after("when: a.bool", "when: {a.choice: gren}"),
              ElementsAre("regulations/eu-1/rules/all.yaml:7:59: error[regulation.word]: 'gren' is "
                          "no word of a.choice; did you mean 'green'?"));
}

TEST(LoadRuleset, RefusesAWrongOutcome) {
  EXPECT_THAT(after("{one.scope: in}", "{one.scope: inn}"),
              ElementsAre("regulations/eu-1/rules/all.yaml:13:31: error[regulation.word]: 'inn' is "
                          "no outcome of one.scope; did you mean 'in'?"));
}

TEST(LoadRuleset, RefusesATestThatDoesNotFitTheFact) {
  EXPECT_THAT(after("when: a.bool", "when: a.choice"),
              ElementsAre("regulations/eu-1/rules/all.yaml:7:48: error[regulation.condition]: "
                          "'a.choice' is no yes or no; say which value it has"));
  EXPECT_THAT(after("when: a.bool", "when: {a.day: {before: soon}}"),
              ElementsAre("regulations/eu-1/rules/all.yaml:7:56: error[regulation.date]: expected "
                          "a day or the id of a date, found 'soon'"));
  EXPECT_THAT(after("when: a.bool", "when: {all: []}"),
              ElementsAre("regulations/eu-1/rules/all.yaml:7:48: error[regulation.condition]: "
                          "'all' has no parts"));
}

TEST(LoadRuleset, RefusesOverlappingValues) {
  EXPECT_THAT(after("values: [{from: 2020-01-01, day: 2021-01-01}]",
                    "values: [{from: 2020-01-01, until: 2020-06-30, day: 2021-01-01}, "
                    "{from: 2020-06-30, day: 2022-01-01}]"),
              ElementsAre("regulations/eu-1/act.yaml:9:110: error[regulation.overlap]: two values "
                          "hold at the same time: 2020-01-01 to 2020-06-30 (line 9) and "
                          "2020-06-30 to now"));
}

TEST(LoadRuleset, RefusesASpanThatEndsBeforeItBegins) {
  EXPECT_THAT(after("{from: 2020-01-01, day", "{from: 2020-01-01, until: 2019-01-01, day"),
              ElementsAre("regulations/eu-1/act.yaml:9:54: error[regulation.date]: 'until' "
                          "2019-01-01 comes before 'from' 2020-01-01"));
}

TEST(LoadRuleset, RefusesStepsThatAreNeverReached) {
  EXPECT_THAT(after("ask: q, cites: [art_1], when: a.bool, then", "cites: [art_1], then"),
              ElementsAre("regulations/eu-1/rules/all.yaml:8:9: error[regulation.unreachable]: the "
                          "steps after S1 are never reached, since it always holds"));
}

TEST(LoadRuleset, RefusesADecisionWithAnOpenEnd) {
  EXPECT_THAT(after("{id: S2, cites", "{id: S2, ask: q, when: {a.choice: red}, cites"),
              ElementsAre("regulations/eu-1/rules/all.yaml:8:9: error[regulation.open_end]: "
                          "one.scope does not decide every case; end with a step without 'when'"));
}

TEST(LoadRuleset, RefusesAnUnknownKindOfEvidence) {
  EXPECT_THAT(after("shown_by: [paper]", "shown_by: [papers]"),
              ElementsAre("regulations/eu-1/rules/all.yaml:15:60: "
                          "error[regulation.evidence_kind]: 'papers' is no kind of evidence"));
}

TEST(LoadRuleset, RefusesAnUnknownDateAndAnUnknownKey) {
  EXPECT_THAT(
      after("applies_from: one.from", "applies_from: one.form"),
      ElementsAre("regulations/eu-1/rules/all.yaml:10:5: error[regulation.date]: 'one.form' "
                  "is the id of no date"));
  EXPECT_THAT(after("question: q", "question: q\n    quesion: q"),
              ElementsAre("regulations/eu-1/rules/all.yaml:4:14: error[regulation.unknown_key]: "
                          "'quesion' is no key here; did you mean 'question'?"));
}

TEST(LoadRuleset, RefusesDecisionsThatWaitForEachOther) {
  Texts texts = small_law();
  texts["regulations/eu-1/rules/more.yaml"] =
      "decisions:\n"
      "  - id: one.a\n    question: q\n    cites: [art_1]\n    steps:\n"
      "      - {id: S1, ask: q, cites: [art_1], when: {one.b: x}, then: x}\n"
      "      - {id: S2, cites: [art_1], then: y}\n"
      "  - id: one.b\n    question: q\n    cites: [art_1]\n    steps:\n"
      "      - {id: S1, ask: q, cites: [art_1], when: {one.a: x}, then: x}\n"
      "      - {id: S2, cites: [art_1], then: y}\n";
  EXPECT_THAT(
      problems_of(texts),
      ElementsAre("regulations/eu-1/rules/more.yaml:8:5: error[regulation.cycle]: one.b and "
                  "one.a (regulations/eu-1/rules/more.yaml:2) wait for each other"));
}

/// The small law with a second file of rules.
Texts with_more(const std::string& more) {
  Texts texts = small_law();
  texts["regulations/eu-1/rules/more.yaml"] = more;
  return texts;
}

TEST(LoadRuleset, RefusesOneObligationWithTwoOwnersAndTwoDays) {
  Texts texts = with_more(
      "groups:\n  - title: g\n    owed_by: users\n    applies_from: one.later\n    requirements:\n"
      "      - {id: one.paper, cites: [art_2], says: s, shown_by: [paper]}\n");
  texts["regulations/eu-1/act.yaml"] +=
      "  - {id: one.later, what: w, cites: [art_1], values: [{day: 2022-01-01}]}\n";
  EXPECT_THAT(problems_of(texts),
              ElementsAre("regulations/eu-1/rules/more.yaml:6:9: error[regulation.duplicate]: "
                          "'one.paper' is already there (regulations/eu-1/rules/all.yaml:15), owed "
                          "by maker from one.from; here owed by users from one.later"));
}

TEST(LoadRuleset, NamesBothPlacesOfANameThatIsThereTwice) {
  Texts texts = with_more(
      "decisions:\n  - id: one.scope\n    question: q\n    cites: [art_1]\n"
      "    steps: [{id: S1, cites: [art_1], then: in}]\n");
  texts["facts.yaml"] += "  - {name: a.bool, type: bool, ask: q, why: w, who: p, cites: []}\n";
  texts["regulations/eu-1/provisions/more.yaml"] = "provisions:\n  art_2: says more\n";
  EXPECT_THAT(
      problems_of(texts),
      ElementsAre("facts.yaml:11:5: error[regulation.duplicate]: 'a.bool' is already there "
                  "(facts.yaml:2)",
                  "regulations/eu-1/provisions/more.yaml:2:10: error[regulation.duplicate]: "
                  "'art_2' is already there (regulations/eu-1/provisions/all.yaml:3)",
                  "regulations/eu-1/rules/more.yaml:2:5: error[regulation.duplicate]: "
                  "'one.scope' is already there (regulations/eu-1/rules/all.yaml:2)"));
}

/// The small law with a decision of these two exceptions before its last step.
std::vector<std::string> with_exceptions(const std::string& first, const std::string& second) {
  return problems_of(
      with_more("decisions:\n  - id: one.x\n    question: q\n    cites: [art_1]\n    steps:\n"
                "      - {id: E1, ask: q, cites: [art_1], then: out, " +
                first +
                "}\n"
                "      - {id: E2, ask: q, cites: [art_2], then: eased, " +
                second +
                "}\n"
                "      - {id: E3, cites: [art_1], then: in}\n"));
}

TEST(LoadRuleset, RefusesAnExceptionThatAnotherTakesAway) {
  const auto collide = ElementsAre(
      "regulations/eu-1/rules/more.yaml:7:9: error[regulation.unreachable]: one.x/E2 is never "
      "reached: wherever it holds, E1 holds before it (regulations/eu-1/rules/more.yaml:6)");
  EXPECT_THAT(with_exceptions("when: a.bool", "when: a.bool"), collide);
  EXPECT_THAT(with_exceptions("when: {a.choice: [red, green]}", "when: {a.choice: red}"), collide);
  EXPECT_THAT(with_exceptions("when: a.bool", "when: {all: [a.bool, {a.choice: red}]}"), collide);
  EXPECT_THAT(with_exceptions("when: {any: [a.bool, {a.choice: red}]}", "when: a.bool"), collide);
  EXPECT_THAT(with_exceptions("when: a.bool", "when: a.bool, from: 2024-01-01"), collide);
}

TEST(LoadRuleset, LeavesExceptionsThatCanBothHold) {
  EXPECT_THAT(with_exceptions("when: a.bool", "when: {a.bool: no}"), IsEmpty());
  EXPECT_THAT(with_exceptions("when: {a.choice: red}", "when: {a.choice: [red, green]}"),
              IsEmpty());
  EXPECT_THAT(with_exceptions("when: {all: [a.bool, {a.choice: red}]}", "when: a.bool"), IsEmpty());
  EXPECT_THAT(with_exceptions("when: a.bool, until: 2024-01-01", "when: a.bool"), IsEmpty());
}

TEST(LoadRuleset, RefusesAnExceptionThatHoldsWhereverItsRequirementDoes) {
  EXPECT_THAT(after("says: s, shown_by",
                    "says: s, unless: {one.scope: [in, out]}, unless_cites: [art_1], shown_by"),
              ElementsAre("regulations/eu-1/rules/all.yaml:15:9: error[regulation.unreachable]: "
                          "one.paper never applies: wherever it would, its exception holds"));
}

// The day on which one.a looks hangs on one.b, which asks one.a.
TEST(LoadRuleset, RefusesACircleThroughADate) {
  Texts texts = with_more(
      "decisions:\n"
      "  - id: one.a\n    question: q\n    cites: [art_1]\n    steps:\n"
      "      - {id: S1, ask: q, cites: [art_1], when: {a.day: {before: one.turn}}, then: x}\n"
      "      - {id: S2, cites: [art_1], then: y}\n"
      "  - id: one.b\n    question: q\n    cites: [art_1]\n    steps:\n"
      "      - {id: S1, ask: q, cites: [art_1], when: {one.a: x}, then: x}\n"
      "      - {id: S2, cites: [art_1], then: y}\n");
  texts["regulations/eu-1/act.yaml"] +=
      "  - {id: one.turn, what: w, cites: [art_1], first_of: [{when: {one.b: x}, date: "
      "one.from}]}\n";
  EXPECT_THAT(problems_of(texts),
              ElementsAre("regulations/eu-1/rules/more.yaml:8:5: error[regulation.cycle]: one.b "
                          "and one.a (regulations/eu-1/rules/more.yaml:2) wait for each other"));
}

std::vector<std::string> with_contradictions(const std::string& rows) {
  Texts texts = small_law();
  texts["contradictions.yaml"] = "contradictions:\n" + rows;
  return problems_of(texts);
}

TEST(LoadRuleset, RefusesContradictionsThatAreNone) {
  EXPECT_THAT(with_contradictions("  - {id: c, when: a.bool, never: [{a.choice: red}], why: w}\n"),
              IsEmpty());
  EXPECT_THAT(
      with_contradictions("  - {id: c, when: a.bol, never: [a.bool], why: w}\n"
                          "  - {id: c, when: a.bool, why: w, cites: [eu-1/art_9]}\n"
                          "  - {id: d, when: {one.scope: in}, never: [a.bool], why: w}\n"
                          "  - {id: e, within: [a.bool, a.choice], why: w}\n"
                          "  - {id: f, derived: a.bool, why: w}\n"),
      ElementsAre(testing::HasSubstr("contradictions.yaml:3:5: error[regulation.duplicate]: "
                                     "'c' is already there (contradictions.yaml:2)"),
                  testing::HasSubstr("2:19: error[regulation.fact]: 'a.bol'"),
                  testing::HasSubstr("3:5: error[regulation.missing_key]: expected 'never'"),
                  testing::HasSubstr("4:19: error[regulation.condition]: only facts"),
                  testing::HasSubstr("5:21: error[regulation.type]: expected two sets"),
                  testing::HasSubstr("6:22: error[regulation.fact]: expected a bool"),
                  testing::HasSubstr("error[regulation.citation]: 'art_9'")));
}

TEST(LoadRuleset, LoadsNothingHalf) {
  Texts texts = small_law();
  texts["regulations/eu-1/provisions/all.yaml"] = "provisions:\n  art_1: says\n";
  Diagnostics problems;
  const Ruleset rules = load_ruleset(trees_of(texts), problems);
  EXPECT_TRUE(problems.has_errors());
  EXPECT_TRUE(rules.facts.empty() && rules.acts.empty() && rules.decisions.empty() &&
              rules.requirements.empty());
}

TEST(LoadRuleset, WantsEveryFactInOneQuestionOrLeftOutOnPurpose) {
  Texts texts = small_law();
  texts["questions.yaml"] =
      "questions:\n"
      "  - {id: one, title: One, facts: [a.bool, a.boll]}\n"
      "not_asked: [a.bool]\n";
  EXPECT_THAT(
      problems_of(texts),
      ElementsAre("questions.yaml:2:34: error[regulation.fact]: 'a.boll' is no fact",
                  "questions.yaml:3:12: error[regulation.duplicate]: 'a.bool' is asked already",
                  "facts.yaml:3:5: error[regulation.question]: expected 'a.choice' in a question "
                  "of questions.yaml, or under 'not_asked'",
                  "facts.yaml:10:5: error[regulation.question]: expected 'a.day' in a question "
                  "of questions.yaml, or under 'not_asked'"));
}

TEST(LoadRuleset, ReportsAllProblemsAtOnce) {
  Texts texts = small_law();
  texts["evidence_kinds.yaml"] = "kinds:\n  - {kind: paper, speaks_for: all, means: m}\n";
  texts["regulations/eu-1/provisions/all.yaml"] = "provisions:\n  art_1: says\n";
  EXPECT_THAT(
      problems_of(texts),
      ElementsAre("evidence_kinds.yaml:2:5: error[regulation.word]: expected kind or named, "
                  "found 'all'",
                  "regulations/eu-1/rules/all.yaml:15:32: error[regulation.citation]: "
                  "'art_2' is not among the provisions of eu-1; did you mean 'art_1'?"));
}

TEST(Cases, AreAskedForWhereNoneShowsARule) {
  Texts texts = small_law();
  texts["regulations/eu-1/cases/all.yaml"] =
      "cases:\n"
      "  - {id: yes, facts: {a.bool: yes}, codes: {cra: [OUT]}}\n"
      "  - {id: no, facts: {a.bool: no}, codes: {cra: [OUT]}}\n";
  const std::vector<SourceFile> files = trees_of(texts);
  Diagnostics problems;
  const Ruleset rules = load_ruleset(files, problems);
  const std::vector<Case> cases = read_cases(files, rules, problems);
  check_cases(cases, rules, problems);
  std::vector<std::string> found;
  for (const Diagnostic& entry : problems.entries())
    found.push_back(to_text(entry));
  EXPECT_THAT(
      found, ElementsAre("regulations/eu-1/cases/all.yaml:3:5: error[regulation.case_wrong]: case "
                         "no: cra: expected OUT, found nothing",
                         "regulations/eu-1/rules/all.yaml:2:5: error[regulation.case_missing]: no "
                         "case shows one.scope/S1 to be unknown",
                         "regulations/eu-1/rules/all.yaml:15:9: error[regulation.case_missing]: no "
                         "case shows that one.paper is unsettled"));
}

}  // namespace
}  // namespace lockstep::regulations
