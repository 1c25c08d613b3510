// SPDX-License-Identifier: Apache-2.0
// Attacks on rows of a table: against enumeration of all rows, closed forms, and a known exact set.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/tabular.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "support/paths.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using lockstep::test::read_file;
using lockstep::test::shared_path;
using lockstep::test::source_path;
using test::classifier_of;
using testing::HasSubstr;

using Rows = std::vector<std::vector<double>>;

TabularSchema schema_of(std::string_view yaml) {
  Diagnostics problems;
  auto schema = read_columns(yaml, "columns.yaml", problems);
  if (!schema) throw std::runtime_error(schema.error().message);
  return *std::move(schema);
}

Samples samples_of_rows(const Rows& rows, const Classifier& net, const TabularSchema& schema) {
  const auto width = static_cast<std::int64_t>(schema.features);
  at::Tensor x = at::empty({static_cast<std::int64_t>(rows.size()), width});
  std::vector<double> features(schema.features);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    encode(schema, rows[i], features);
    std::ranges::copy(features, x.data_ptr<float>() + static_cast<std::int64_t>(i) * width);
  }
  Samples samples{x, net.logits(x)->argmax(1)};
  samples.table = &schema;
  return samples;
}

EvasionOutcome measured(const Classifier& net,
                        const Samples& samples,
                        const std::string& attack,
                        const std::string& norm,
                        double epsilon,
                        int threads = 1) {
  EvasionPlan plan;
  plan.attacks = {attack};
  plan.norm = norm;
  plan.epsilon = epsilon;
  plan.batch_size = threads == 1 ? 128 : 7;
  Progress quiet;
  auto outcome = measure_evasion(net, samples, plan, threads, quiet);
  if (!outcome) throw std::runtime_error(outcome.error().message);
  return *std::move(outcome);
}

/// Every row that broke a sample is one that can be made within the budget, and the net is wrong.
void expect_possible(const EvasionOutcome& outcome,
                     const Classifier& net,
                     const Samples& samples,
                     double epsilon) {
  const TabularSchema& schema = *samples.table;
  ASSERT_EQ(outcome.confirmed.size(), outcome.measurement.table->rows.size());
  for (const Confirmed& one : outcome.confirmed) {
    const at::Tensor from = samples.x[one.index].contiguous();
    const at::Tensor to = one.x[0].contiguous();
    const auto row_of = [&](const at::Tensor& x) {
      const std::vector<double> features(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
      std::vector<double> row(schema.columns.size());
      decode(schema, features, row);
      return row;
    };
    const std::vector<double> before = row_of(from);
    const std::vector<double> after = row_of(to);
    EXPECT_THAT(problems_of(schema, after), testing::IsEmpty());
    EXPECT_THAT(problems_of_change(schema, before, after), testing::IsEmpty());
    std::vector<double> again(schema.features);
    encode(schema, after, again);
    for (std::size_t k = 0; k < again.size(); ++k)
      EXPECT_NEAR(again[k], to[static_cast<std::int64_t>(k)].item<double>(), 1e-5);
    const std::string& norm = outcome.measurement.norm;
    const at::Tensor d = (to - from).to(at::kDouble).abs();
    const double distance = norm == "linf" ? d.max().item<double>()
                            : norm == "l2" ? d.norm().item<double>()
                                           : d.sum().item<double>();
    EXPECT_LE(distance, epsilon * (1 + 1e-5) + 1e-5);
    EXPECT_NE(net.reference_logits(one.x)->argmax(1).item<std::int64_t>(),
              samples.y[one.index].item<std::int64_t>());
  }
}

// ---- small tables, where every row can be asked about

constexpr std::string_view small_table = R"(lockstep_columns: 1
columns:
  - {name: a, type: int, range: [0, 10], scale: min_max}
  - {name: b, type: int, range: [0, 10], scale: min_max, monotone: increase}
  - {name: c, type: int, range: [0, 10], scale: min_max}
  - {name: total, type: int, range: [0, 20], scale: {mean: 10, deviation: 10}}
  - {name: k, type: category, values: [k0, k1, k2, k3]}
  - {name: m, type: category, values: [m0, m1, m2], mutable: no}
  - {name: g0, type: bool, group: g}
  - {name: g1, type: bool, group: g}
  - {name: g2, type: bool, group: g}
  - {name: o, type: ordinal, values: [low, middle, high], scale: {min: 0, max: 2}}
  - {name: f, type: bool}
label: {name: y, classes: [y0, y1, y2, y3]}
relations:
  - total = a + c
  - b <= a + 6
)";

