// SPDX-License-Identifier: Apache-2.0
// Metrics of numbers against NumPy and scipy (tests/data/metrics/numbers.tsv), and their laws.
#include "ai/metrics/regression.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "ai/sheet.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

struct Sheet {
  std::map<std::string, double> expected;
  Numbers numbers;
};

Sheet sheet() {
  const test::Sheet read = test::read_sheet("numbers.tsv");
  Sheet all{{read.expected.begin(), read.expected.end()}, {}};
  for (const std::vector<double>& sample : read.samples) {
    all.numbers.said.push_back(sample.at(0));
    all.numbers.right.push_back(sample.at(1));
  }
  return all;
}

Metrics measured(const Numbers& numbers,
                 const std::vector<DeclaredMetric>& declared = {},
                 const std::optional<Grouping>& grouping = std::nullopt) {
  auto metrics = measure_numbers(numbers, grouping, {{1, 4000}, declared});
  EXPECT_TRUE(metrics.has_value()) << metrics.error().message;
  return metrics ? *std::move(metrics) : Metrics{};
}

const MetricValue& value(const Metrics& metrics, const std::string& name) {
  return *std::ranges::find(metrics.values, name, &MetricValue::metric);
}

TEST(MetricsOfNumbers, HaveTheValuesAndIntervalsOfOthers) {
  const Sheet all = sheet();
  ASSERT_EQ(all.numbers.right.size(), 200U);
  const Metrics metrics = measured(all.numbers);
  ASSERT_EQ(metrics.values.size(), 3U);
  for (const MetricValue& one : metrics.values) {
    EXPECT_NEAR(*one.value, all.expected.at(one.metric), 1e-9) << one.metric;
    ASSERT_TRUE(one.interval.has_value()) << one.why_not;
    const double low = all.expected.at(one.metric + ".low");
    const double high = all.expected.at(one.metric + ".high");
    // Both ends are quantiles of random draws.
    EXPECT_NEAR(one.interval->low, low, 0.06 * (high - low)) << one.metric;
    EXPECT_NEAR(one.interval->high, high, 0.06 * (high - low)) << one.metric;
  }
}

TEST(MetricsOfNumbers, EveryRowHasItsArithmetic) {
  const Metrics metrics = measured(sheet().numbers);
  std::vector<std::string> rows;
  for (const MetricRow& row : metric_rows())
    if (row.task == MetricTask::numbers) rows.emplace_back(row.name);
  std::vector<std::string> values;
  for (const MetricValue& one : metrics.values)
    values.push_back(one.metric);
  EXPECT_EQ(values, rows);
}

TEST(MetricsOfNumbers, HoldDeclaredValuesInBothDirections) {
  const Numbers numbers = sheet().numbers;
  const auto p = [&](const std::string& text) {
    const auto declared = parse_declared(text, 0.95);
    EXPECT_TRUE(declared.has_value());
    return measured(numbers, {*declared}).declared.at(0);
  };
  EXPECT_LT(p("mae=1.9").p_shown, 0.05);
  EXPECT_LT(p("mae=1.2").p_refuted, 0.05);
  EXPECT_GT(p("mae=1.6").p_shown, 0.05);
  EXPECT_GT(p("mae=1.6").needed, 200);
  EXPECT_LT(p("r2=0.8").p_shown, 0.05);
  EXPECT_LT(p("r2=0.97").p_refuted, 0.05);
  EXPECT_LT(p("rmse=3").p_shown, 0.05);
}

TEST(MetricsOfNumbers, OfAGroupAreThoseOfItsSamplesAlone) {
  const Numbers numbers = sheet().numbers;
  Grouping grouping{"site", {"a", "b"}, {}};
  Numbers of_b;
  for (std::size_t i = 0; i < numbers.right.size(); ++i) {
    grouping.of.push_back(i % 3 == 0 ? 1 : 0);
    if (i % 3 != 0) continue;
    of_b.said.push_back(numbers.said[i]);
    of_b.right.push_back(numbers.right[i]);
  }
  const Metrics metrics =
      measured(numbers, {{"mae", -1, "b", 2, 0.95}, {"mae", -1, "", 2, 0.95}}, grouping);
  EXPECT_DOUBLE_EQ(*metrics.declared[0].measured.value, *value(measured(of_b), "mae").value);
  EXPECT_EQ(metrics.declared[0].measured.samples, std::ssize(of_b.right));
  const auto unknown = measure_numbers(numbers, grouping, {{1, 100}, {{"mae", -1, "c", 2, 0.95}}});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, "ai.declared");
}

TEST(MetricsOfNumbers, SayWhyThereIsNothing) {
  const Metrics few = measured({{1, 2, 3}, {1, 2, 4}});
  EXPECT_DOUBLE_EQ(*value(few, "mae").value, 1.0 / 3);
  EXPECT_FALSE(value(few, "mae").interval.has_value());
  EXPECT_NE(value(few, "mae").why_not.find("too few"), std::string::npos);
  const Metrics same = measured({std::vector<double>(50, 1), std::vector<double>(50, 2)});
  EXPECT_FALSE(value(same, "r2").value.has_value());
  EXPECT_DOUBLE_EQ(*value(same, "mae").value, 1);
  EXPECT_FALSE(value(same, "mae").interval.has_value());
}

TEST(MetricsOfNumbers, AreNotDeclaredBesideThoseOfClasses) {
  const DeclaredMetric mae{"mae", -1, "", 1, 0.95};
  const DeclaredMetric accuracy{"accuracy", -1, "", 0.9, 0.95};
  EXPECT_TRUE(*is_of_numbers(std::vector{mae}));
  EXPECT_FALSE(*is_of_numbers(std::vector{accuracy}));
  EXPECT_FALSE(*is_of_numbers({}));
  EXPECT_FALSE(is_of_numbers(std::vector{mae, accuracy}).has_value());
}

// Of normal errors the mean distance is sigma sqrt(2 / pi): the interval holds it about as often as
// it says.
TEST(MetricsOfNumbers, IntervalsHoldTheTruthAsOftenAsTheySay) {
  constexpr int runs = 200;
  int held = 0;
  for (std::uint32_t run = 0; run < runs; ++run) {
    Random random(RandomKey{11, 1, run, 0});
    Numbers numbers;
    for (int i = 0; i < 100; ++i) {
      numbers.right.push_back(10 * random.normal());
      numbers.said.push_back(numbers.right.back() + random.normal());
    }
    const auto metrics = measure_numbers(numbers, std::nullopt, {{1, 500}, {}});
    const Interval interval = *value(*metrics, "mae").interval;
    const double truth = std::sqrt(2 / 3.14159265358979);
    held += interval.low <= truth && truth <= interval.high ? 1 : 0;
  }
  EXPECT_GE(held, 180);  // 190 on average; 180 or fewer by chance once in 600
}

}  // namespace
}  // namespace lockstep::ai
