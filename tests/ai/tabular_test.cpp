// SPDX-License-Identifier: Apache-2.0
#include "ai/tabular.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view loans = R"(lockstep_columns: 1
columns:
  - {name: income, type: real, range: [0, 1000], scale: min_max}
  - {name: term, type: int, range: [6, 60], scale: {mean: 30, deviation: 10}, monotone: increase}
  - {name: home, type: category, values: [rent, own, other], mutable: no}
  - {name: grade, type: ordinal, values: [C, B, A], monotone: decrease}
  - {name: urban, type: bool, group: place, values: [no, yes]}
  - {name: rural, type: bool, group: place, values: [no, yes]}
  - {name: monthly rate, type: real}
label: {name: paid, classes: [no, [yes, "yes."]]}
relations:
  - "`monthly rate` <= 0.5 * income / term"
  - 2 * term - 12 >= 0
)";

TabularSchema schema_of(std::string_view yaml) {
  Diagnostics problems;
  auto schema = read_columns(yaml, "columns.yaml", problems);
  std::string said;
  for (const Diagnostic& problem : problems.entries())
    said += to_text(problem) + "\n";
  if (!schema) throw std::runtime_error(schema.error().message + "\n" + said);
  return *std::move(schema);
}

std::vector<std::string> problems_with(std::string_view yaml) {
  Diagnostics problems;
  const auto schema = read_columns(yaml, "c.yaml", problems);
  EXPECT_FALSE(schema.has_value());
  std::vector<std::string> said;
  for (const Diagnostic& problem : problems.entries())
    said.push_back(to_text(problem));
  if (said.empty() && !schema) said.push_back(to_text(schema.error()));
  return said;
}

const std::vector<double> row{200, 36, 1, 2, 0, 1, 2.5};

TEST(Tabular, ARowBecomesFeaturesAndComesBack) {
  const TabularSchema schema = schema_of(loans);
  ASSERT_EQ(schema.features, 9U);
  std::vector<double> features(9);
  encode(schema, row, features);
  EXPECT_THAT(features, ElementsAre(0.2, 0.6, 0, 1, 0, 2, 0, 1, 2.5));
  std::vector<double> back(7);
  decode(schema, features, back);
  EXPECT_EQ(back, row);
  EXPECT_THAT(schema.class_names(), ElementsAre("no", "yes"));
}

TEST(Tabular, DecodingMakesTypesRangesAndGroupsTrue) {
  const TabularSchema schema = schema_of(loans);
  std::vector<double> back(7);
  decode(schema, std::vector<double>{-0.3, 0.649, 0.4, 0.3, 0.5, 7, 0.6, 0.7, 1}, back);
  EXPECT_EQ(back, (std::vector<double>{0, 36, 2, 2, 0, 1, 1}));
  decode(schema, std::vector<double>{-1e-9, 0, 0, 0, -0.1, 0, 0, 0, 0}, back);
  EXPECT_FALSE(std::signbit(back[0]));
  EXPECT_EQ(text_in(schema.columns[0], back[0]), "0");
}

RC_GTEST_PROP(Tabular, EveryPossibleRowComesBack, ()) {
  const TabularSchema schema = schema_of(loans);
  const bool urban = *rc::gen::arbitrary<bool>();
  const std::vector<double> made{static_cast<double>(*rc::gen::inRange(0, 1001)),
                                 static_cast<double>(*rc::gen::inRange(6, 61)),
                                 static_cast<double>(*rc::gen::inRange(0, 3)),
                                 static_cast<double>(*rc::gen::inRange(0, 3)),
                                 urban ? 1.0 : 0.0,
                                 urban ? 0.0 : 1.0,
                                 static_cast<double>(*rc::gen::inRange(-50, 50)) / 8};
  std::vector<double> features(schema.features);
  std::vector<double> back(made.size());
  encode(schema, made, features);
  decode(schema, features, back);
  for (std::size_t i = 0; i < made.size(); ++i)
    RC_ASSERT(std::abs(back[i] - made[i]) < 1e-9);
  RC_ASSERT(problems_of_change(schema, made, made).empty());
}

TEST(Tabular, ImpossibleRowsAreSaidWhy) {
  const TabularSchema schema = schema_of(loans);
  EXPECT_THAT(problems_of(schema, row), IsEmpty());
  const auto with = [&](std::size_t column, double value) {
    std::vector<double> other = row;
    other[column] = value;
    return problems_of(schema, other);
  };
  EXPECT_THAT(with(0, 1001), ElementsAre("income is 1001, not from 0 to 1000"));
  EXPECT_THAT(with(1, 36.5), ElementsAre("term is 36.5, no whole number"));
  EXPECT_THAT(with(4, 1), ElementsAre("2 of the group place hold, not one"));
  // 0.5 * 200 / 36 is 2.78.
  EXPECT_THAT(with(6, 2.8), ElementsAre("`monthly rate` <= 0.5 * income / term does not hold"));
  EXPECT_THAT(with(6, 2.7), IsEmpty());
}

TEST(Tabular, ForbiddenChangesAreSaidWhy) {
  const TabularSchema schema = schema_of(loans);
  std::vector<double> after = row;
  after[0] = 100;
  after[1] = 37;
  after[3] = 1;
  EXPECT_THAT(problems_of_change(schema, row, after), IsEmpty());
  after[1] = 35;
  after[2] = 0;
  EXPECT_THAT(
      problems_of_change(schema, row, after),
      ElementsAre("term may only rise from 36 to 35", "home may not change from own to rent"));
  after = row;
  after[3] = 0;
  EXPECT_THAT(problems_of_change(schema, after, row),
              ElementsAre("grade may only fall from C to A"));
}