Rows small_rows(std::uint32_t count) {
  Rows rows;
  for (std::uint32_t i = 0; i < count; ++i) {
    Random random(RandomKey{11, 1, 0, i});
    const double a = random.below(11);
    const double b = random.below(static_cast<std::uint32_t>(std::min(10.0, a + 6)) + 1);
    const double c = random.below(11);
    const auto place = random.below(3);
    rows.push_back({a, b, c, a + c, double(random.below(4)), double(random.below(3)),
                    place == 0 ? 1.0 : 0.0, place == 1 ? 1.0 : 0.0, place == 2 ? 1.0 : 0.0,
                    double(random.below(3)), double(random.below(2))});
  }
  return rows;
}

/// All rows of the small table that can be made from one, by loops over its columns.
Rows all_small_rows(const TabularSchema& schema,
                    const std::vector<double>& from,
                    const std::string& norm,
                    double epsilon) {
  Rows rows;
  std::vector<double> x(schema.features);
  std::vector<double> z(schema.features);
  encode(schema, from, x);
  std::vector<double> row = from;
  const auto is_near = [&] {
    encode(schema, row, z);
    double linf = 0;
    double squares = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      linf = std::max(linf, std::abs(z[i] - x[i]));
      squares += (z[i] - x[i]) * (z[i] - x[i]);
    }
    return (norm == "linf" ? linf : std::sqrt(squares)) <= epsilon + 1e-9;
  };
  for (int a = 0; a <= 10; ++a)
    for (int b = 0; b <= 10; ++b)
      for (int c = 0; c <= 10; ++c) {
        std::copy(from.begin(), from.end(), row.begin());
        row[0] = a, row[1] = b, row[2] = c, row[3] = a + c;
        if (b < from[1] || b > a + 6 || !is_near()) continue;
        for (int k = 0; k < 4; ++k)
          for (int g = 0; g < 3; ++g)
            for (int o = 0; o < 3; ++o)
              for (int f = 0; f < 2; ++f) {
                row[4] = k, row[6] = g == 0, row[7] = g == 1, row[8] = g == 2;
                row[9] = o, row[10] = f;
                if (is_near()) rows.push_back(row);
              }
      }
  return rows;
}

/// For each sample whether some row that can be made is put into another class.
std::vector<char> breakable(const Classifier& net,
                            const Samples& samples,
                            const Rows& rows,
                            const std::string& norm,
                            double epsilon) {
  std::vector<char> all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Rows near = all_small_rows(*samples.table, rows[i], norm, epsilon);
    const Samples asked = samples_of_rows(near, net, *samples.table);
    all.push_back(asked.y.ne(samples.y[static_cast<std::int64_t>(i)]).any().item<bool>() ? 1 : 0);
  }
  return all;
}

struct SmallCase {
  const char* name;
  const char* attack;
  const char* norm;
  double epsilon;
  std::size_t may_miss;  ///< of the samples that can be broken
};

class SmallTable : public ::testing::TestWithParam<SmallCase> {};

TEST_P(SmallTable, NothingImpossibleFallsAndLittleThatCanFallStands) {
  const SmallCase& one = GetParam();
  const TabularSchema schema = schema_of(small_table);
  const Classifier net = classifier_of(test::mlp_model());
  const Rows rows = small_rows(60);
  const Samples samples = samples_of_rows(rows, net, schema);
  const std::vector<char> truth = breakable(net, samples, rows, one.norm, one.epsilon);
  const EvasionOutcome outcome = measured(net, samples, one.attack, one.norm, one.epsilon);
  std::size_t missed = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_LE(outcome.is_broken[i], truth[i]) << "sample " << i;
    missed += outcome.is_broken[i] < truth[i] ? 1 : 0;
  }
  EXPECT_LE(missed, one.may_miss);
  const auto can_fall = std::ranges::count(truth, 1);
  EXPECT_GT(can_fall, 5);
  EXPECT_LT(can_fall, 60);
  expect_possible(outcome, net, samples, one.epsilon);
}

INSTANTIATE_TEST_SUITE_P(Attacks,
                         SmallTable,
                         ::testing::Values(SmallCase{"CaaLinf", "caa", "linf", 0.3, 0},
                                           SmallCase{"CapgdLinf", "capgd", "linf", 0.5, 2},
                                           SmallCase{"MoevaLinf", "moeva", "linf", 0.5, 0},
                                           SmallCase{"CaaL2", "caa", "l2", 0.6, 0},
                                           SmallCase{"CapgdL2Wide", "capgd", "l2", 1.5, 3},
                                           SmallCase{"MoevaL2Wide", "moeva", "l2", 1.5, 0},
                                           SmallCase{"CaaL2Wide", "caa", "l2", 1.5, 0},
                                           SmallCase{"PgdLinf", "pgd", "linf", 0.3, 60}),
                         [](const auto& row) { return row.param.name; });

