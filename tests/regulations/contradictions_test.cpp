// SPDX-License-Identifier: Apache-2.0
// Every row of data/contradictions.yaml refuses what it names, whatever else is stated, and nothing
// that is unknown.
#include "regulations/contradictions.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "regulations/data.hpp"
#include "regulations/facts.hpp"

namespace lockstep::regulations {
namespace {

/// Two statements that contradict each other, written down by hand from the definitions of the
/// acts, and a third value for the first with which the second goes together.
struct Pair {
  const char* row;
  Fact one;
  Fact other;
  FactValue agrees;
};

using Words = std::vector<std::string>;

FactValue day(const char* text) {
  return *parse_day(text);
}

FactValue word(const char* text) {
  return std::string(text);
}

std::vector<Pair> pairs() {
  return {
      {"steward.of_closed_software", {"product.foss", false, {}}, {"foss.steward", true, {}}, true},
      {"steward.role_of_nobody",
       {"foss.steward", false, {}},
       {"foss.steward_role", Words{"develops"}, {}},
       true},
      {"supply.own_use_with_signs",
       {"product.supply", word("own_use"), {}},
       {"product.commercial_signs", Words{"price"}, {}},
       word("not_commercial")},
      {"supply.nowhere_with_signs",
       {"product.supply", word("not_in_union"), {}},
       {"product.commercial_signs", Words{"price"}, {}},
       word("commercial")},
      {"supply.type_after_unit",
       {"product.type_first_placed", day("2028-01-02"), {}},
       {"product.placed_on_market", day("2028-01-01"), {}},
       day("2028-01-01")},
      {"connection.function_needs_it",
       {"product.data_connection", false, {}},
       {"cra.core_function", word("vpn"), {}},
       true},
      {"connection.processing_at_a_distance",
       {"product.data_connection", false, {}},
       {"rdp.at_a_distance", true, {}},
       true},
      {"acts.pedal_vehicle",
       {"product.union_acts", Words{"lifts"}, {}},
       {"product.l1e_pedal", true, {}},
       Words{"l_category"}},
      {"acts.listed_in_annex_i",
       {"product.union_acts", Words{"lifts"}, {}},
       {"product.ai_annex_i_act", false, {}},
       Words{"ehr"}},
      {"acts.listed_in_annex_i",
       {"product.union_acts", Words{}, {}},
       {"product.ai_annex_i_act", true, {}},
       Words{"toys", "ehr"}},
      {"acts.third_party",
       {"product.union_acts", Words{"lifts"}, {}},
       {"product.third_party_acts", Words{"lifts", "toys"}, {}},
       Words{"toys", "lifts", "radio"}},
      {"acts.third_party_conditional",
       {"product.union_acts", Words{}, {}},
       {"product.third_party_conditional", Words{"toys"}, {}},
       Words{"toys"}},
      {"acts.third_party_other_risks",
       {"product.union_acts", Words{}, {}},
       {"product.third_party_other_risks", Words{"radio"}, {}},
       Words{"radio"}},
      {"acts.only_other_risks",
       {"product.third_party_acts", Words{"radio", "lifts"}, {}},
       {"product.third_party_other_risks", Words{"radio"}, {}},
       Words{"lifts"}},
      {"maker.without_its_name",
       {"actor.own_name", false, {}},
       {"actor.role", word("maker"), {}},
       true},
      {"maker.country_of_the_union",
       {"maker.country", word("EL"), {}},
       {"maker.established_in_eu", false, {}},
       word("NO")},
      {"change.none",
       {"change.kind", word("no_change"), {}},
       {"actor.substantial_modification", true, {}},
       word("new_function")},
      {"use.private_by_an_organisation",
       {"deployer.kind", word("public_body"), {}},
       {"deployer.personal_use", true, {}},
       word("private")},
      {"ai.none_but_the_product",
       {"ai.is_ai_system", false, {}},
       {"ai.is_the_product", true, {}},
       true},
      {"ai.untrained_but_trained",
       {"ai.uses_training", false, {}},
       {"ai.data_of_setting", true, {}},
       true},
      {"ai.part_of_no_listed_use",
       {"ai.annex_iii_uses", Words{}, {}},
       {"ai.minor_part", Words{"preparatory"}, {}},
       Words{"recruitment"}},
      {"ai.large_it_after_the_day",
       {"product.type_first_placed", day("2027-08-02"), {}},
       {"ai.part_of_large_it", true, {}},
       day("2027-08-01")},
  };
}

std::size_t contradictions_of(std::vector<Fact> facts) {
  Diagnostics problems;
  fit_facts(test::real_rules(), facts, problems);
  for (const Diagnostic& entry : problems.entries())
    EXPECT_EQ(entry.code, "facts.contradiction") << entry.message;
  return problems.entries().size();
}

TEST(Contradictions, EveryRowRefusesWhatItNamesAndNothingElse) {
  for (const Pair& pair : pairs()) {
    EXPECT_EQ(contradictions_of({pair.one, pair.other}), 1U) << pair.row;
    EXPECT_EQ(contradictions_of({pair.other, pair.one}), 1U) << pair.row;
    EXPECT_EQ(contradictions_of({{pair.one.name, pair.agrees, {}}, pair.other}), 0U) << pair.row;
    EXPECT_EQ(contradictions_of({pair.one, {pair.other.name, std::monostate{}, {}}}), 0U)
        << pair.row;
    EXPECT_EQ(contradictions_of({pair.one}), 0U) << pair.row;
  }
}

TEST(Contradictions, EveryRowHasAPair) {
  std::set<std::string> tried;
  for (const Pair& pair : pairs())
    tried.insert(pair.row);
  for (const FactContradiction& row : test::real_rules().contradictions)
    EXPECT_TRUE(tried.contains(row.id)) << row.id;
}

}  // namespace
}  // namespace lockstep::regulations
