// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace lockstep {

/// Lower and upper end of an interval for a proportion, both in [0, 1].
struct Interval {
  double low = 0;
  double high = 1;

  bool operator==(const Interval&) const = default;
};

/// Exact two-sided interval for k successes in n trials.
/// @param k 0 <= k <= n   @param n trials; n = 0 gives [0, 1]   @param confidence in (0, 1)
/// Source: Clopper and Pearson 1934; beta quantiles by Boost.Math.
Interval clopper_pearson(std::int64_t k, std::int64_t n, double confidence = 0.95);

/// Exact one-sided bounds for k successes in n trials: the upper bound is 1 when k = n, the lower
/// bound 0 when k = 0.
double upper_bound(std::int64_t k, std::int64_t n, double confidence = 0.95);
double lower_bound(std::int64_t k, std::int64_t n, double confidence = 0.95);

/// Quantile of the Beta(a, b) distribution. @param p in [0, 1]; a, b > 0.
double beta_quantile(double p, double a, double b);

/// P(X <= x) for X of the Beta(a, b) distribution. @param x in [0, 1]; a, b > 0.
double beta_probability(double x, double a, double b);

/// Quantile of the Gamma distribution with shape a and rate b. @param p in [0, 1); a, b > 0.
double gamma_quantile(double p, double a, double b);

/// Quantile of the standard normal distribution. @param p in (0, 1).
double normal_quantile(double p);

/// P(X <= x) for X of the standard normal distribution.
double normal_probability(double x);

/// p-values adjusted for many tests, in the order given.
/// Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace lockstep