TEST(TableAttack, ThreadsAndBatchesChangeNothing) {
  const TabularSchema schema = schema_of(small_table);
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_of_rows(small_rows(15), net, schema);
  const EvasionOutcome one = measured(net, samples, "caa", "l2", 0.6, 1);
  const EvasionOutcome other = measured(net, samples, "caa", "l2", 0.6, 2);
  ASSERT_EQ(one.confirmed.size(), other.confirmed.size());
  for (std::size_t i = 0; i < one.confirmed.size(); ++i)
    EXPECT_TRUE(one.confirmed[i].x.equal(other.confirmed[i].x)) << one.confirmed[i].index;
  EXPECT_EQ(one.measurement.attacks.back().forward, other.measurement.attacks.back().forward);
}

TEST(TableAttack, WhatCannotChangeCannotBreak) {
  TabularSchema schema = schema_of(small_table);
  for (TableColumn& column : schema.columns)
    column.change = TableColumn::Change::none;
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_of_rows(small_rows(30), net, schema);
  for (const char* attack : {"caa", "pgd", "apgd-ce", "noise", "fgsm"}) {
    const EvasionOutcome outcome = measured(net, samples, attack, "linf", 1);
    EXPECT_EQ(outcome.measurement.robust.correct, 30) << attack;
    // What deceives as features only is claimed, and not confirmed.
    if (attack == std::string("pgd")) {
      EXPECT_GT(outcome.measurement.claimed, 0);
    }
    if (attack == std::string("caa")) {
      EXPECT_EQ(outcome.measurement.table->exhausted, 30);
    }
  }
}

TEST(TableAttack, NearestAnswersAreRowsToo) {
  const TabularSchema schema = schema_of(small_table);
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_of_rows(small_rows(30), net, schema);
  const EvasionOutcome outcome = measured(net, samples, "fmn", "l2", 2);
  expect_possible(outcome, net, samples, 2);
}

TEST(TableAttack, ADescriptionIsNeeded) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = test::samples_for(net, 5, 16);
  EvasionPlan plan;
  plan.epsilon = 1;
  Progress quiet;
  for (const char* attack : {"capgd", "moeva", "caa"}) {
    plan.attacks = {attack};
    const auto outcome = measure_evasion(net, samples, plan, 1, quiet);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().code, "ai.no_columns");
  }
  plan.norm = "l1";
  const auto outcome = measure_evasion(net, samples, plan, 1, quiet);
  EXPECT_EQ(outcome.error().message, "expected one of the norms linf l2 for caa, found 'l1'");
}

TEST(TableAttack, FeaturesThatAreNoRowsAreRefusedAllAtOnce) {
  const TabularSchema schema = schema_of(small_table);
  const Classifier net = classifier_of(test::mlp_model());
  Samples samples = samples_of_rows(small_rows(5), net, schema);
  samples.x[1][0] = 0.55;
  samples.x[3][5] = 0.5;
  EvasionPlan plan;
  plan.epsilon = 0.1;
  Progress quiet;
  const auto outcome = measure_evasion(net, samples, plan, 1, quiet);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, "ai.columns");
  EXPECT_THAT(outcome.error().message, HasSubstr("sample 1, column 'a', feature 0"));
  ASSERT_EQ(outcome.error().notes.size(), 1U);
  EXPECT_THAT(outcome.error().notes.front(), HasSubstr("sample 3, column 'k'"));
}

TEST(TableAttack, RowsThatCannotExistAreSaid) {
  const TabularSchema schema = schema_of(small_table);
  const Classifier net = classifier_of(test::mlp_model());
  Rows rows = small_rows(10);
  rows[4][3] = rows[4][3] == 0 ? 1 : rows[4][3] - 1;  // the total is none
  const Samples samples = samples_of_rows(rows, net, schema);
  const EvasionOutcome outcome = measured(net, samples, "capgd", "linf", 0.1);
  EXPECT_EQ(outcome.measurement.table->impossible, 1);
  const auto check =
      std::ranges::find(outcome.measurement.soundness, "possible_rows", &SoundnessCheck::check);
  ASSERT_NE(check, outcome.measurement.soundness.end());
  EXPECT_EQ(check->state, State::warn);
}

// ---- linear nets, where the worst row is known

