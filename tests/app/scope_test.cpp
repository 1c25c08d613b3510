// SPDX-License-Identifier: Apache-2.0
#include "app/scope.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/embedded_data.hpp"
#include "app/law.hpp"
#include "formats/product/facts.hpp"
#include "regulations/facts.hpp"
#include "support/paths.hpp"

namespace lockstep::app {
namespace {

using testing::Contains;
using testing::ElementsAre;

using test::law;
using test::usual_day;

std::vector<Fact> facts_in(const std::string& yaml) {
  Diagnostics problems;
  auto facts = formats::read_facts(yaml, "facts.yaml", problems);
  EXPECT_TRUE(facts.has_value() && !problems.has_errors());
  return facts ? *std::move(facts) : std::vector<Fact>{};
}

constexpr const char* password_manager =
    "product: {kind: software, data_connection: yes, supply: commercial,\n"
    "          placed_on_market: 2029-01-15, foss: no, union_acts: none, special_cases: []}\n"
    "cra: {core_function: password_manager, standards_applied: none}\n"
    "ai: {is_ai_system: no, is_gpai_model: no}\n"
    "maker: {country: DE, size: large}\n"
    "nis2.sector: none_of_these\n";

TEST(EmbeddedData, IsSortedAndHasTheLaw) {
  const auto files = embedded_data();
  EXPECT_TRUE(std::ranges::is_sorted(files, {}, &EmbeddedFile::path));
  EXPECT_NE(std::ranges::find(files, "facts.yaml", &EmbeddedFile::path), files.end());
}

/// JSON has no plain scalars, so that a scalar is the same when it reads as the same.
bool is_same(const Json& a, const Json& b) {
  if (a.items().size() != b.items().size() || a.members().size() != b.members().size())
    return false;
  for (std::size_t i = 0; i < a.items().size(); ++i) {
    if (!is_same(a.items()[i], b.items()[i])) return false;
  }
  for (const auto& [key, value] : a.members()) {
    if (b.find(key) == nullptr || !is_same(value, b[key])) return false;
  }
  if (a.is_null() || a.is_array() || a.is_object()) return a.kind() == b.kind();
  if (a.as_bool() && b.as_bool()) return a.as_bool() == b.as_bool();
  if (a.as_number() && b.as_number()) return a.as_number() == b.as_number();
  return a.string_or("a") == b.string_or("b");
}

TEST(EmbeddedData, SaysWhatTheFolderSays) {
  for (const EmbeddedFile& file : embedded_data()) {
    const std::string path = test::source_path("data/" + std::string(file.path));
    Diagnostics problems;
    const auto there = parse_yaml(test::read_file(path), path, problems);
    const auto here = parse_json(file.json, path, problems);
    ASSERT_TRUE(there.has_value() && here.has_value()) << path;
    EXPECT_TRUE(is_same(*there, *here)) << path << " differs in the program";
  }
}

TEST(Scope, AnswersFromAFileOfFacts) {
  Diagnostics problems;
  const auto report = scope(law(), {facts_in(password_manager), usual_day, {}}, problems);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->view.codes.cra, ElementsAre("IN:I-3"));
  EXPECT_THAT(report->view.codes.cra_routes, ElementsAre("B+C", "H"));
  EXPECT_THAT(report->view.codes.ai_act, ElementsAre("OUT:not_ai"));
  EXPECT_THAT(report->view.codes.nis2, ElementsAre("NO"));
  EXPECT_EQ(report->view.codes.article_12, "not_applicable");
  EXPECT_FALSE(report->what_if.has_value());
}

TEST(Scope, ShowsWhatAWhatIfChanges) {
  Diagnostics problems;
  const auto report = scope(
      law(),
      {facts_in(password_manager), usual_day, {"cra.standards_applied=full", "product.foss = yes"}},
      problems);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->changes, Contains(ViewChange{"codes.cra_routes", "B+C, H", "A, B+C, H"}));
  EXPECT_THAT(report->changes, Contains(ViewChange{"cra.routes", "third_party", "any"}));
  EXPECT_THAT(report->view.codes.cra, report->what_if->codes.cra);
}

