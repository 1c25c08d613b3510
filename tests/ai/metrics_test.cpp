// SPDX-License-Identifier: Apache-2.0
// Metrics against scikit-learn and scipy (tests/data/metrics), against closed forms, and their
// laws.
#include "ai/metrics/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sstream>

#include "ai/metrics/measure.hpp"
#include "ai/sheet.hpp"
#include "base/random.hpp"

namespace lockstep::ai {
namespace {

struct Sheet {
  std::vector<std::pair<std::string, double>> expected;
  std::vector<std::int64_t> labels;
  std::vector<double> outputs;

  Scores scores() const {
    return scores_of(outputs, static_cast<std::int64_t>(outputs.size() / labels.size()), labels);
  }
};

Sheet sheet(const std::string& name) {
  test::Sheet read = test::read_sheet(name);
  Sheet all{std::move(read.expected), {}, {}};
  for (const std::vector<double>& sample : read.samples) {
    all.labels.push_back(static_cast<std::int64_t>(sample.at(0)));
    all.outputs.insert(all.outputs.end(), sample.begin() + 1, sample.end());
  }
  return all;
}

const MetricValue* find(const std::vector<MetricValue>& values, const std::string& name) {
  const auto found = std::ranges::find_if(values, [&](const MetricValue& value) {
    return name_of({value.metric, value.class_index, "", 0, 0.95}) == name;
  });
  return found == values.end() ? nullptr : &*found;
}

MetricValue value(const Metrics& metrics, const std::string& name) {
  const MetricValue* found = find(metrics.values, name);
  EXPECT_NE(found, nullptr) << name;
  return found == nullptr ? MetricValue{} : *found;
}

Metrics measured(const Scores& scores, const MetricsSettings& settings = {}) {
  auto metrics = measure(scores, std::nullopt, settings);
  EXPECT_TRUE(metrics.has_value()) << metrics.error().message;
  return metrics ? *std::move(metrics) : Metrics{};
}

class MetricSheets : public ::testing::TestWithParam<std::string> {};

TEST_P(MetricSheets, HaveTheValuesOfOthers) {
  const Sheet all = sheet(GetParam());
  ASSERT_GE(all.labels.size(), 100U);
  const Metrics metrics = measured(all.scores());
  int compared = 0;
  for (const auto& [name, expected] : all.expected) {
    const std::size_t dot = name.find('.');
    const MetricValue found = value(metrics, name.substr(0, dot));
    ASSERT_TRUE(found.value) << name;
    if (dot == std::string::npos) {
      EXPECT_NEAR(*found.value, expected, 1e-9) << name;
    } else {
      ASSERT_TRUE(found.interval) << name;
      EXPECT_EQ(found.method, name.starts_with("auprc") ? "logit" : "DeLong");
      EXPECT_NEAR(name.substr(dot) == ".low" ? found.interval->low : found.interval->high, expected,
                  1e-9)
          << name;
    }
    ++compared;
  }
  EXPECT_GE(compared, 15);
}

INSTANTIATE_TEST_SUITE_P(Sheets,
                         MetricSheets,
                         ::testing::Values("three_classes.tsv", "two_classes_with_ties.tsv"));

TEST(MetricFamily, EveryRowHasItsArithmeticAndTheOtherWayRound) {
  std::vector<std::string_view> rows;
  for (const MetricRow& row : metric_rows())
    if (row.task == MetricTask::classes) rows.push_back(row.name);
  ASSERT_EQ(metrics().size(), rows.size());
  for (std::size_t i = 0; i < metrics().size(); ++i)
    EXPECT_EQ(metrics()[i].name, rows[i]);
}

// scipy.optimize.minimize_scalar 1.10.1 of the mean log loss over the samples at even places.
TEST(Temperature, IsTheOneThatAnotherMinimiserFinds) {
  struct Expected {
    const char* sheet;
    double temperature;
    double before;
    double after;
  };

  for (const auto& [name, temperature, before, after] :
       {Expected{"three_classes.tsv", 0.6817472690, 0.5847864471564486, 0.5238230939},
        Expected{"two_classes_with_ties.tsv", 1.7449315314, 0.8230974970152047, 0.7365468965}}) {
    const Metrics metrics = measured(sheet(name).scores());
    ASSERT_TRUE(metrics.calibration.scaling.has_value()) << name;
    const TemperatureScaling& scaling = *metrics.calibration.scaling;
    EXPECT_NEAR(scaling.temperature, temperature, 1e-5) << name;
    EXPECT_NEAR(scaling.log_loss_before, before, 1e-9) << name;
    EXPECT_NEAR(scaling.log_loss_after, after, 1e-6) << name;
    EXPECT_EQ(scaling.fitted + scaling.looked, metrics.samples);
  }
}

// Scores that are a hundred times too large are found to be.
TEST(Temperature, UndoesAFactor) {
  Sheet all = sheet("three_classes.tsv");
  const auto before = measured(all.scores()).calibration.scaling;
  for (double& score : all.outputs)
    score *= 100;
  const auto after = measured(all.scores()).calibration.scaling;
  ASSERT_TRUE(before && after);
  EXPECT_NEAR(after->temperature, 100 * before->temperature, 1e-3);
  EXPECT_NEAR(after->error_after, before->error_after, 1e-6);
  EXPECT_GT(after->log_loss_before, before->log_loss_before);
}

TEST(Temperature, IsNotFittedWithoutErrors) {
  std::vector<double> outputs;
  std::vector<std::int64_t> labels;
  for (int i = 0; i < 100; ++i) {
    labels.push_back(i % 2);
    outputs.insert(outputs.end(), {i % 2 == 0 ? 2.0 : 0.0, i % 2 == 0 ? 0.0 : 2.0});
  }
  EXPECT_FALSE(measured(scores_of(outputs, 2, labels)).calibration.scaling.has_value());
}

TEST(MetricFamily, ValuesAndIntervalsStayWhereTheyCanBe) {
  const Metrics metrics = measured(sheet("three_classes.tsv").scores());
  for (const MetricValue& one : metrics.values) {
    const MetricRow* row = find_metric(one.metric);
    ASSERT_TRUE(one.value && one.interval) << one.metric;
    EXPECT_GE(one.interval->low, least(*row));
    EXPECT_LE(one.interval->low, *one.value) << one.metric;
    EXPECT_GE(one.interval->high, *one.value) << one.metric;
    EXPECT_LE(one.interval->high, row->most);
    EXPECT_LT(one.interval->low, one.interval->high) << one.metric;
  }
}

/// Scores of two classes that give each sample the loss -ln p.
Scores with_losses(const std::vector<double>& losses) {
  std::vector<double> outputs;
  for (const double loss : losses) {
    outputs.push_back(-loss);
    outputs.push_back(std::log(-std::expm1(-loss)));
  }
  return scores_of(outputs, 2, std::vector<std::int64_t>(losses.size(), 0));
}

// scipy 1.17.1, bootstrap(method="BCa", n_resamples=200000): 1.0055 to 1.2856 for the mean.
TEST(Bootstrap, GivesTheIntervalOfScipy) {
  std::istringstream text(test::read_file(test::source_path("tests/data/metrics/losses.txt")));
  std::vector<double> losses;
  for (double loss = 0; text >> loss;)
    losses.push_back(loss);
  ASSERT_EQ(losses.size(), 200U);
  MetricsSettings settings;
  settings.resampling.resamples = 20'000;
  const MetricValue loss = value(measured(with_losses(losses), settings), "log_loss");
  EXPECT_NEAR(*loss.value, 1.136359, 1e-9);
  EXPECT_NEAR(loss.interval->low, 1.00548, 0.004);
  EXPECT_NEAR(loss.interval->high, 1.28564, 0.006);
}

TEST(Bootstrap, TheSeedAloneDecides) {
  const Scores scores = sheet("three_classes.tsv").scores();
  const MetricValue once = value(measured(scores), "mcc");
  EXPECT_EQ(once.interval, value(measured(scores), "mcc").interval);
  MetricsSettings other;
  other.resampling.seed = 2;
  EXPECT_NE(once.interval, value(measured(scores, other), "mcc").interval);
}

/// `right` of `samples` answers are right, at the confidence p; two classes in turn.
Scores confident(std::int64_t right, std::int64_t samples, double p) {
  std::vector<double> outputs;
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < samples; ++i) {
    const std::int64_t label = i % 2;
    const bool answers_one = (label == 1) == (i < right);
    outputs.push_back(answers_one ? 1 - p : p);
    outputs.push_back(answers_one ? p : 1 - p);
    labels.push_back(label);
  }
  return scores_of(outputs, 2, labels);
}

TEST(MetricBounds, NoErrorIsNoCertainty) {
  const Metrics metrics = measured(confident(200, 200, 0.9));
  EXPECT_TRUE(metrics.are_probabilities);
  for (const char* name : {"accuracy", "balanced_accuracy", "recall[0]", "f1[1]", "auroc"}) {
    const MetricValue one = value(metrics, name);
    EXPECT_EQ(*one.value, 1) << name;
    EXPECT_LT(one.interval->low, 0.99) << name;
    EXPECT_EQ(one.interval->high, 1) << name;
  }
  for (const char* name : {"mcc", "macro_f1", "log_loss"}) {
    const MetricValue one = value(metrics, name);
    EXPECT_FALSE(one.interval) << name;
    EXPECT_EQ(one.why_not, "0 wrong answers are too few to resample (at least 10)");
  }
  // Squared errors of 0.01 each: bounded, though nothing was resampled.
  EXPECT_NEAR(*value(metrics, "brier").value, 0.01, 1e-12);
  EXPECT_GT(value(metrics, "brier").interval->high, 0.02);
  EXPECT_NEAR(*value(metrics, "ece").value, 0.1, 1e-12);
  EXPECT_LT(value(metrics, "ece").interval->low, *value(metrics, "ece").value - 0.001);
}

TEST(MetricBounds, ClosedForms) {
  const Metrics metrics = measured(confident(180, 200, 0.9));
  EXPECT_EQ(value(metrics, "accuracy").interval, clopper_pearson(180, 200));
  EXPECT_NEAR(*value(metrics, "accuracy").value, 0.9, 1e-12);
  // Class 0: 90 right of 100, 10 wrongly said to be: J = 90 / 110, F1 = 2 * 90 / 200.
  const MetricValue one = value(metrics, "f1[0]");
  const Interval of_share = clopper_pearson(90, 110);
  EXPECT_EQ(one.count, (Count{90, 110}));
  EXPECT_NEAR(*one.value, 0.9, 1e-12);
  EXPECT_NEAR(one.interval->low, 2 * of_share.low / (1 + of_share.low), 1e-12);
  // Two recalls of 90 / 100: the mean is bounded by sqrt(2 d^2) / 2 from it.
  const double d = 0.9 - lower_bound(90, 100, 0.975);
  EXPECT_NEAR(value(metrics, "balanced_accuracy").interval->low, 0.9 - d / std::sqrt(2), 1e-12);
  EXPECT_NEAR(*value(metrics, "mcc").value, 0.8, 1e-12);
  EXPECT_NEAR(*value(metrics, "brier").value, 0.9 * 0.01 + 0.1 * 0.81, 1e-12);
  EXPECT_NEAR(*value(metrics, "log_loss").value, -0.9 * std::log(0.9) - 0.1 * std::log(0.1), 1e-12);
  EXPECT_NEAR(*value(metrics, "ece").value, 0, 1e-12);
  EXPECT_EQ(metrics.calibration.bins.size(), 1U);  // one confidence, one bin
  EXPECT_EQ(metrics.confusion, (std::vector<std::vector<std::int64_t>>{{90, 10}, {10, 90}}));
}

TEST(MetricBounds, WhatIsNotThereHasNoValue) {
  const Metrics metrics = measured(
      scores_of(std::vector<double>{3, 0, 0, 3, 0, 0}, 3, std::vector<std::int64_t>{0, 0}));
  EXPECT_FALSE(value(metrics, "recall[1]").value);
  EXPECT_EQ(value(metrics, "recall[1]").why_not, "no sample is of the class");
  EXPECT_FALSE(value(metrics, "precision[2]").value);
  EXPECT_FALSE(value(metrics, "mcc").value);
  EXPECT_FALSE(value(metrics, "auroc").value);
}

/// Samples of a model whose every confidence is right, from a seed.
Scores calibrated(std::uint32_t seed, std::int64_t samples) {
  Random random(RandomKey{seed, 1, 0, 0});
  std::vector<double> outputs;
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < samples; ++i) {
    const double p = random.uniform(0.5, 1);
    outputs.push_back(p);
    outputs.push_back(1 - p);
    labels.push_back(random.uniform() < p ? 0 : 1);
  }
  return scores_of(outputs, 2, labels);
}

