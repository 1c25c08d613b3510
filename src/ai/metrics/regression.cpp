// SPDX-License-Identifier: Apache-2.0
// Metrics of a model that answers one number for each sample. With the errors e = said - right:
//
//     MAE = mean |e|     RMSE = sqrt(mean e^2)     R2 = 1 - sum e^2 / sum (right - mean right)^2
//
// Each interval is the bias-corrected and accelerated bootstrap one, whose acceleration comes from
// leaving out one sample at a time. The root of a mean moves with the mean, so that the interval of
// RMSE is the root of that of the mean.
//
// Source: Efron 1987, "Better bootstrap confidence intervals".
#include "ai/metrics/regression.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "ai/metrics/declared.hpp"
#include "ai/metrics/resampling.hpp"
#include "base/check.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

/// [policy] Fewer samples show too little of the errors to draw them anew.
constexpr std::int64_t least_samples = 30;

/// Sums over samples, from which every metric here follows.
struct Sums {
  double count = 0;
  double distance = 0;  ///< of |e|
  double squared = 0;   ///< of e^2
  double right = 0;     ///< of the right numbers, less their mean over all samples
  double right_squared = 0;

  void add(const Sums& one, double times = 1) {
    count += times * one.count;
    distance += times * one.distance;
    squared += times * one.squared;
    right += times * one.right;
    right_squared += times * one.right_squared;
  }
};

double mae_of(const Sums& sums) {
  return sums.distance / sums.count;
}

double mean_square_of(const Sums& sums) {
  return sums.squared / sums.count;
}

/// Where all right numbers are the same there is no variance to explain.
double r2_of(const Sums& sums) {
  const double spread = sums.right_squared - sums.right * sums.right / sums.count;
  return spread > 0 ? 1 - sums.squared / spread : -std::numeric_limits<double>::infinity();
}

struct NumberMetric {
  std::string_view name;
  double (*of)(const Sums& sums);
  bool is_root = false;  ///< the metric is the root of that
};

constexpr std::array<NumberMetric, 3> rows{{
    {"mae", mae_of},
    {"rmse", mean_square_of, true},
    {"r2", r2_of},
}};

/// Some of the samples, with their sums and those of every resample.
struct Sample {
  std::vector<Sums> each;
  Sums all;
  std::vector<Sums> resampled;
};

Sample sample_of(const Numbers& numbers,
                 const std::vector<std::int32_t>& index,
                 const ResamplingSettings& settings,
                 std::string_view name) {
  Sample sample;
  double middle = 0;
  for (const std::int32_t i : index)
    middle += numbers.right[static_cast<std::size_t>(i)] / static_cast<double>(index.size());
  for (const std::int32_t i : index) {
    const double right = numbers.right[static_cast<std::size_t>(i)];
    const double e = numbers.said[static_cast<std::size_t>(i)] - right;
    const double off = right - middle;
    sample.each.push_back({1, std::abs(e), e * e, off, off * off});
    sample.all.add(sample.each.back());
  }
  if (std::ssize(index) < least_samples) return sample;
  const auto count = static_cast<std::uint32_t>(index.size());
  const std::uint32_t stream = stream_of(fmt::format("metrics.numbers.{}", name));
  for (std::int64_t r = 0; r < settings.resamples; ++r) {
    Random random(RandomKey{settings.seed, stream, static_cast<std::uint32_t>(r), 0});
    Sums sums;
    for (std::uint32_t i = 0; i < count; ++i)
      sums.add(sample.each[random.below(count)]);
    sample.resampled.push_back(sums);
  }
  return sample;
}

/// From the metric without one sample at a time.
double acceleration_of(const Sample& sample, double (*of)(const Sums&)) {
  std::vector<double> left;
  for (const Sums& one : sample.each) {
    Sums others = sample.all;
    others.add(one, -1);
    left.push_back(-of(others));
  }
  return acceleration_of_mean(left);
}