// NIS2 34(4) and (5): essential entities risk EUR 10 million or 2 %, important ones 7 or 1.4 %.
TEST(Scope, ShowsWhereAWhatIfChangesWhatABreachMayCost) {
  Diagnostics problems;
  const auto report = scope(
      law(),
      {facts_in(password_manager), usual_day, {"nis2.sector=energy, food", "maker.size=medium"}},
      problems);
  ASSERT_TRUE(report.has_value());
  const auto changed = [](const std::vector<ViewChange>& changes) {
    return std::ranges::find(changes, "nis2.risk_policies (sanction)", &ViewChange::what);
  };
  EXPECT_EQ(changed(report->changes), report->changes.end()) << "it did not apply before";
  const auto large =
      scope(law(), {facts_in(password_manager), usual_day, {"nis2.sector=energy, food"}}, problems);
  ASSERT_TRUE(large.has_value());
  const auto between = changes_between(*large->what_if, *report->what_if);
  const auto row = changed(between);
  ASSERT_NE(row, between.end());
  EXPECT_THAT(row->before, testing::HasSubstr("EUR 10 million or 2 %"));
  EXPECT_THAT(row->after, testing::HasSubstr("EUR 7 million or 1.4 %"));
}

TEST(Scope, LetsAWhatIfTryAnotherLaw) {
  Diagnostics problems;
  const auto report = scope(law(),
                            {facts_in(password_manager),
                             usual_day,
                             {"cra.core_function=security_box", "cra.certificate_required=yes"}},
                            problems);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->what_if->codes.cra_routes, ElementsAre("CERT"));
}

std::string what_if_error(const std::string& what_if) {
  Diagnostics problems;
  const auto report = scope(law(), {facts_in(password_manager), usual_day, {what_if}}, problems);
  return report ? "" : report.error().code + ": " + report.error().message;
}

TEST(Scope, RefusesAWhatIfThatIsNone) {
  EXPECT_EQ(what_if_error("product.foss"),
            "facts.what_if: expected FACT=VALUE, found 'product.foss'");
  EXPECT_EQ(what_if_error("product.foss=perhaps"),
            "facts.what_if: product.foss is yes or no, found 'perhaps'");
  EXPECT_EQ(what_if_error("product.fos=yes"),
            "facts.what_if: 'product.fos' is no fact of the catalogue; did you mean "
            "'product.foss'?");
}

std::vector<std::string> problems_of(const std::string& yaml) {
  Diagnostics problems;
  const auto report = scope(law(), {facts_in(yaml), usual_day, {}}, problems);
  EXPECT_FALSE(report.has_value());
  std::vector<std::string> texts;
  for (const Diagnostic& entry : problems.entries())
    texts.push_back(to_text(entry));
  return texts;
}

TEST(Scope, RefusesFactsThatDoNotFitTheCatalogue) {
  EXPECT_THAT(
      problems_of("product.data_conection: yes\nproduct.foss: 3\ncra.core_function: browsr\n"
                  "product.placed_on_market: yes\nproduct.union_acts: [radio, lift]\n"
                  "cra.scheme_recognised: yes\n"),
      ElementsAre(
          "facts.yaml:1:1: error[facts.unknown_name]: 'product.data_conection' is no fact of the "
          "catalogue; did you mean 'product.data_connection'?",
          "facts.yaml:2:1: error[facts.wrong_type]: product.foss is yes or no, found '3'",
          "facts.yaml:3:1: error[facts.unknown_word]: 'browsr' is no word of cra.core_function; "
          "did you mean 'browser'?",
          "facts.yaml:4:1: error[facts.wrong_type]: product.placed_on_market is a day such as "
          "2027-12-11, found 'yes'",
          "facts.yaml:5:1: error[facts.unknown_word]: 'lift' is no word of product.union_acts; "
          "did you mean 'lifts'?",
          "facts.yaml:6:1: error[facts.of_law]: 'cra.scheme_recognised' is stated by the law, not "
          "by a product; try it with --what-if"));
}

