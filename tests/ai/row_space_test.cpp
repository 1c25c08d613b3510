// SPDX-License-Identifier: Apache-2.0
#include "ai/row_space.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck/gtest.h>

namespace lockstep::ai {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double no_limit = std::numeric_limits<double>::infinity();

constexpr std::string_view loans = R"(lockstep_columns: 1
columns:
  - {name: income, type: real, range: [0, 1000], scale: min_max, cost: 5}
  - {name: term, type: int, range: [6, 60], scale: {mean: 30, deviation: 10}, monotone: increase}
  - {name: home, type: category, values: [rent, own, other]}
  - {name: region, type: category, values: [north, south], mutable: no}
  - {name: urban, type: bool, group: place}
  - {name: rural, type: bool, group: place}
  - {name: island, type: bool, group: place, mutable: no}
  - {name: rate, type: real, range: [0, 200]}
  - {name: bonus, type: int, range: [0, 20]}
  - {name: loss, type: int, range: [0, 20]}
label: {name: paid, classes: [no, yes]}
relations:
  - rate = income / term
  - bonus * loss = 0
  - term <= 40
)";

TabularSchema schema_of(std::string_view yaml) {
  Diagnostics problems;
  auto schema = read_columns(yaml, "columns.yaml", problems);
  if (!schema) throw std::runtime_error(schema.error().message);
  return *std::move(schema);
}

const TabularSchema& loan_schema() {
  static const TabularSchema schema = schema_of(loans);
  return schema;
}

const std::vector<double> loan{360, 36, 1, 0, 1, 0, 0, 10, 3, 0};

std::vector<float> features_of(const std::vector<double>& row) {
  std::vector<double> features(loan_schema().features);
  encode(loan_schema(), row, features);
  return {features.begin(), features.end()};
}

std::vector<double> with(std::initializer_list<std::pair<std::size_t, double>> values) {
  std::vector<double> row = loan;
  for (const auto& [column, value] : values)
    row[column] = value;
  return row;
}

TEST(RowSpace, DistancesAreThoseOfTheFeatures) {
  const std::vector<float> x = features_of(loan);
  const auto at = [&](RowNorm norm, const std::vector<double>& row) {
    return RowSpace(loan_schema(), x, norm, no_limit).distance(row);
  };
  // income 0.1 of its range, term half of a deviation, another home, another place.
  const std::vector<double> row = with({{0, 460}, {1, 41}, {2, 0}, {4, 0}, {5, 1}});
  EXPECT_NEAR(at(RowNorm::linf, row), 1, 1e-6);
  EXPECT_NEAR(at(RowNorm::l1, row), 0.1 + 0.5 + 2 + 2, 1e-6);
  EXPECT_NEAR(at(RowNorm::l2, row), std::sqrt(0.01 + 0.25 + 2 + 2), 1e-6);
  const RowSpace space(loan_schema(), x, RowNorm::linf, no_limit);
  EXPECT_EQ(space.distance(space.original()), 0);
  EXPECT_NEAR(space.change(row).cost, 5 * 0.1 + 0.5 + 1 + 1 + 1, 1e-6);
  EXPECT_THAT(space.change(row).columns, ElementsAre(0, 1, 2, 4, 5));
}

TEST(RowSpace, WhatMayChangeFollowsFromDescriptionAndBudget) {
  const RowSpace space(loan_schema(), features_of(loan), RowNorm::linf, 0.3);
  std::vector<std::string> parts;
  for (const RowSpace::Part& part : space.parts()) {
    std::string name = loan_schema().columns[part.columns.front()].name;
    if (!part.is_choice)
      name += " " + std::to_string(std::lround(part.low)) + ".." +
              std::to_string(std::lround(part.high)) + (part.is_defined ? " defined" : "");
    parts.push_back(name + (part.is_choice ? " of " + std::to_string(part.choices.size()) : ""));
  }
  // Whole numbers without a scale need 1; the island cannot be chosen, nor the region.
  EXPECT_THAT(parts, ElementsAre("income 60..660", "term 36..39", "home of 3",
                                 "rate 10..10 defined", "urban of 2"));
}

TEST(RowSpace, DefinedColumnsFollowAndOthersAreMendedByTheLeastChange) {
  const RowSpace space(loan_schema(), features_of(loan), RowNorm::linf, no_limit);
  std::vector<double> row = with({{0, 720}});
  space.mend(row);
  EXPECT_EQ(row, with({{0, 720}, {7, 20}}));
  row = with({{1, 60}});
  space.mend(row);
  EXPECT_EQ(row, with({{1, 40}, {7, 9}}));
  row = with({{9, 1}});  // bonus 3, loss 1: the loss is nearer to 0
  space.mend(row);
  EXPECT_EQ(row, loan);
  row = with({{9, 8}});
  space.mend(row);
  EXPECT_EQ(row, with({{8, 0}, {9, 8}}));
  EXPECT_THAT(space.problems(row), IsEmpty());
}

TEST(RowSpace, WhatCannotBeMendedStaysAndIsSaid) {
  // A term of 45 is too long, and may not become shorter.
  const std::vector<double> late = with({{1, 45}, {7, 8}});
  const RowSpace space(loan_schema(), features_of(late), RowNorm::linf, 0.05);
  std::vector<double> row = late;
  space.mend(row);
  EXPECT_EQ(row, late);
  EXPECT_THAT(space.problems(row), ElementsAre("term <= 40 does not hold"));
  row[0] = 500;
  EXPECT_THAT(space.problems(row),
              ElementsAre("rate = income / term does not hold", "term <= 40 does not hold",
                          "is 0.14 away, more than 0.05"));
}

TEST(RowSpace, TheGradientOfADefinedColumnGoesToThoseItFollows) {
  const RowSpace space(loan_schema(), features_of(loan), RowNorm::linf, no_limit);
  std::vector<float> gradient(loan_schema().features, 0);
  gradient[loan_schema().columns[7].feature] = 2;
  space.follow_definitions(loan, gradient);
  // d rate / d income = 1/36, times 1000 for the scale; d rate / d term = -360/36^2, times 10.
  EXPECT_NEAR(gradient[0], 2 * 1000.0 / 36, 0.01);
  EXPECT_NEAR(gradient[1], 2 * -360.0 / (36 * 36) * 10, 0.01);
  EXPECT_EQ(gradient[loan_schema().columns[7].feature], 0);
}

RC_GTEST_PROP(RowSpace, RowsNearAnythingKeepTypesAndWhatMayNotChange, ()) {
  const RowSpace space(loan_schema(), features_of(loan), RowNorm::l2, no_limit);
  std::vector<float> point(loan_schema().features);
  for (float& each : point)
    each = static_cast<float>(*rc::gen::inRange(-300, 300)) / 100;
  const std::vector<double> row = space.row_near(point);
  RC_ASSERT(problems_of_change(loan_schema(), loan, row).empty());
  RC_ASSERT(space.problems(row).empty());
  std::vector<float> features(point.size());
  space.encode(row, features);
  std::vector<double> read(row.size());
  decode(loan_schema(), std::vector<double>(features.begin(), features.end()), read);
  for (std::size_t i = 0; i < row.size(); ++i)
    RC_ASSERT(std::abs(row[i] - read[i]) < 1e-3);
  const RowSpace other(loan_schema(), features, RowNorm::l2, no_limit);
  RC_ASSERT(other.row_near(features) == other.original());
}

}  // namespace
}  // namespace lockstep::ai
