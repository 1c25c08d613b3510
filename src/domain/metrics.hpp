// SPDX-License-Identifier: Apache-2.0
// What a classifier gets right, measured on a data set without anybody attacking it, and what its
// maker declares of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/measurement.hpp"

namespace lockstep {

/// Which way a metric is better.
enum class Better { higher, lower };

/// What a value of the metric speaks of.
enum class MetricScope {
  all,        ///< all classes together
  one_class,  ///< one class
  either,     ///< all classes together, or one
};

/// What a metric is a metric of: answers that are classes, or numbers.
enum class MetricTask { classes, numbers };

/// One member of the family of metrics. Its arithmetic is the row of the same name in
/// ai/metrics/metrics.cpp, or of numbers in ai/metrics/regression.cpp.
struct MetricRow {
  std::string_view name;   ///< "balanced_accuracy", as product files and commands write it
  std::string_view title;  ///< "balanced accuracy"
  std::string_view says;   ///< what it is, in a few words
  Better better = Better::higher;
  MetricScope scope = MetricScope::all;
  double most = 1;          ///< the largest value that it can have; see least()
  std::string_view source;  ///< the publication
  MetricTask task = MetricTask::classes;
};

/// Every metric, in the order in which it is shown.
std::span<const MetricRow> metric_rows();

/// Nothing when there is no such metric.
const MetricRow* find_metric(std::string_view name);

/// The least value that the metric can have: -1 for a correlation, none for r2, else 0.
double least(const MetricRow& row);

/// A value that somebody declares: the metric is at least (where lower is better: at most) `value`.
struct DeclaredMetric {
  std::string metric;
  std::int64_t class_index = -1;  ///< -1: all classes together
  std::string group;              ///< "": all samples
  double value = 0;
  double confidence = 0.95;  ///< of the one-sided test

  bool operator==(const DeclaredMetric&) const = default;
};

/// "recall[3]@night at least 0.9"
std::string to_text(const DeclaredMetric& declared);
/// "recall[3]@night": what is declared, without the value.
std::string name_of(const DeclaredMetric& declared);

/// Why it cannot be declared so: an unknown metric, a class where there is none or none where there
/// must be one, a value out of its range. "" when it can.
std::string problem_of(const DeclaredMetric& declared);

/// METRIC=VALUE, METRIC[CLASS]=VALUE, METRIC@GROUP=VALUE, METRIC[CLASS]@GROUP=VALUE.
/// Errors: usage.metric.
Result<DeclaredMetric> parse_declared(std::string_view text, double confidence);

/// A count of trials and of those that count for the metric.
struct Count {
  std::int64_t successes = 0;
  std::int64_t trials = 0;

