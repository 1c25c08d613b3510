// SPDX-License-Identifier: Apache-2.0
#include "ai/metrics/measure.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "ai/metrics/declared.hpp"
#include "ai/metrics/metrics.hpp"
#include "ai/metrics/temperature.hpp"
#include "base/exact_tests.hpp"
#include "base/text.hpp"
#include "domain/accuracy.hpp"

namespace lockstep::ai {
namespace {

/// p-values below are called a difference.
constexpr double group_alpha = 0.05;

/// The metric of all classes together and of each class, as far as its scope goes.
void add_values(const Metric& metric, const Subject& subject, std::vector<MetricValue>& values) {
  const MetricScope scope = find_metric(metric.name)->scope;
  if (scope != MetricScope::one_class)
    values.push_back(value_of(metric, -1, metric.measure(subject, -1)));
  // The area of one class of two is that of the other.
  const std::int64_t classes = subject.slice.scores.classes;
  if (scope == MetricScope::all || (scope == MetricScope::either && classes == 2)) return;
  for (std::int64_t c = 0; c < classes; ++c)
    values.push_back(value_of(metric, c, metric.measure(subject, c)));
}

std::vector<MetricValue> values_of(const Subject& subject) {
  std::vector<MetricValue> values;
  for (const Metric& metric : metrics())
    add_values(metric, subject, values);
  return values;
}

std::vector<std::vector<std::int64_t>> confusion_of(const Scores& scores) {
  if (scores.classes > confusion_classes_max) return {};
  const auto classes = static_cast<std::size_t>(scores.classes);
  std::vector<std::vector<std::int64_t>> confusion(classes, std::vector<std::int64_t>(classes));
  for (std::size_t i = 0; i < scores.labels.size(); ++i)
    ++confusion[static_cast<std::size_t>(scores.labels[i])]
               [static_cast<std::size_t>(scores.answered[i])];
  return confusion;
}

Calibration calibration_of(const Subject& subject) {
  Calibration calibration;
  calibration.bins = subject.binning.bins;
  calibration.error = subject.binning.error;
  const std::vector<double>& chance = subject.resamples.calibrated_error;
  if (chance.empty()) return calibration;
  double sum = 0;
  for (const double one : chance)
    sum += one;
  const auto count = static_cast<double>(chance.size());
  calibration.error_by_chance = sum / count;
  const auto at_least = chance.end() - std::ranges::lower_bound(chance, calibration.error);
  calibration.p_value = (static_cast<double>(at_least) + 1) / (count + 1);
  return calibration;
}

Slice slice_of(const Scores& scores, const Grouping& grouping, std::int32_t group) {
  Slice slice{scores, {}};
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(grouping.of.size()); ++i)
    if (grouping.of[static_cast<std::size_t>(i)] == group) slice.index.push_back(i);
  return slice;
}

/// Measures what is asked for, each group once.
class Measurer {
 public:
  Measurer(const Scores& scores,
           const std::optional<Grouping>& grouping,
           const MetricsSettings& settings)
      : scores_(scores), grouping_(grouping), settings_(settings) {}

  const Subject& all() { return subject(-1); }

  /// -1: all samples
  const Subject& subject(std::int32_t group) {
    const auto found = subjects_.find(group);
    if (found != subjects_.end()) return found->second;
    Slice slice = group < 0 ? all_of(scores_) : slice_of(scores_, *grouping_, group);
    const std::string name = group < 0 ? "" : grouping_->names[static_cast<std::size_t>(group)];
    return subjects_.emplace(group, subject_of(std::move(slice), settings_.resampling, name))
        .first->second;
  }

  std::vector<GroupMetrics> groups();
  Result<DeclaredTest> declared(const DeclaredMetric& value);

 private:
  Result<std::int32_t> group_of(const DeclaredMetric& value) const;

