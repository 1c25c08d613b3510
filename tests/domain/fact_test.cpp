// SPDX-License-Identifier: Apache-2.0
#include "domain/fact.hpp"

#include <gtest/gtest.h>

namespace lockstep {
namespace {

constexpr Truth no = Truth::no;
constexpr Truth unknown = Truth::unknown;
constexpr Truth yes = Truth::yes;

// Kleene's strong three-valued logic, the whole tables.
TEST(Truth, IsKleenes) {
  constexpr Truth values[] = {no, unknown, yes};
  constexpr Truth conjunction[3][3] = {{no, no, no}, {no, unknown, unknown}, {no, unknown, yes}};
  constexpr Truth disjunction[3][3] = {
      {no, unknown, yes}, {unknown, unknown, yes}, {yes, yes, yes}};
  constexpr Truth negation[3] = {yes, unknown, no};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(!values[i], negation[i]);
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(both(values[i], values[j]), conjunction[i][j]);
      EXPECT_EQ(either(values[i], values[j]), disjunction[i][j]);
      // De Morgan.
      EXPECT_EQ(!both(values[i], values[j]), either(!values[i], !values[j]));
    }
  }
  EXPECT_EQ(truth_of(true), yes);
  EXPECT_EQ(truth_of(false), no);
}

TEST(Truth, HasItsWords) {
  EXPECT_EQ(to_text(no), "no");
  EXPECT_EQ(to_text(unknown), "unknown");
  EXPECT_EQ(to_text(yes), "yes");
}

TEST(FactValue, IsShownAsWritten) {
  EXPECT_EQ(to_text(FactValue{}), "unknown");
  EXPECT_EQ(to_text(FactValue{true}), "yes");
  EXPECT_EQ(to_text(FactValue{false}), "no");
  EXPECT_EQ(to_text(FactValue{std::int64_t{42}}), "42");
  EXPECT_EQ(to_text(FactValue{0.25}), "0.25");
  EXPECT_EQ(to_text(FactValue{std::string("NO")}), "NO");
  EXPECT_EQ(to_text(FactValue{*parse_day("2028-01-17")}), "2028-01-17");
  EXPECT_EQ(to_text(FactValue{std::vector<std::string>{"a", "b"}}), "a, b");
  EXPECT_EQ(to_text(FactValue{std::vector<std::string>{}}), "none");
}

TEST(FactValue, OnlyNothingIsUnknown) {
  EXPECT_FALSE(is_known(FactValue{}));
  EXPECT_TRUE(is_known(FactValue{false}));
  EXPECT_TRUE(is_known(FactValue{std::vector<std::string>{}}));
}

TEST(Provenance, FitsIntoBrackets) {
  Provenance provenance;
  provenance.where = {"lockstep.yaml", 14, 3};
  EXPECT_EQ(to_text(provenance), "lockstep.yaml:14");
  provenance.where.line = 0;
  EXPECT_EQ(to_text(provenance), "lockstep.yaml");
  provenance.by = "pgd";
  provenance.kind = Provenance::Kind::measured;
  EXPECT_EQ(to_text(provenance), "measured by pgd");
  provenance.kind = Provenance::Kind::computed;
  EXPECT_EQ(to_text(provenance), "computed by pgd");
  provenance.kind = Provenance::Kind::answered;
  EXPECT_EQ(to_text(provenance), "answered by pgd");
}

}  // namespace
}  // namespace lockstep