TEST(Scope, RefusesAFactThatIsStatedTwice) {
  std::vector<Fact> facts = facts_in("product.foss: yes\n");
  facts.push_back(facts.front());
  Diagnostics problems;
  EXPECT_FALSE(scope(law(), {facts, usual_day, {}}, problems).has_value());
  EXPECT_EQ(to_text(problems.entries().front()),
            "facts.yaml:1:1: error[facts.twice]: 'product.foss' is stated twice (facts.yaml:1); "
            "keep one");
}

TEST(Scope, RefusesFactsThatCannotBeTrueTogetherWithBothPlaces) {
  std::vector<Fact> facts = facts_in("foss.steward: yes\nmaker.country: DE\nproduct.foss: no\n");
  Diagnostics problems;
  EXPECT_FALSE(scope(law(), {facts, usual_day, {}}, problems).has_value());
  ASSERT_EQ(problems.entries().size(), 1U);
  EXPECT_EQ(
      to_text(problems.entries().front()),
      "facts.yaml:3:1: error[facts.contradiction]: product.foss = no (facts.yaml:3) and "
      "foss.steward = yes (facts.yaml:1) cannot be true together: a steward supports free "
      "and open-source software (CRA Art. 3(14), CRA Art. 3(48)); mend one, or say 'unknown'");
}

TEST(Scope, WarnsOfAWhatIfThatContradictsAFact) {
  const std::vector<Fact> facts = facts_in("ai.is_the_product: yes\n");
  Diagnostics problems;
  const auto report = scope(law(), {facts, usual_day, {"ai.is_ai_system=no"}}, problems);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->what_if->codes.ai_act, testing::Contains("OUT:not_ai"));
  EXPECT_FALSE(problems.has_errors());
  ASSERT_EQ(problems.entries().size(), 1U);
  EXPECT_THAT(
      problems.entries().front().message,
      testing::StartsWith("ai.is_ai_system = no (answered by --what-if) and "
                          "ai.is_the_product = yes (facts.yaml:1) cannot be true together"));
}

// Days around what the calendar and the catalogue have; the texts of the refusals say what fits.
TEST(Scope, RefusesDaysNumbersAndCountriesThatCannotBe) {
  const auto refusal = [](const std::string& line) {
    Diagnostics problems;
    const bool answered =
        scope(law(), {facts_in(line + "\n"), usual_day, {}}, problems).has_value();
    return answered ? std::string("answered") : problems.entries().front().message;
  };
  using testing::EndsWith;
  EXPECT_EQ(refusal("product.placed_on_market: 2028-02-29"), "answered");
  EXPECT_EQ(refusal("product.placed_on_market: 1958-01-01"), "answered");
  EXPECT_EQ(refusal("product.placed_on_market: 2099-12-31"), "answered");
  EXPECT_THAT(refusal("product.placed_on_market: 2027-02-29"),
              EndsWith("found '2027-02-29', which no calendar has"));
  EXPECT_THAT(refusal("product.placed_on_market: 2027-13-01"),
              EndsWith("found '2027-13-01', which no calendar has"));
  EXPECT_THAT(refusal("product.placed_on_market: 0000-01-01"),
              EndsWith("1958-01-01 or later, found 0000-01-01"));
  EXPECT_THAT(refusal("product.placed_on_market: 9999-12-31"),
              EndsWith("2099-12-31 or earlier, found 9999-12-31"));
  EXPECT_EQ(refusal("maker.staff: 0"), "answered");
  EXPECT_THAT(refusal("maker.staff: -1"), EndsWith("0 or more, found -1"));
  EXPECT_EQ(refusal("maker.country: GR"), "answered");
  EXPECT_EQ(refusal("maker.country: EL"), "answered");
  EXPECT_THAT(refusal("maker.country: Germany"), EndsWith("found 'Germany'; did you mean 'DE'?"));
  EXPECT_THAT(refusal("maker.country: de"), EndsWith("found 'de'; did you mean 'DE'?"));
  EXPECT_THAT(refusal("maker.country: XX"), EndsWith("found 'XX'"));
  EXPECT_THAT(refusal("product.union_acts: [toys, lifts, toys]"),
              EndsWith("'toys' is in the list of product.union_acts twice; keep one"));
}

