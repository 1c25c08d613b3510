// SPDX-License-Identifier: Apache-2.0
#include "base/exact_tests.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.hpp"

namespace lockstep {
namespace {

/// Whether the rate k/n seen in n samples decides against tau.
bool decides(double rate, std::int64_t n, double tau, double alpha) {
  const auto k = static_cast<std::int64_t>(std::llround(rate * static_cast<double>(n)));
  return upper_bound(k, n, 1 - alpha) <= tau || lower_bound(k, n, 1 - alpha) > tau;
}

/// ln n!
double log_factorial(std::int64_t n) {
  return std::lgamma(static_cast<double>(n) + 1);
}

}  // namespace

double binomial_at_least(std::int64_t k, std::int64_t n, double p) {
  LS_CHECK(0 <= k && k <= n, "successes must lie between 0 and the trials");
  if (k == 0) return 1;
  return beta_probability(p, static_cast<double>(k), static_cast<double>(n - k + 1));
}

double binomial_at_most(std::int64_t k, std::int64_t n, double p) {
  LS_CHECK(0 <= k && k <= n, "successes must lie between 0 and the trials");
  if (k == n) return 1;
  return beta_probability(1 - p, static_cast<double>(n - k), static_cast<double>(k + 1));
}

Interval bounded_mean(double mean, std::int64_t n, double alpha) {
  LS_CHECK(n > 0 && 0 <= mean && mean <= 1, "a mean of numbers in [0, 1]");
  const double sum = mean * static_cast<double>(n);
  const double confidence = 1 - alpha / std::numbers::e;
  return {lower_bound(static_cast<std::int64_t>(std::floor(sum)), n, confidence),
          upper_bound(std::min(n, static_cast<std::int64_t>(std::ceil(sum))), n, confidence)};
}

double mcnemar(std::int64_t b, std::int64_t c) {
  return std::min(1.0, 2 * binomial_at_most(std::min(b, c), b + c, 0.5));
}

double fisher_exact(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  LS_CHECK(a >= 0 && b >= 0 && c >= 0 && d >= 0, "counts are not negative");
  const std::int64_t row = a + b;
  const std::int64_t other_row = c + d;
  const std::int64_t column = a + c;
  const double fixed = log_factorial(row) + log_factorial(other_row) + log_factorial(column) +
                       log_factorial(b + d) - log_factorial(row + other_row);
  const auto probability = [&](std::int64_t x) {
    return std::exp(fixed - log_factorial(x) - log_factorial(row - x) - log_factorial(column - x) -
                    log_factorial(other_row - column + x));
  };
  const double observed = probability(a) * (1 + 1e-7);  // equal ones differ by rounding
  double sum = 0;
  for (auto x = std::max<std::int64_t>(0, column - other_row); x <= std::min(row, column); ++x)
    if (const double one = probability(x); one <= observed) sum += one;
  return std::min(1.0, sum);
}

std::int64_t samples_for_rate(double rate, double confidence, std::int64_t errors) {
  LS_CHECK(0 < rate && rate < 1 && 0 < confidence && confidence < 1 && errors >= 0,
           "rate and confidence lie between 0 and 1");
  const auto is_enough = [&](std::int64_t n) {
    return lower_bound(n - errors, n, confidence) >= rate;
  };
  std::int64_t enough = errors + 1;
  while (enough <= samples_max && !is_enough(enough))
    enough *= 2;
  if (enough > samples_max) return 0;
  std::int64_t too_few = std::max(errors, enough / 2 - 1);
  while (enough - too_few > 1) {
    const std::int64_t middle = too_few + (enough - too_few) / 2;
    (is_enough(middle) ? enough : too_few) = middle;
  }
  return enough;
}

std::int64_t samples_for_zero(double tau, double alpha) {
  LS_CHECK(0 < tau && tau < 1 && 0 < alpha && alpha < 1, "tau and alpha lie between 0 and 1");
  return static_cast<std::int64_t>(std::ceil(std::log(alpha) / std::log1p(-tau)));
}

std::int64_t samples_to_decide(std::int64_t k, std::int64_t n, double tau, double alpha) {
  if (n == 0) return tau > 0 && tau < 1 ? samples_for_zero(tau, alpha) : 0;
  const double rate = static_cast<double>(k) / static_cast<double>(n);
  std::int64_t enough = n;
  while (enough <= samples_max && !decides(rate, enough, tau, alpha))
    enough *= 2;
  if (enough > samples_max) return 0;
  std::int64_t too_few = std::max<std::int64_t>(enough / 2, 1);
  while (enough - too_few > std::max<std::int64_t>(1, enough / 1000)) {
    const std::int64_t middle = too_few + (enough - too_few) / 2;
    (decides(rate, middle, tau, alpha) ? enough : too_few) = middle;
  }
  return enough;
}

}  // namespace lockstep
