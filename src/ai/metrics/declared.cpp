// SPDX-License-Identifier: Apache-2.0
// A declared value against samples. "The accuracy is at least 0.95" is shown when a model that is
// worse than that would give so good a result with a probability of at most alpha; it is shown not
// to hold when a model as good as that would give so bad a result as rarely. Between the two the
// sample is too small.
//
// For shares of counts the probability is that of the binomial distribution, exactly. For the other
// metrics it is the least alpha at which the one-sided bound reaches the declared value.
//
// The samples needed: for shares, the least number at which the rate seen would decide; for the
// others, bounds shrink with the root of the number of samples.
#include "ai/metrics/declared.hpp"

#include <cmath>
#include <fmt/format.h>

#include "base/exact_tests.hpp"

namespace lockstep::ai {
namespace {

/// The least alpha in [low, 0.5] at which the bound passes the value; 1 when none does.
template <typename Passes>
double least_alpha(double low, const Passes& passes) {
  double high = 0.5;
  if (!passes(high)) return 1;
  if (passes(low)) return low;
  for (int step = 0; step < 40; ++step) {
    const double middle = std::sqrt(low * high);
    (passes(middle) ? high : low) = middle;
  }
  return high;
}

/// What a test needs to know whichever way its metric is better.
struct Sides {
  double p_above = 1;  ///< p-value of "the metric is at least the value"
  double p_below = 1;  ///< p-value of "the metric is at most the value"
  std::int64_t needed = 0;
};

Sides by_count(const Bounded& bounded, double value, double alpha) {
  const auto [k, n] = *bounded.count;
  const double share = bounded.share_of(value);
  Sides sides{binomial_at_least(k, n, share), binomial_at_most(k, n, share), 0};
  if (sides.p_above > alpha && sides.p_below > alpha)
    sides.needed = samples_to_decide(n - k, n, 1 - share, alpha);
  return sides;
}

Sides by_bounds(const Bounds& bounds, const Bounded& bounded, double value, double alpha) {
  const double low = bounded.least_alpha;
  Sides sides{least_alpha(low, [&](double a) { return bounds(a).low >= value; }),
              least_alpha(low, [&](double a) { return bounds(a).high <= value; }), 0};
  const double gap = *bounded.value - value;
  if (sides.p_above <= alpha || sides.p_below <= alpha || gap == 0) return sides;
  const Interval interval = bounds(alpha);
  const double reach = gap > 0 ? *bounded.value - interval.low : interval.high - *bounded.value;
  const double needed = static_cast<double>(bounded.samples) * std::pow(reach / gap, 2);
  if (needed <= static_cast<double>(samples_max))
    sides.needed = static_cast<std::int64_t>(std::ceil(needed));
  return sides;
}

}  // namespace

DeclaredTest test_declared(const DeclaredMetric& declared,
                           const Metric& metric,
                           const Bounded& bounded,
                           std::int64_t family) {
  DeclaredTest test;
  test.declared = declared;
  test.measured = value_of(metric, declared.class_index, bounded);
  const Bounds& bounds = bounded.strict ? bounded.strict : bounded.bounds;
  if (!bounded.value || !bounds) return test;
  const double alpha = 1 - declared.confidence;
  const Interval interval = bounds(alpha);
  test.lower = interval.low;
  test.upper = interval.high;
  test.test = bounded.count
                  ? "exact binomial, one-sided"
                  : (bounded.strict ? bounded.strict_method : bounded.method) + ", one-sided";
  const double corrected = alpha / static_cast<double>(std::max<std::int64_t>(family, 1));
  const Sides sides = bounded.count ? by_count(bounded, declared.value, corrected)
                                    : by_bounds(bounds, bounded, declared.value, corrected);
  const MetricRow* row = find_metric(metric.name);
  const bool is_higher = row == nullptr || row->better == Better::higher;
  test.p_shown = is_higher ? sides.p_above : sides.p_below;
  test.p_refuted = is_higher ? sides.p_below : sides.p_above;
  test.needed = sides.needed;
  return test;
}

ModelComparison compare(const Scores& scores, const Scores& other) {
  ModelComparison comparison;
  const std::size_t samples = scores.labels.size();
  for (std::size_t i = 0; i < samples; ++i) {
    const bool is_right = scores.answered[i] == scores.labels[i];
    const bool is_other_right = other.answered[i] == scores.labels[i];
    ++(is_right ? (is_other_right ? comparison.both : comparison.only_this)
                : (is_other_right ? comparison.only_other : comparison.neither));
  }
  const std::int64_t differ = comparison.only_this + comparison.only_other;
  if (samples > 0)
    comparison.difference = static_cast<double>(comparison.only_this - comparison.only_other) /
                            static_cast<double>(samples);
  comparison.p_value = mcnemar(comparison.only_this, comparison.only_other);
  comparison.says =
      differ == 0 ? "both are right about the same samples"
                  : fmt::format(
                        "of {} samples that one of them gets right and the other does not, this "
                        "one gets {}; exact two-sided p = {:.3g}",
                        differ, comparison.only_this, comparison.p_value);
  return comparison;
}

}  // namespace lockstep::ai
