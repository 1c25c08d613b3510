// SPDX-License-Identifier: Apache-2.0
// The questions of `init`, answered by people who know the facts of the cases, of the sample and of
// usual products. Whether the answers settle something is judged by the evaluation of all facts.
#include "app/questions.hpp"

#include <algorithm>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>
#include <set>

#include "app/law.hpp"
#include "app/scope.hpp"
#include "formats/product/product.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/facts.hpp"
#include "regulations/generate.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using test::law;
using test::usual_day;

std::vector<Fact> sample_facts() {
  Diagnostics problems;
  const auto product =
      formats::read_product(test::read_file(test::source_path("examples/quayside/lockstep.yaml")),
                            "lockstep.yaml", problems);
  EXPECT_TRUE(product.has_value());
  return regulations::fit_facts(law(), gather_facts(*product, problems), problems);
}

/// The sample's facts with others in their place, by name and what a person types.
std::vector<Fact> knowing(const std::map<std::string, std::string>& others) {
  std::vector<Fact> facts = sample_facts();
  for (const auto& [name, typed] : others) {
    std::erase_if(facts, [&](const Fact& fact) { return fact.name == name; });
    const auto value = read_typed(law(), *law().find_fact(name), typed);
    EXPECT_TRUE(value.has_value()) << name << " " << typed;
    facts.push_back({name, *value, {}});
  }
  return facts;
}

struct Talk {
  std::vector<Fact> answers;
  int questions = 1;
};

/// Everything that is asked of a person who knows `truth` and nothing else.
Talk talk(std::span<const Fact> truth) {
  Talk one;
  while (const auto ask = ask_next(law(), one.answers, usual_day).next) {
    EXPECT_LE(ask->number, questions_max);
    one.questions = std::max(one.questions, ask->number);
    const auto known = std::ranges::find(truth, ask->fact->name, &Fact::name);
    one.answers.push_back({ask->fact->name, known == truth.end() ? FactValue{} : known->value, {}});
    if (one.answers.size() > law().facts.size()) {
      ADD_FAILURE() << "asked without an end";
      break;
    }
  }
  return one;
}

/// What the maker itself is under NIS2; who uses the product is not asked in a usual interview.
std::vector<std::string> of_maker(std::vector<std::string> codes) {
  std::erase_if(codes, [](const std::string& code) { return code.starts_with("user:"); });
  return codes;
}

void expect_same_codes(const std::vector<Fact>& answers, const std::vector<Fact>& truth) {
  const ScopeCodes got = regulations::evaluate(law(), answers, usual_day).codes;
  const ScopeCodes want = regulations::evaluate(law(), truth, usual_day).codes;
  EXPECT_EQ(got.cra, want.cra);
  EXPECT_EQ(got.cra_routes, want.cra_routes);
  EXPECT_EQ(got.ai_act, want.ai_act);
  EXPECT_EQ(of_maker(got.nis2), of_maker(want.nis2));
  EXPECT_EQ(got.article_12, want.article_12);
}

TEST(Questions, FindTheClassesOfUsualProducts) {
  const std::map<std::string, std::map<std::string, std::string>> usual = {
      {"the sample", {}},
      {"a connected device without AI",
       {{"ai.is_ai_system", "no"},
        {"product.union_acts", "radio"},
        {"maker.country", "DE"},
        {"product.third_party_acts", "none"}}},
      {"an app without AI",
       {{"ai.is_ai_system", "no"},
        {"product.union_acts", "none"},
        {"product.kind", "software"},
        {"product.third_party_acts", "none"},
        {"ai.safety_role", "no_safety_role"}}},
      {"an app that talks to people",
       {{"product.union_acts", "none"},
        {"product.kind", "software"},
        {"ai.safety_role", "no_safety_role"},
        {"product.third_party_acts", "none"},
        {"ai.transparency", "talks_to_people"},
        {"maker.country", "FR"},
        {"nis2.sector", "none_of_these"}}},
      {"a filter of applicants from outside the Union",
       {{"product.union_acts", "none"},
        {"product.kind", "software"},
        {"ai.safety_role", "no_safety_role"},
        {"product.third_party_acts", "none"},
        {"ai.annex_iii_uses", "recruitment"},
        {"ai.profiling", "yes"},
        {"maker.country", "US"},
        {"nis2.sector", "none_of_these"}}},
      {"a password manager",
       {{"ai.is_ai_system", "no"},
        {"product.union_acts", "none"},
        {"product.kind", "software"},
        {"product.third_party_acts", "none"},
        {"ai.safety_role", "no_safety_role"},
        {"cra.core_function", "password_manager"},
        {"maker.country", "DE"}}},
  };
  for (const auto& [name, others] : usual) {
    SCOPED_TRACE(name);
    std::map<std::string, std::string> known = {{"nis2.status", "none"},
                                                {"ai.transparency_exceptions", "none"}};
    known.insert(others.begin(), others.end());
    const std::vector<Fact> truth = knowing(known);
    const Talk one = talk(truth);
    EXPECT_LE(one.questions, questions_max);
    expect_same_codes(one.answers, truth);
  }
}