constexpr std::string_view linear_table = R"(lockstep_columns: 1
columns:
  - {name: free, type: real, range: [0, 1]}
  - {name: fixed, type: real, range: [0, 1], mutable: no}
  - {name: whole, type: int, range: [0, 10], scale: min_max, monotone: decrease}
  - {name: twice, type: real, range: [-10, 10], scale: {min: 0, max: 4}}
  - {name: kind, type: category, values: [x, y, z]}
label: {name: y, classes: [no, yes]}
relations:
  - twice = 2 * free
)";

Classifier linear_net(const std::vector<float>& difference) {
  test::ToyModel model;
  const auto width = static_cast<std::int64_t>(difference.size());
  std::vector<float> w;
  for (const float each : difference) {
    w.push_back(0);
    w.push_back(each);
  }
  model.input("x", {width})
      .output("z", {2})
      .weight("w", {width, 2}, w)
      .weight("b", {2}, {0, -0.4F});
  model.node("Gemm", {"x", "w", "b"}, {"z"});
  return classifier_of(model.bytes());
}

TEST(TableAttack, ALinearNetFallsExactlyWhereItsConstrainedMarginSays) {
  const TabularSchema schema = schema_of(linear_table);
  const std::vector<float> w{1.5F, 3.0F, 1.0F, 0.5F, 0.3F, -0.2F, 0.1F};
  const Classifier net = linear_net(w);
  Rows rows;
  for (std::uint32_t i = 0; i < 300; ++i) {
    Random random(RandomKey{5, 2, 0, i});
    const double free = random.uniform();
    rows.push_back({free, 0.3 * random.uniform(), double(random.below(11)), 2 * free,
                    double(random.below(3))});
  }
  const Samples samples = samples_of_rows(rows, net, schema);
  for (const double epsilon : {0.25, 1.0}) {
    std::vector<char> truth;
    std::vector<char> is_close;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::vector<double>& row = rows[i];
      const double sign =
          samples.y[static_cast<std::int64_t>(i)].item<std::int64_t>() == 0 ? 1 : -1;
      // `twice` follows: 2 / 4 of a feature for each unit, so that it limits nothing.
      const double slope = sign * (w[0] + 0.5 * w[3]);
      double gain =
          slope > 0 ? slope * std::min(epsilon, 1 - row[0]) : -slope * std::min(epsilon, row[0]);
      // Whole tenths, downwards only.
      const double tenths = std::min(std::floor(epsilon * 10 + 1e-9), row[2]);
      gain += std::max(0.0, -sign * w[2] * tenths / 10);
      if (epsilon >= 1) {
        double best = 0;
        for (std::size_t k = 0; k < 3; ++k)
          best = std::max(best, sign * (w[4 + k] - w[4 + static_cast<std::size_t>(row[4])]));
        gain += best;
      }
      const at::Tensor z = (*net.logits(samples.x))[static_cast<std::int64_t>(i)];
      const double margin = std::abs(z[1].item<double>() - z[0].item<double>());
      truth.push_back(gain > margin ? 1 : 0);
      is_close.push_back(std::abs(gain - margin) < 1e-3 ? 1 : 0);
    }
    const EvasionOutcome outcome = measured(net, samples, "capgd", "linf", epsilon);
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (is_close[i] == 0) {
        EXPECT_EQ(outcome.is_broken[i], truth[i]) << i;
      }
    EXPECT_GT(std::ranges::count(truth, 1), 20);
    EXPECT_GT(std::ranges::count(truth, 0), 20);
  }
}

// ---- the census net: sets that somebody else enumerated

/// Only these columns may change.
TabularSchema census_columns(const std::vector<std::string>& free) {
  TabularSchema schema = schema_of(read_file(source_path("tests/data/columns/adult.yaml")));
  for (TableColumn& column : schema.columns)
    column.change = std::ranges::find(free, column.name) == free.end() ? TableColumn::Change::none
                                                                       : TableColumn::Change::free;
  return schema;
}

Samples census_samples(const TabularSchema& schema, const Classifier& net) {
  const std::string data = "ai/models/adult_test1000.npz";
  const auto arrays = read_npz(read_file(shared_path(data)), data);
  auto samples = samples_of(*arrays, net.sample_shape(), 1000, false, data);
  samples->table = &schema;
  return *samples;
}

/// Samples that stand, from a mask of bits.
std::vector<char> known_standing(const std::string& name) {
  const std::string file = "ai/models/adult_exact_robust.npz";
  const auto arrays = read_npz(read_file(shared_path(file)), file);
  const Array* mask = find_array(*arrays, name);
  std::vector<char> standing;
  for (std::size_t i = 0; i < 1000; ++i)
    standing.push_back(
        static_cast<char>((static_cast<unsigned char>(mask->bytes[i / 8]) >> (7 - i % 8)) & 1));
  return standing;
}

