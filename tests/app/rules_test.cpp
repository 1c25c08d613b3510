// SPDX-License-Identifier: Apache-2.0
#include "app/rules.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "app/embedded_law.hpp"

namespace lockstep::app {
namespace {

std::vector<std::string> words_of(const std::vector<SectorAct>& acts) {
  std::vector<std::string> words;
  for (const SectorAct& act : acts)
    words.push_back(act.word);
  return words;
}

// Each word that a product file can use for a Union act has its row, and no other has one.
TEST(UnionActs, EveryWordOfTheFactHasARow) {
  const auto rules = load_rules();
  ASSERT_TRUE(rules.has_value()) << to_text(rules.error());
  const auto fact = std::ranges::find(rules->law.facts, "product.union_acts",
                                      [](const auto& one) { return one.name; });
  ASSERT_NE(fact, rules->law.facts.end());
  std::set<std::string> known;
  for (const auto& word : fact->words)
    known.insert(word.word);
  std::set<std::string> rows;
  const auto trees = embedded_trees("union_acts.yaml");
  ASSERT_TRUE(trees.has_value());
  for (const Json& row : trees->at(0).tree["acts"].items()) {
    EXPECT_TRUE(rows.insert(row["word"].string_or("")).second);
    EXPECT_TRUE(row["oj"].string_or("").starts_with("OJ L")) << row["word"].string_or("");
    EXPECT_THAT(row["declaration"].string_or(""), testing::AnyOf("eu", "none"));
    EXPECT_TRUE(row["eli"].string_or("").starts_with("http://data.europa.eu/eli/"));
  }
  EXPECT_EQ(rows, known);
}

TEST(UnionActs, OnlyThoseThatWantADeclarationAreNamed) {
  const auto rules = load_rules();
  ASSERT_TRUE(rules.has_value());
  using Words = std::vector<std::string>;
  const std::vector<Fact> facts = {
      {"product.union_acts", Words{"radio", "motor_vehicles", "atex"}, {}}};
  EXPECT_THAT(words_of(sector_acts_of(*rules, facts)), testing::ElementsAre("atex", "radio"));
  EXPECT_TRUE(sector_acts_of(*rules, std::vector<Fact>{}).empty());
}

}  // namespace
}  // namespace lockstep::app
