// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/risk.hpp"
#include "risks/distribution.hpp"
#include "risks/limits.hpp"

namespace lockstep::risks {

/// What a number could be that is taken at one fixed value; low <= high.
struct Bounds {
  double low = 0;
  double high = 0;
};

/// One factor of a scenario's yearly rate: offset + scale X, held within [0, at_most]. An attack
/// success corrected for stronger attacks is 1 - (1 - v)(1 - d), so offset d and scale 1 - d; a
/// control that takes away the share e is 1 - e, so offset 1 and scale -1.
struct Factor {
  std::string id;  ///< the variable's name: part of the key of its random numbers
  Distribution distribution;
  double offset = 0;
  double scale = 1;
  double at_most = std::numeric_limits<double>::infinity();
  std::optional<Bounds> bounds =
      std::nullopt;  ///< of a Fixed value that stands for one that is not known
};

/// What a value of the factor's distribution becomes.
double held(const Factor& factor, double x);

/// Quantiles of a yearly rate. `q95_low` and `q95_high` hold the true 95 % quantile with 95 %
/// confidence (order statistics); they equal `q95` for a closed form.
struct RateSummary {
  double median = 0;
  double q95 = 0;
  double q95_low = 0;
  double q95_high = 0;
};

/// The rates of `iterations` draws, in order. Every number is keyed by (seed, scenario, factor,
/// iteration), so that one more risk, or one more factor, leaves all others as they were.
std::vector<double> sample_rates(std::string_view scenario,
                                 std::span<const Factor> factors,
                                 std::uint64_t seed,
                                 std::uint32_t iterations = iterations_default);

/// @param rates at least one
RateSummary summarise(std::vector<double> rates);

/// The exact answer where every factor is fixed or log-normal (and its bound is out of reach).
std::optional<RateSummary> closed_form(std::span<const Factor> factors);

/// The closed form where there is one, else the simulation.
RateSummary rate_of(std::string_view scenario, std::span<const Factor> factors, std::uint64_t seed);

/// Probability over the years, after all rates were multiplied by `residual` in [0, 1].
Likelihood likelihood_over(const RateSummary& rate, double years, double residual = 1);

}  // namespace lockstep::risks
