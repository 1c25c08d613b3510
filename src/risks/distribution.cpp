// SPDX-License-Identifier: Apache-2.0
// The four kinds of input numbers and how to draw from them.
//
// The standard library's distributions may differ from one library to the next, so the transforms
// are our own: Box-Muller for the normal, and for the gamma a squeeze on (1 + cx)^3 of a normal x,
// which is exact in distribution and accepts more than 95 % of its proposals. A beta is the share
// of one gamma in the sum of two. Each draw has a generator of its own (see simulation.cpp), so a
// rejected proposal never shifts another draw.
//
// Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables" (shapes below
// 1 by their remark: Gamma(a) = Gamma(a + 1) U^(1/a)); risk method, section 4.
#include "risks/distribution.hpp"

#include <cmath>

#include "base/check.hpp"
#include "base/statistics.hpp"

namespace lockstep::risks {
namespace {

/// A gamma variable of the shape and rate 1; shape >= 1.
double draw_large_gamma(double shape, Random& random) {
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = random.normal();
    const double root = 1.0 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = 1.0 - random.uniform();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

double draw_gamma(double shape, Random& random) {
  if (shape >= 1) return draw_large_gamma(shape, random);
  const double large = draw_large_gamma(shape + 1, random);
  return large * std::pow(1.0 - random.uniform(), 1.0 / shape);
}

struct Draw {
  Random& random;

  double operator()(const Fixed& fixed) const { return fixed.value; }

  double operator()(const LogNormal& log_normal) const {
    return std::exp(log_normal.mu + log_normal.sigma * random.normal());
  }

  double operator()(const Beta& beta) const {
    const double first = draw_gamma(beta.a, random);
    const double second = draw_gamma(beta.b, random);
    // Both can underflow to 0 for shapes far below 1; the middle is as good as any answer then.
    return first + second > 0 ? first / (first + second) : 0.5;
  }

  double operator()(const Gamma& gamma) const {
    return draw_gamma(gamma.shape, random) / gamma.rate;
  }
};

struct Quantile {
  double p;

  double operator()(const Fixed& fixed) const { return fixed.value; }

  double operator()(const LogNormal& log_normal) const {
    return std::exp(log_normal.mu + log_normal.sigma * normal_quantile(p));
  }

  double operator()(const Beta& beta) const { return beta_quantile(p, beta.a, beta.b); }

  double operator()(const Gamma& gamma) const { return gamma_quantile(p, gamma.shape, gamma.rate); }
};

struct Mean {
  double operator()(const Fixed& fixed) const { return fixed.value; }

  double operator()(const LogNormal& log_normal) const {
    return std::exp(log_normal.mu + log_normal.sigma * log_normal.sigma / 2);
  }

  double operator()(const Beta& beta) const { return beta.a / (beta.a + beta.b); }

  double operator()(const Gamma& gamma) const { return gamma.shape / gamma.rate; }
};

}  // namespace

LogNormal judged_interval(double low, double high) {
  LS_CHECK(0 < low && low <= high, "a judged interval needs 0 < low <= high");
  const double mu = (std::log(low) + std::log(high)) / 2;
  const double sigma = (std::log(high) - std::log(low)) / (2 * normal_quantile(0.95));
  return {mu, sigma};
}

Beta jeffreys(double k, double n) {
  LS_CHECK(0 <= k && k <= n, "successes must lie between 0 and the attempts");
  return {k + 0.5, n - k + 0.5};
}

double quantile(const Distribution& distribution, double p) {
  return std::visit(Quantile{p}, distribution);
}

double mean(const Distribution& distribution) {
  return std::visit(Mean{}, distribution);
}

double draw(const Distribution& distribution, Random& random) {
  return std::visit(Draw{random}, distribution);
}

double probability_over(double rate_per_year, double years) {
  return -std::expm1(-rate_per_year * years);
}

}  // namespace lockstep::risks
