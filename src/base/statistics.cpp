// SPDX-License-Identifier: Apache-2.0
#include "base/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <numeric>

#include "base/check.hpp"

namespace lockstep {

double beta_quantile(double p, double a, double b) {
  return boost::math::quantile(boost::math::beta_distribution<>(a, b), p);
}

double beta_probability(double x, double a, double b) {
  return boost::math::cdf(boost::math::beta_distribution<>(a, b), x);
}

double gamma_quantile(double p, double a, double b) {
  return boost::math::quantile(boost::math::gamma_distribution<>(a, 1.0 / b), p);
}

double normal_quantile(double p) {
  return boost::math::quantile(boost::math::normal(), p);
}

double normal_probability(double x) {
  return boost::math::cdf(boost::math::normal(), x);
}

double upper_bound(std::int64_t k, std::int64_t n, double confidence) {
  LS_CHECK(0 <= k && k <= n, "successes must lie between 0 and the trials");
  if (k == n) return 1;
  return beta_quantile(confidence, static_cast<double>(k + 1), static_cast<double>(n - k));
}

double lower_bound(std::int64_t k, std::int64_t n, double confidence) {
  LS_CHECK(0 <= k && k <= n, "successes must lie between 0 and the trials");
  if (k == 0) return 0;
  return beta_quantile(1 - confidence, static_cast<double>(k), static_cast<double>(n - k + 1));
}

Interval clopper_pearson(std::int64_t k, std::int64_t n, double confidence) {
  const double one_sided = 1 - (1 - confidence) / 2;
  return {lower_bound(k, n, one_sided), upper_bound(k, n, one_sided)};
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double worst = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(p_values.size() - rank);
    worst = std::max(worst, std::min(1.0, factor * p_values[order[rank]]));
    adjusted[order[rank]] = worst;
  }
  return adjusted;
}

}  // namespace lockstep