TEST(Census, OneColumnFallsExactlyWhereItWasEnumerated) {
  LS_NEEDS_SHARED("ai/models/adult_exact_robust.npz");
  const Classifier net = classifier_of(read_file(shared_path("ai/models/adult_mlp.onnx")));
  for (const char* column : {"workclass", "occupation"}) {
    const TabularSchema schema = census_columns({column});
    const Samples samples = census_samples(schema, net);
    const std::vector<char> expected = known_standing(column);
    for (const char* attack : {"capgd", "moeva", "caa"}) {
      const EvasionOutcome outcome = measured(net, samples, attack, "linf", 1);
      for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(outcome.is_broken[i], 1 - expected[i]) << column << " " << attack << " " << i;
      EXPECT_EQ(outcome.measurement.table->exhausted, outcome.measurement.robust.correct);
      EXPECT_EQ(outcome.measurement.table->median_changed, 1);
    }
  }
}

/// Whether the net is right whatever workclass, occupation and hours, up to so many away.
std::vector<char> standing_by_enumeration(const Classifier& net,
                                          const Samples& samples,
                                          const TabularSchema& schema,
                                          double hours,
                                          std::vector<char>* further_by_two) {
  std::vector<char> all;
  std::vector<double> row(schema.columns.size());
  for (std::int64_t i = 0; i < samples.count(); ++i) {
    const at::Tensor x = samples.x[i].contiguous();
    const std::vector<double> features(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
    decode(schema, features, row);
    const double now = row[5];
    Rows rows;
    for (double h = std::max(1.0, now - hours - 2); h <= std::min(99.0, now + hours + 2); h += 1)
      for (int work = 0; work < 9; ++work)
        for (int job = 0; job < 15; ++job) {
          row[5] = h, row[6] = work, row[9] = job;
          rows.push_back(row);
        }
    const Samples asked = samples_of_rows(rows, net, schema);
    bool stands = true;
    bool stands_further = true;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (asked.y.data_ptr<std::int64_t>()[k] == samples.y[i].item<std::int64_t>()) continue;
      stands_further = false;
      stands = stands && std::abs(rows[k][5] - now) > hours;
    }
    all.push_back(stands ? 1 : 0);
    further_by_two->push_back(stands_further ? 1 : 0);
  }
  return all;
}

TEST(Census, ThreeColumnsTogetherFallExactlyWhereTheyWereEnumerated) {
  LS_NEEDS_SHARED("ai/models/adult_exact_robust.npz");
  const Classifier net = classifier_of(read_file(shared_path("ai/models/adult_mlp.onnx")));
  const TabularSchema schema = census_columns({"workclass", "occupation", "hours_per_week"});
  const Samples samples = census_samples(schema, net);
  // The enumeration that is stored went 10 hours up and down; an epsilon of 1 goes 12.
  std::vector<char> twelve;
  const std::vector<char> ten = standing_by_enumeration(net, samples, schema, 10, &twelve);
  const std::vector<char> expected = known_standing("joint");
  const EvasionOutcome outcome = measured(net, samples, "caa", "linf", 1);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(ten[i], expected[i]) << i;
    EXPECT_EQ(outcome.is_broken[i], 1 - twelve[i]) << i;
  }
  EXPECT_EQ(std::ranges::count(expected, 1), 562);
  expect_possible(outcome, net, samples, 1);
}

TEST(Census, ImpossibleRowsDoNotCount) {
  LS_NEEDS_SHARED("ai/models/adult_mlp.onnx");
  const Classifier net = classifier_of(read_file(shared_path("ai/models/adult_mlp.onnx")));
  const TabularSchema schema = schema_of(read_file(source_path("tests/data/columns/adult.yaml")));
  Samples samples = census_samples(schema, net);
  samples.x = samples.x.narrow(0, 0, 80);
  samples.y = samples.y.narrow(0, 0, 80);
  const EvasionOutcome pgd = measured(net, samples, "pgd", "linf", 0.5);
  const EvasionOutcome caa = measured(net, samples, "caa", "linf", 0.5);
  EXPECT_GT(pgd.measurement.claimed, 50);
  EXPECT_LE(caa.measurement.robust.correct, pgd.measurement.robust.correct);
  EXPECT_LT(caa.measurement.robust.correct, caa.measurement.clean.correct);
  expect_possible(pgd, net, samples, 0.5);
  expect_possible(caa, net, samples, 0.5);
}

}  // namespace
}  // namespace lockstep::ai
