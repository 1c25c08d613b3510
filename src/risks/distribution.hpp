// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "base/random.hpp"

namespace lockstep::risks {

/// A number without doubt.
struct Fixed {
  double value = 0;
};

/// exp(mu + sigma Z) with standard normal Z; sigma >= 0.
struct LogNormal {
  double mu = 0;
  double sigma = 0;
};

/// On [0, 1]; a, b > 0. k of n successes under the Jeffreys prior are Beta(k + 1/2, n - k + 1/2).
struct Beta {
  double a = 1;
  double b = 1;
};

/// shape > 0; rate > 0 in the inverse of the unit.
struct Gamma {
  double shape = 1;
  double rate = 1;
};

/// What is known about one input number of a scenario.
using Distribution = std::variant<Fixed, LogNormal, Beta, Gamma>;

/// The log-normal whose 5 % and 95 % quantiles are the ends of a judged 90 % interval.
/// @param low, high  0 < low <= high
LogNormal judged_interval(double low, double high);

/// The Jeffreys posterior of a success probability. @param k successes  @param n attempts, k <= n
Beta jeffreys(double k, double n);

/// The value that the number stays below with probability p in (0, 1).
double quantile(const Distribution& distribution, double p);

double mean(const Distribution& distribution);

/// One draw. The same generator state gives the same value everywhere where `log`, `exp`, `sqrt`
/// and `cos` do.
double draw(const Distribution& distribution, Random& random);

/// P(T) = 1 - exp(-rate * years), without loss of digits for small rates.
double probability_over(double rate_per_year, double years);

}  // namespace lockstep::risks
