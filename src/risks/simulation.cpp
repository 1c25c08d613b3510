// SPDX-License-Identifier: Apache-2.0
// From the inputs of a scenario to the quantiles of its yearly rate.
//
// The rate is a product of factors: how often the event comes, how often it succeeds, how often
// success leads to the harm, what controls leave over. Where every factor is fixed or log-normal
// the product is log-normal, and its quantiles are exact. Otherwise 100,000 draws are made, sorted
// and read off at the ranks 50,000 and 95,000. The true quantile lies between the values at the
// ranks np -+ 1.96 sqrt(np(1 - p)) with 95 % confidence, whatever the distribution: half of that
// width is the Monte-Carlo error that the register shows.
//
// Probability over a horizon rises with the rate, so quantiles of the rate become quantiles of the
// probability without a second simulation, and a control that takes away a fixed share needs none
// either.
//
// Source: risk method, sections 4 and 4.7; David and Nagaraja 2003, "Order statistics", 7.1.
#include "risks/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.hpp"
#include "base/statistics.hpp"

namespace lockstep::risks {
namespace {

/// A bound matters less than one draw in a thousand million.
bool bound_is_out_of_reach(const Factor& factor, const LogNormal& distribution) {
  return factor.scale * quantile(distribution, 1 - 1e-9) <= factor.at_most;
}

double at_rank(const std::vector<double>& sorted, double rank) {
  const double last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::clamp(std::floor(rank), 0.0, last))];
}

}  // namespace

double held(const Factor& factor, double x) {
  return std::clamp(factor.offset + factor.scale * x, 0.0, factor.at_most);
}

std::vector<double> sample_rates(std::string_view scenario,
                                 std::span<const Factor> factors,
                                 std::uint64_t seed,
                                 std::uint32_t iterations) {
  std::vector<double> rates(iterations, 1.0);
  const std::uint32_t stream = stream_of(scenario);
  for (const Factor& factor : factors) {
    const std::uint32_t variable = stream_of(factor.id);
    for (std::uint32_t i = 0; i < iterations; ++i) {
      Random random({seed, stream, variable, i});
      rates[i] *= held(factor, draw(factor.distribution, random));
    }
  }
  return rates;
}

RateSummary summarise(std::vector<double> rates) {
  LS_CHECK(!rates.empty(), "a summary needs at least one rate");
  std::sort(rates.begin(), rates.end());
  const double n = static_cast<double>(rates.size());
  constexpr double p = 0.95;
  const double reach = normal_quantile(0.975) * std::sqrt(n * p * (1 - p));
  return {at_rank(rates, n * 0.5), at_rank(rates, n * p), at_rank(rates, n * p - reach),
          at_rank(rates, std::ceil(n * p + reach))};
}

std::optional<RateSummary> closed_form(std::span<const Factor> factors) {
  double constant = 1;
  double mu = 0;
  double variance = 0;
  for (const Factor& factor : factors) {
    if (const auto* fixed = std::get_if<Fixed>(&factor.distribution)) {
      constant *= held(factor, fixed->value);
      continue;
    }
    const auto* log_normal = std::get_if<LogNormal>(&factor.distribution);
    if (log_normal == nullptr || factor.offset != 0 || factor.scale <= 0 ||
        !bound_is_out_of_reach(factor, *log_normal))
      return std::nullopt;
    mu += log_normal->mu + std::log(factor.scale);
    variance += log_normal->sigma * log_normal->sigma;
  }
  const LogNormal product{mu, std::sqrt(variance)};
  const double median = constant * quantile(product, 0.5);
  const double q95 = constant * quantile(product, 0.95);
  return RateSummary{median, q95, q95, q95};
}

RateSummary rate_of(std::string_view scenario,
                    std::span<const Factor> factors,
                    std::uint64_t seed) {
  if (const auto exact = closed_form(factors)) return *exact;
  return summarise(sample_rates(scenario, factors, seed));
}

Likelihood likelihood_over(const RateSummary& rate, double years, double residual) {
  const auto probability = [&](double yearly) {
    return probability_over(yearly * residual, years);
  };
  return {probability(rate.median), probability(rate.q95),
          (probability(rate.q95_high) - probability(rate.q95_low)) / 2};
}

}  // namespace lockstep::risks