  const Scores& scores_;
  const std::optional<Grouping>& grouping_;
  const MetricsSettings& settings_;
  std::map<std::int32_t, Subject> subjects_;
};

/// Names of the groups, for messages.
std::string offered(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + quotable(name, 40);
  return quotable(text, 200);
}

Result<std::int32_t> Measurer::group_of(const DeclaredMetric& value) const {
  if (value.group.empty()) return -1;
  if (!grouping_)
    return fail(
        ErrorKind::input, "ai.declared",
        fmt::format("'{}' is declared of a group, but the data has no array of groups; name "
                    "it with --groups",
                    quotable(name_of(value))));
  const auto found = std::ranges::find(grouping_->names, value.group);
  if (found == grouping_->names.end())
    return fail(ErrorKind::input, "ai.declared",
                fmt::format("'{}' is declared of a group that is not in '{}', which has {}",
                            quotable(name_of(value)), quotable(grouping_->name),
                            offered(grouping_->names)));
  return static_cast<std::int32_t>(found - grouping_->names.begin());
}

Result<DeclaredTest> Measurer::declared(const DeclaredMetric& value) {
  const auto metric = std::ranges::find(metrics(), value.metric, &Metric::name);
  if (metric == metrics().end())
    return fail(ErrorKind::input, "ai.declared",
                fmt::format("there is no metric '{}'", quotable(value.metric)));
  if (value.class_index >= scores_.classes)
    return fail(ErrorKind::input, "ai.declared",
                fmt::format("'{}' is declared of class {}, but the model has the classes 0 to {}",
                            quotable(name_of(value)), value.class_index, scores_.classes - 1));
  TRY(const std::int32_t group, group_of(value));
  Bounded bounded = metric->measure(subject(group), value.class_index);
  if (group >= 0 && subject(group).slice.samples() < group_samples_min) {
    bounded.bounds = nullptr;
    bounded.strict = nullptr;
    bounded.why_not = fmt::format("the group has {} samples, fewer than {}",
                                  subject(group).slice.samples(), group_samples_min);
  }
  return test_declared(
      value, *metric, bounded,
      std::max(settings_.family, static_cast<std::int64_t>(settings_.declared.size())));
}

/// What the comparison of a group with all other samples says.
void judge_group(GroupMetrics& group, const Tally& all) {
  const std::int64_t others = all.samples - group.samples;
  const std::int64_t others_right = all.correct - group.accuracy.correct;
  const double rate =
      static_cast<double>(group.accuracy.correct) / static_cast<double>(group.samples);
  const double other_rate =
      others == 0 ? rate : static_cast<double>(others_right) / static_cast<double>(others);
  const bool differs = group.p_holm <= group_alpha;
  group.state = differs && rate < other_rate ? State::warn : State::pass;
  group.says = fmt::format(
      "{:.4f} right, {:.4f} of the others; {} (Fisher's exact p = {:.3g}, "
      "Holm {:.3g})",
      rate, other_rate,
      !differs            ? "no difference beyond chance"
      : rate < other_rate ? "worse than the others"
                          : "better than the others",
      group.p_value, group.p_holm);
}

std::vector<GroupMetrics> Measurer::groups() {
  if (!grouping_) return {};
  const Tally all = this->all().tally;
  std::vector<GroupMetrics> groups;
  std::vector<double> p_values;
  for (std::int32_t g = 0; g < static_cast<std::int32_t>(grouping_->names.size()); ++g) {
    const Subject& one = subject(g);
    GroupMetrics group;
    group.name = grouping_->names[static_cast<std::size_t>(g)];
    group.samples = one.slice.samples();
    group.accuracy = accuracy_of(one.tally.correct, one.tally.samples);
    if (group.samples < group_samples_min) {
      group.state = State::underpowered;
      group.says =
          fmt::format("{} samples, fewer than {}: not judged", group.samples, group_samples_min);
    } else {
      for (const Metric& metric : metrics())
        if (find_metric(metric.name)->scope != MetricScope::one_class)
          group.metrics.push_back(value_of(metric, -1, metric.measure(one, -1)));
      group.p_value = fisher_exact(
          one.tally.correct, one.tally.samples - one.tally.correct, all.correct - one.tally.correct,
          (all.samples - all.correct) - (one.tally.samples - one.tally.correct));
      p_values.push_back(group.p_value);
    }
    groups.push_back(std::move(group));
  }
  const std::vector<double> adjusted = holm(p_values);
  std::size_t next = 0;
  for (GroupMetrics& group : groups) {
    if (group.metrics.empty()) continue;
    group.p_holm = adjusted[next++];
    judge_group(group, all);
  }
  return groups;
}

}  // namespace

Result<Metrics> measure(const Scores& scores,
                        const std::optional<Grouping>& grouping,
                        const MetricsSettings& settings) {
  Measurer measurer(scores, grouping, settings);
  Metrics metrics;
  for (const DeclaredMetric& value : settings.declared) {
    TRY(DeclaredTest test, measurer.declared(value));
    metrics.declared.push_back(std::move(test));
  }
  metrics.samples = scores.samples();
  metrics.classes = scores.classes;
  metrics.seed = settings.resampling.seed;
  metrics.resamples = settings.resampling.resamples;
  metrics.are_probabilities = scores.are_probabilities;
  metrics.values = values_of(measurer.all());
  metrics.confusion = confusion_of(scores);
  metrics.calibration = calibration_of(measurer.all());
  metrics.calibration.scaling = scaled(scores);
  if (grouping) metrics.grouped_by = grouping->name;
  metrics.groups = measurer.groups();
  return metrics;
}

}  // namespace lockstep::ai