TEST(Questions, EndForWhoIsSureOfNothing) {
  const Talk one = talk({});
  EXPECT_EQ(one.questions, questions_max);
  const auto view = regulations::evaluate(law(), one.answers, usual_day);
  EXPECT_EQ(view.codes.cra, regulations::evaluate(law(), {}, usual_day).codes.cra)
      << "\"not sure\" must settle nothing";
}

TEST(Questions, GoOnWithinAQuestionBeforeTheNext) {
  const Talk one = talk(sample_facts());
  std::vector<const regulations::Question*> order;
  for (const Fact& answer : one.answers) {
    const int fact = law().fact_index.find(answer.name)->second;
    const auto& question = *std::ranges::find_if(law().questions, [&](const auto& candidate) {
      return std::ranges::find(candidate.facts, fact) != candidate.facts.end();
    });
    if (order.empty() || order.back() != &question) order.push_back(&question);
  }
  const std::set<const regulations::Question*> different(order.begin(), order.end());
  EXPECT_EQ(order.size(), different.size());
}

TEST(Questions, FollowUpOnAListedUseWithTheLimitsOfTheList) {
  std::vector<Fact> answers = knowing({{"ai.annex_iii_uses", "remote_biometric_identification"}});
  const auto use = std::ranges::find(answers, "ai.annex_iii_uses", &Fact::name);
  std::rotate(use, use + 1, answers.end());
  const auto ask = ask_next(law(), answers, usual_day).next;
  ASSERT_TRUE(ask.has_value());
  std::set<std::string> asked;
  for (auto next = ask; next && next->question->id == "ai_uses";
       next = ask_next(law(), answers, usual_day).next) {
    EXPECT_EQ(next->is_presumed, next->fact->name == "ai.use_exceptions") << next->fact->name;
    asked.insert(next->fact->name);
    answers.push_back({next->fact->name, FactValue{}, {}});
  }
  EXPECT_TRUE(asked.contains("ai.use_exceptions"));
  answers = knowing({});
  const auto none = ask_next(law(), answers, usual_day).next;
  EXPECT_TRUE(!none || none->fact->name != "ai.use_exceptions");
}

RC_GTEST_PROP(Questions, NeverAskTwiceAndNeverAskWhatIsPresumedWithoutNeed, ()) {
  const std::vector<Fact> facts = *regulations::test::arbitrary_facts(law());
  const auto ask = ask_next(law(), facts, *regulations::test::arbitrary_day()).next;
  RC_PRE(ask.has_value());
  RC_ASSERT(std::ranges::find(facts, ask->fact->name, &Fact::name) == facts.end());
  RC_ASSERT(ask->is_presumed == ask->fact->unstated.has_value());
}

TEST(ReadTyped, TakesNumbersWordsAndShortAnswers) {
  const auto typed = [](std::string_view fact, std::string_view text) {
    const auto value = read_typed(law(), *law().find_fact(fact), text);
    return value ? to_text(*value) : value.error().message;
  };
  const auto& uses = *law().find_fact("ai.annex_iii_uses");
  EXPECT_EQ(typed("product.data_connection", " y "), "yes");
  EXPECT_EQ(typed("product.data_connection", "No"), "no");
  EXPECT_EQ(typed("ai.annex_iii_uses", "2, 1"), uses.words[0].word + ", " + uses.words[1].word);
  EXPECT_EQ(typed("ai.annex_iii_uses", "recruitment,3"), uses.words[2].word + ", recruitment");
  EXPECT_EQ(typed("ai.annex_iii_uses", "none"), "none");
  EXPECT_EQ(typed("ai.annex_iii_uses", "not sure"), "unknown");
  EXPECT_EQ(typed("product.placed_on_market", "2028-09-04"), "2028-09-04");
  EXPECT_EQ(typed("maker.staff", "40"), "40");
  EXPECT_THAT(typed("product.kind", "softwear"), HasSubstr("did you mean 'software'?"));
  EXPECT_THAT(typed("product.kind", "99"), HasSubstr("'99' is no word"));
  EXPECT_THAT(typed("ai.annex_iii_uses", ""), HasSubstr("expected a list of words"));
  EXPECT_THAT(typed("product.placed_on_market", "2028-02-30"), HasSubstr("expected a day"));
  EXPECT_THAT(typed("maker.staff", "many"), HasSubstr("expected a whole number"));
}

}  // namespace
}  // namespace lockstep::app