Bounded bounded_of(const NumberMetric& metric, const Sample& sample) {
  Bounded bounded;
  bounded.samples = std::ssize(sample.each);
  if (sample.each.empty()) {
    bounded.why_not = "there are no samples";
    return bounded;
  }
  const double value = metric.of(sample.all);
  if (!std::isfinite(value)) {
    bounded.why_not = "all right numbers are the same";
    return bounded;
  }
  bounded.value = metric.is_root ? std::sqrt(value) : value;
  if (bounded.samples < least_samples) {
    bounded.why_not = fmt::format("{} samples are too few to resample (at least {})",
                                  bounded.samples, least_samples);
    return bounded;
  }
  std::vector<double> sorted;
  for (const Sums& sums : sample.resampled)
    sorted.push_back(metric.of(sums));
  std::ranges::sort(sorted);
  if (sorted.front() == sorted.back() || !std::isfinite(sorted.front())) {
    bounded.why_not = "the samples do not differ enough to resample";
    return bounded;
  }
  bounded.method = "bootstrap, BCa";
  bounded.least_alpha = 1 / static_cast<double>(sorted.size() + 1);
  bounded.bounds = [value, is_root = metric.is_root,
                    acceleration = acceleration_of(sample, metric.of),
                    sorted = std::move(sorted)](double alpha) {
    const Interval interval = bca(value, sorted, acceleration, alpha);
    return is_root ? Interval{std::sqrt(interval.low), std::sqrt(interval.high)} : interval;
  };
  return bounded;
}

/// The samples that a declared value speaks of.
Result<std::vector<std::int32_t>> samples_of(const DeclaredMetric& value,
                                             const Numbers& numbers,
                                             const std::optional<Grouping>& grouping) {
  std::vector<std::int32_t> index(numbers.right.size());
  std::iota(index.begin(), index.end(), 0);
  if (value.group.empty()) return index;
  const auto found = grouping ? std::ranges::find(grouping->names, value.group)
                              : std::vector<std::string>::const_iterator{};
  if (!grouping || found == grouping->names.end())
    return fail(ErrorKind::input, "ai.declared",
                fmt::format("'{}' is declared of a group that the data do not have",
                            quotable(name_of(value))));
  const auto group = static_cast<std::int32_t>(found - grouping->names.begin());
  std::erase_if(index,
                [&](std::int32_t i) { return grouping->of[static_cast<std::size_t>(i)] != group; });
  return index;
}

}  // namespace

Result<bool> is_of_numbers(std::span<const DeclaredMetric> declared) {
  const auto count = std::ranges::count_if(declared, [](const DeclaredMetric& value) {
    const MetricRow* row = find_metric(value.metric);
    return row != nullptr && row->task == MetricTask::numbers;
  });
  if (count == 0 || count == std::ssize(declared)) return count > 0;
  return fail(ErrorKind::input, "ai.declared",
              "expected metrics of classes or of numbers to be declared of a model on one data "
              "set, found both");
}

Result<Metrics> measure_numbers(const Numbers& numbers,
                                const std::optional<Grouping>& grouping,
                                const MetricsSettings& settings) {
  LS_CHECK(numbers.said.size() == numbers.right.size(), "one number for each sample");
  Metrics metrics;
  metrics.samples = std::ssize(numbers.right);
  metrics.seed = settings.resampling.seed;
  metrics.resamples = settings.resampling.resamples;
  TRY(const auto everything, samples_of({}, numbers, grouping));
  const Sample all = sample_of(numbers, everything, settings.resampling, "");
  for (const NumberMetric& row : rows)
    metrics.values.push_back(value_of({row.name, nullptr}, -1, bounded_of(row, all)));
  const std::int64_t family = std::max(settings.family, std::ssize(settings.declared));
  for (const DeclaredMetric& value : settings.declared) {
    const auto row = std::ranges::find(rows, value.metric, &NumberMetric::name);
    LS_CHECK(row != rows.end(), "a metric of numbers");
    TRY(const auto index, samples_of(value, numbers, grouping));
    const Sample some =
        value.group.empty() ? all : sample_of(numbers, index, settings.resampling, value.group);
    metrics.declared.push_back(
        test_declared(value, {row->name, nullptr}, bounded_of(*row, some), family));
  }
  return metrics;
}

}  // namespace lockstep::ai