TEST(Calibration, ErrorsByChanceAreNotHeldAgainstTheModel) {
  int covered = 0;
  int alarms = 0;
  double error = 0;
  double chance = 0;
  MetricsSettings settings;
  settings.resampling.resamples = 200;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const Metrics metrics = measured(calibrated(seed, 300), settings);
    covered += value(metrics, "ece").interval->low == 0;
    alarms += metrics.calibration.p_value <= 0.05;
    error += metrics.calibration.error;
    chance += metrics.calibration.error_by_chance;
  }
  EXPECT_GE(covered, 37);
  EXPECT_LE(alarms, 6);
  EXPECT_NEAR(error / chance, 1, 0.1);
  EXPECT_GT(error / 40, 0.03);  // by chance alone
}

TEST(Calibration, BinsAreOfEqualMassWhateverTheNumberOfSamples) {
  for (const std::int64_t samples : {7, 15, 100, 1512}) {
    MetricsSettings settings;
    settings.resampling.resamples = 1;
    const std::vector<ReliabilityBin> bins =
        measured(calibrated(3, samples), settings).calibration.bins;
    EXPECT_EQ(bins.size(), static_cast<std::size_t>(std::min<std::int64_t>(samples, 15)));
    for (const ReliabilityBin& bin : bins) {
      EXPECT_GE(bin.accuracy.total, samples / 15);
      EXPECT_LE(bin.accuracy.total, samples / 15 + 1);
    }
  }
}

