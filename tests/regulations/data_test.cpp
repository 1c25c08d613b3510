// SPDX-License-Identifier: Apache-2.0
#include "regulations/data.hpp"

#include <set>

namespace lockstep::regulations {
namespace {

TEST(Data, LoadsWithoutProblems) {
  const Ruleset& rules = test::real_rules();
  EXPECT_EQ(rules.acts.size(), 7U);
  EXPECT_EQ(rules.order.size(), rules.decisions.size());
}

/// Every fact that a condition below the node may name: keys of maps, and plain texts.
void collect_names(const Json& node, std::set<std::string>& names) {
  if (const std::string* text = node.as_string()) names.insert(*text);
  for (const Json& item : node.items())
    collect_names(item, names);
  for (const auto& [key, value] : node.members()) {
    names.insert(key);
    collect_names(value, names);
  }
}

/// The facts that some `when`, `applies_when`, `unless` or choice of a date asks for.
std::set<std::string> asked_names(const Json& node) {
  std::set<std::string> names;
  for (const Json& item : node.items())
    names.merge(asked_names(item));
  for (const auto& [key, value] : node.members()) {
    if (key == "when" || key == "applies_when" || key == "unless") {
      collect_names(value, names);
    } else {
      names.merge(asked_names(value));
    }
  }
  return names;
}

// Whoever reads the law otherwise than we do can say so, and something hangs on it.
TEST(Data, EachReadingOfOursHasAFactForAnother) {
  const Ruleset& rules = test::real_rules();
  std::set<std::string> asked;
  for (const SourceFile& file : test::data_files())
    asked.merge(asked_names(file.tree));
  int readings = 0;
  const auto check = [&](const std::string& id, int basis, const std::string& fact) {
    if (rules.basis_word(basis) != "ours") {
      EXPECT_EQ(fact, "") << id << " is no reading of ours";
      return;
    }
    ++readings;
    EXPECT_NE(fact, "") << id << " is our reading; name the fact for another under other_reading";
    EXPECT_TRUE(asked.contains(fact)) << id << ": nothing hangs on " << fact;
  };
  for (const Decision& decision : rules.decisions) {
    for (const Step& step : decision.steps) {
      check(decision.id + "/" + step.id, step.basis, step.other_reading);
      for (const Row& row : step.rows) {
        if (rules.basis_word(row.basis) == "ours") {
          check(decision.id + "/" + step.id, row.basis, step.other_reading);
        }
      }
    }
  }
  for (const Requirement& requirement : rules.requirements)
    check(requirement.id, requirement.basis, requirement.other_reading);
  EXPECT_GT(readings, 0);
}

}  // namespace
}  // namespace lockstep::regulations