  bool operator==(const Count&) const = default;
};

/// One metric of one model on some samples.
struct MetricValue {
  std::string metric;
  std::int64_t class_index = -1;  ///< -1: all classes together
  std::optional<double> value;    ///< nothing when it is not defined, e.g. recall without samples
  std::int64_t samples = 0;       ///< that it rests on
  std::optional<Count> count;     ///< where it is a share of a count
  std::optional<Interval> interval;  ///< two-sided, 95 %; nothing when no bound can be trusted
  std::string method;                ///< of the interval: "Clopper-Pearson"
  std::string why_not;               ///< why there is no value or no interval; "" when there is
};

/// The metrics of the samples of one group, and how its accuracy compares with all other samples.
struct GroupMetrics {
  std::string name;
  std::int64_t samples = 0;
  Accuracy accuracy;
  std::vector<MetricValue> metrics;  ///< empty below the least number of samples
  State state = State::not_checked;  ///< warn: worse than the others, beyond chance
  double p_value = 1;                ///< Fisher's exact test against the other samples
  double p_holm = 1;                 ///< the same, adjusted for the number of groups
  std::string says;                  ///< one sentence
};

/// One bin of the reliability diagram.
struct ReliabilityBin {
  double low = 0;  ///< least and largest confidence in it
  double high = 0;
  double confidence = 0;  ///< mean
  Accuracy accuracy;
};

/// What dividing all scores by one number does to the confidence: fitted on every second sample, by
/// the least log loss, and looked at on the others. Source: Guo et al. 2017, arXiv 1706.04599.
struct TemperatureScaling {
  double temperature = 1;
  std::int64_t fitted = 0;  ///< samples it was fitted on: those at even places
  std::int64_t looked = 0;  ///< samples at odd places, which the numbers below are of
  double error_before = 0;  ///< expected calibration error
  double error_after = 0;
  double log_loss_before = 0;
  double log_loss_after = 0;
};

/// Whether the confidence of the answers is the share of right ones.
struct Calibration {
  std::vector<ReliabilityBin> bins;  ///< rising confidence
  double error = 0;                  ///< expected calibration error
  double error_by_chance = 0;        ///< what a perfectly calibrated model would show, on average
  double p_value = 1;                ///< how often it would show at least the error measured
  std::optional<TemperatureScaling> scaling;  ///< nothing where there is nothing to fit
};

/// The same input answered in another way.
struct Consistency {
  std::string against;  ///< "batch 1", "2 threads", "LibTorch"
  State state = State::not_checked;
  std::int64_t samples = 0;
  double difference = 0;   ///< the largest of any class score
  std::int64_t flips = 0;  ///< samples whose class changes
  std::string says;        ///< one sentence
};

/// Two models on the same samples.
struct ModelComparison {
  FileRef other;
  AnsweredBy answered_by;       ///< the other one's answers
  std::int64_t both = 0;        ///< samples that both get right
  std::int64_t only_this = 0;   ///< that only this one gets right
  std::int64_t only_other = 0;  ///< that only the other gets right
  std::int64_t neither = 0;
  double difference = 0;  ///< accuracy of this one minus that of the other
  double p_value = 1;     ///< McNemar's exact test, two-sided
  std::string says;       ///< one sentence
};

/// What the samples say about a declared value, before anything is judged.
struct DeclaredTest {
  DeclaredMetric declared;
  MetricValue measured;
  std::optional<double> lower;  ///< one-sided bounds at the declared confidence
  std::optional<double> upper;
  double p_shown = 1;       ///< p-value of "it is as good as declared"; small: shown
  double p_refuted = 1;     ///< p-value of "it is worse than declared"; small: shown not to hold
  std::int64_t needed = 0;  ///< samples that would decide at the value measured; 0: none feasible
  std::string test;         ///< "exact binomial, one-sided"
};

/// What was measured of a model on one data set. Of a model that answers numbers: the values and
/// declared values only, and no classes.
struct Metrics {
  std::string model_id;
  FileRef model;
  FileRef data;
  std::int64_t samples = 0;
  std::int64_t classes = 0;
  std::uint64_t seed = 0;
  std::int64_t resamples = 0;       ///< of the bootstrap
  bool are_probabilities = false;   ///< the model's outputs; else scores, through a softmax
  std::vector<MetricValue> values;  ///< in the order of metric_rows(), each by class
  std::vector<std::vector<std::int64_t>> confusion;  ///< [true][answered]; empty with many classes
  Calibration calibration;
  std::string grouped_by;  ///< "" when there are no groups
  std::vector<GroupMetrics> groups;
  std::vector<Consistency> consistency;
  std::vector<DeclaredTest> declared;
  std::optional<ModelComparison> comparison;
  AnsweredBy answered_by;
  int threads = 1;
  std::string worker_version;
};

/// The judgement of one declared value.
struct DeclaredVerdict {
  std::string model_id;  ///< "" outside a product file
  std::string data;      ///< path of the samples
  DeclaredTest test;
  State state = State::not_checked;
  double p_holm = 1;    ///< p_shown, adjusted for all values declared of the model
  std::string because;  ///< one sentence with the numbers
};

/// "reader.recall[3]@night": the id of a declared value in documents.
std::string id_of(const DeclaredVerdict& verdict);

}  // namespace lockstep