TEST(Tabular, RelationsAreComputedAsWritten) {
  const TabularSchema schema = schema_of(loans);
  const auto difference_of = [&](std::string_view text) {
    const auto relation = read_relation(text, schema.columns);
    if (!relation) throw std::runtime_error(relation.error());
    return difference(*relation, row);
  };
  EXPECT_DOUBLE_EQ(difference_of("income - 2 * term + 3 = 4"), 200 - 72 + 3 - 4);
  EXPECT_DOUBLE_EQ(difference_of("income / term / 2 >= -1.5e1"), 200.0 / 36 / 2 + 15);
  EXPECT_DOUBLE_EQ(difference_of("-income*grade<=term"), -400 - 36);
  EXPECT_TRUE(std::isnan(difference_of("income / urban <= 1")));
}

TEST(Tabular, RelationsThatAreNoneAreSaidWhy) {
  const TabularSchema schema = schema_of(loans);
  const auto trouble = [&](std::string_view text) {
    const auto relation = read_relation(text, schema.columns);
    return relation ? "" : relation.error();
  };
  EXPECT_EQ(trouble(""), "expected a number or a column, found the end");
  EXPECT_EQ(trouble("incom <= 1"), "expected a column, found 'incom'; did you mean 'income'?");
  EXPECT_EQ(trouble("income"), "expected <=, >= or =, found the end");
  EXPECT_EQ(trouble("income < 3"), "expected <=, >= or =, found '< 3'");
  EXPECT_EQ(trouble("income <= 3 )"), "expected the end, found ')'");
  EXPECT_EQ(trouble("home <= 3"), "expected a column of numbers, but 'home' is a category");
  EXPECT_EQ(trouble("income / 0 <= 3"), "expected a finite number, and none that divides by zero");
  EXPECT_EQ(trouble("`income <= 3"), "expected a ` after the column's name");
}

TEST(Columns, AllProblemsAreSaidAtOnceWithTheirLines) {
  EXPECT_THAT(
      problems_with(R"(lockstep_columns: 1
columns:
  - {name: a, type: number}
  - {name: b, type: int, range: [9, 1], wide: 2}
  - {name: b, type: category}
  - {name: c, type: real, scale: min_max, monotone: up}
  - {name: d, type: real, scale: {mean: 1, deviation: 0}, cost: -1}
label: {name: a, classes: [x, x]}
relations: [zz <= 1]
)"),
      ElementsAre(
          "c.yaml:3:21: error[ai.columns]: expected real, int, bool, category or ordinal as the "
          "'type' of 'a', found 'number'",
          HasSubstr("c.yaml:4:41: error[ai.columns]: expected one of name, type,"),
          "c.yaml:4:33: error[ai.columns]: expected the lower end of the 'range' first",
          "c.yaml:5:5: error[ai.columns]: expected the 'values' of 'b'",
          "c.yaml:5:5: error[ai.columns]: expected each column once, found 'b' twice",
          "c.yaml:6:53: error[ai.columns]: expected increase or decrease as 'monotone'",
          "c.yaml:6:34: error[ai.columns]: expected a 'range' with two ends for the scale min_max",
          "c.yaml:7:65: error[ai.columns]: expected a 'cost' above 0",
          "c.yaml:7:34: error[ai.columns]: expected a 'deviation' above 0",
          "c.yaml:8:15: error[ai.columns]: the label is one of the columns: the net would be told "
          "the answer",
          "c.yaml:8:31: error[ai.columns]: 'x' names two classes",
          "c.yaml:9:13: error[ai.columns]: 'zz <= 1': expected a column, found 'zz'"));
}

TEST(Columns, ALabelIsOfClassesOrReal) {
  const auto with_label = [](const std::string& label) {
    return problems_with("lockstep_columns: 1\ncolumns:\n  - {name: a, type: real}\nlabel: " +
                         label);
  };
  Diagnostics problems;
  const auto schema = read_columns(
      "lockstep_columns: 1\ncolumns:\n  - {name: a, type: real}\nlabel: {name: b, type: real}\n",
      "c.yaml", problems);
  ASSERT_TRUE(schema.has_value());
  EXPECT_TRUE(schema->is_label_number);
  for (const char* wrong : {"{name: b}\n", "{name: b, type: int}\n", "{type: real}\n",
                            "{name: b, type: real, classes: [x, y]}\n"})
    EXPECT_THAT(with_label(wrong), ElementsAre(HasSubstr("or, of a net that answers a number")))
        << wrong;
}

TEST(Columns, AKeyThatStandsTwiceIsAProblemToo) {
  EXPECT_THAT(problems_with(std::string(loans) + "label: {name: kept, classes: [no, yes]}\n"),
              ElementsAre(HasSubstr("c.yaml:14")));
}

TEST(Columns, AnotherFormatIsRefused) {
  EXPECT_THAT(problems_with("lockstep_columns: 2\n"),
              ElementsAre(HasSubstr("expected 'lockstep_columns: 1'")));
  EXPECT_THAT(problems_with("lockstep_columns: 1\n").size(), testing::Ge(2U));
  EXPECT_THAT(problems_with("[").size(), testing::Ge(1U));
}

TEST(Columns, TheSampleIsRead) {
  const TabularSchema schema = schema_of(
      lockstep::test::read_file(lockstep::test::source_path("tests/data/columns/adult.yaml")));
  EXPECT_EQ(schema.features, 108U);
  EXPECT_EQ(schema.columns.size(), 14U);
  EXPECT_EQ(schema.file_columns.size(), 15U);
}

}  // namespace
}  // namespace lockstep::ai