TEST(Calibration, OverconfidenceIsSeen) {
  const Metrics metrics = measured(confident(600, 1000, 0.95));
  EXPECT_NEAR(metrics.calibration.error, 0.35, 1e-12);
  EXPECT_LE(metrics.calibration.p_value, 0.001);
  EXPECT_GT(value(metrics, "ece").interval->low, 0.3);
}

RC_GTEST_PROP(MetricLaws, TheOrderOfTheSamplesDoesNotMatter, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(20, 60);
  Random random(RandomKey{*rc::gen::arbitrary<std::uint32_t>(), 1, 0, 0});
  std::vector<double> outputs;
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    for (int c = 0; c < 3; ++c)
      outputs.push_back(static_cast<double>(random.below(5)));  // many ties
    labels.push_back(random.below(3));
  }
  std::vector<double> turned;
  for (std::size_t i = count; i-- > 0;)
    turned.insert(turned.end(), outputs.begin() + static_cast<std::ptrdiff_t>(3 * i),
                  outputs.begin() + static_cast<std::ptrdiff_t>(3 * i + 3));
  MetricsSettings settings;
  settings.resampling.resamples = 20;
  const Metrics a = measured(scores_of(outputs, 3, labels), settings);
  const Metrics b = measured(
      scores_of(turned, 3, std::vector<std::int64_t>(labels.rbegin(), labels.rend())), settings);
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    RC_ASSERT((a.values[i].value.has_value() == b.values[i].value.has_value()));
    if (a.values[i].value) RC_ASSERT((std::abs(*a.values[i].value - *b.values[i].value) < 1e-9));
  }
}

}  // namespace
}  // namespace lockstep::ai