// Greece is a Member State by either of its two spellings, Norway and the United Kingdom are none.
TEST(Scope, KnowsTheMemberStates) {
  const auto needs_representative = [](const std::string& country) {
    Diagnostics problems;
    const auto report = scope(
        law(),
        {facts_in("actor.role: maker\nai.is_ai_system: yes\nmaker.country: '" + country + "'\n"),
         usual_day,
         {}},
        problems);
    EXPECT_TRUE(report.has_value()) << country;
    const auto& duties = report->view.obligations;
    return std::ranges::find(duties, "aia.authorised_representative", &Obligation::id)->applies !=
           Truth::no;
  };
  for (const char* inside : {"EL", "GR", "DE", "HR"})
    EXPECT_FALSE(needs_representative(inside)) << inside;
  for (const char* outside : {"NO", "UK", "GB", "US"})
    EXPECT_TRUE(needs_representative(outside)) << outside;
}

TEST(GatherFacts, RefusesASectionAndAFactThatDiffer) {
  Product product;
  product.path = "lockstep.yaml";
  product.placed_on_market = Day(std::chrono::year{2028} / 9 / 4);
  product.facts = facts_in("product.placed_on_market: 2028-09-05\n");
  Diagnostics problems;
  (void)gather_facts(product, problems);
  ASSERT_EQ(problems.entries().size(), 1U);
  EXPECT_EQ(to_text(problems.entries().front()),
            "facts.yaml:1:1: error[facts.contradiction]: product.placed_on_market is 2028-09-05 "
            "here and 2028-09-04 elsewhere in the file (lockstep.yaml); mend one of the two");
}

TEST(GatherFacts, TakesWhatOtherSectionsSayUnlessFactsSayIt) {
  Product product;
  product.path = "lockstep.yaml";
  product.placed_on_market = Day(std::chrono::year{2028} / 9 / 4);
  product.manufacturer.country = "DE";
  product.facts = facts_in("maker.country: DE\n");
  Diagnostics problems;
  const std::vector<Fact> facts = gather_facts(product, problems);
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_EQ(facts[0].name, "maker.country");
  EXPECT_EQ(to_text(facts[0].value), "DE");
  EXPECT_EQ(to_text(facts[1].value), "2028-09-04");
}

TEST(ParseAnswer, TakesWhatAPersonTypes) {
  const auto answer = [](const std::string& fact, std::string_view text) {
    const auto value = parse_answer(*law().find_fact(fact), text);
    return value ? to_text(*value) : "refused";
  };
  EXPECT_EQ(answer("product.foss", " yes "), "yes");
  EXPECT_EQ(answer("product.foss", "not sure"), "unknown");
  EXPECT_EQ(answer("product.foss", "maybe"), "refused");
  EXPECT_EQ(answer("product.placed_on_market", "2028-02-30"), "refused");
  EXPECT_EQ(answer("product.union_acts", "radio, toys"), "radio, toys");
  EXPECT_EQ(answer("product.union_acts", "[radio]"), "radio");
  EXPECT_EQ(answer("product.union_acts", "none"), "none");
}

}  // namespace
}  // namespace lockstep::app
