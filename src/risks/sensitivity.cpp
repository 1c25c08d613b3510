// SPDX-License-Identifier: Apache-2.0
// Which input moves a risk, and which one would change its level if it were known.
//
// The rate is a product of independent factors. So if one factor were known to be x, the 95 % value
// of the rate would be x times the 95 % value of the product of all others: one summary without the
// factor answers every "what if". The input is put at a hundred places of its range, equally
// probable for a distribution, equally spaced between bounds, and the share of places that give
// another level than the present one says how much evidence about it could decide. Where a default
// stands for an input the bounds are all that it can be.
//
// The rank correlation is that of the input's draws with those of the rate, from the same keyed
// numbers as the register, so that it needs no seed of its own. For a product of log-normals it has
// a closed form, (6/pi) asin(r/2) with r the share of the input's sigma, which the tests use.
//
// Source: risk method, section 4.7; Spearman 1904; Pearson 1907 for the closed form.
#include "risks/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <numeric>

#include "base/check.hpp"
#include "risks/levels.hpp"
#include "risks/limits.hpp"
#include "risks/rules/rule.hpp"

namespace lockstep::risks {
namespace {

constexpr int places = 100;

/// The level that follows when the input has the value.
using LevelAt = std::function<std::string(double)>;

/// Ranks from 1 on; equal values share the mean of theirs.
std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(values[i], i); });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]])
      ++end;
    const double shared = static_cast<double>(begin + 1 + end) / 2;
    for (std::size_t i = begin; i < end; ++i)
      ranks[order[i]] = shared;
    begin = end;
  }
  return ranks;
}

/// One input, looked at where `value(share)` lies for shares of its range from 0 to 1.
InputSensitivity look(std::string input,
                      const std::function<double(double)>& value,
                      const LevelAt& level_at,
                      const std::string& present) {
  InputSensitivity one;
  one.input = std::move(input);
  one.low = value(0.05);
  one.high = value(0.95);
  one.level_low = level_at(one.low);
  one.level_high = level_at(one.high);
  int others = 0;
  for (int i = 0; i < places; ++i)
    if (level_at(value((i + 0.5) / places)) != present) ++others;
  one.crossing = static_cast<double>(others) / places;
  return one;
}

std::function<double(double)> between(double low, double high) {
  return [low, high](double share) { return low + (high - low) * share; };
}

/// What stays the same while one input moves.
struct Setting {
  const Risk& risk;
  const RiskRules& rules;
  double residual;

  std::string level(double rate_per_year, double years) const {
    const double probability = probability_over(rate_per_year, years);
    return rate(probability, risk.harm.severity, rules).level;
  }
};

std::vector<InputSensitivity> of_factors(const Setting& setting, std::span<const Factor> factors) {
  const Risk& risk = setting.risk;
  std::vector<InputSensitivity> inputs;
  for (const Factor& factor : factors) {
    const bool is_fixed = std::holds_alternative<Fixed>(factor.distribution);
    if (is_fixed && !factor.bounds) continue;
    std::vector<Factor> others(factors.begin(), factors.end());
    std::erase_if(others, [&](const Factor& other) { return other.id == factor.id; });
    const auto exact = closed_form(others);
    const double q95 =
        (exact ? *exact
               : summarise(sample_rates(risk.id, others, risk.seed, iterations_sensitivity)))
            .q95;
    const auto value =
        is_fixed ? between(factor.bounds->low, factor.bounds->high) : [&factor](double share) {
          return held(factor, quantile(factor.distribution, share));
        };
    const auto level_at = [&](double x) {
      return setting.level(q95 * x * setting.residual, risk.horizon_years);
    };
    inputs.push_back(look(factor.id, value, level_at, risk.level));
    if (is_fixed) continue;
    inputs.back().rank_correlation = rank_correlation(
        sample_rates(risk.id, std::span(&factor, 1), risk.seed, iterations_sensitivity),
        sample_rates(risk.id, factors, risk.seed, iterations_sensitivity));
  }
  return inputs;
}

InputSensitivity of_control(const Setting& setting, std::size_t index, double rate_q95) {
  const Risk& risk = setting.risk;
  const auto level_at = [&](double weight) {
    std::vector<Control> controls = risk.controls;
    controls[index].weight = weight;
    const double left = residual(controls, setting.rules.policy.controls);
    return setting.level(rate_q95 * left, risk.horizon_years);
  };
  return look("w " + risk.controls[index].id, between(0, 1), level_at, risk.level);
}

}  // namespace

double rank_correlation(std::span<const double> x, std::span<const double> y) {
  LS_CHECK(x.size() == y.size() && x.size() > 1, "a rank correlation needs pairs");
  const std::vector<double> rank_x = ranks_of(x);
  const std::vector<double> rank_y = ranks_of(y);
  const double middle = static_cast<double>(x.size() + 1) / 2;
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = rank_x[i] - middle;
    const double dy = rank_y[i] - middle;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx == 0 || yy == 0 ? 0 : xy / std::sqrt(xx * yy);
}

std::vector<InputSensitivity> sensitivity_of(const Risk& risk,
                                             std::span<const Factor> factors,
                                             std::optional<double> horizon_years_low,
                                             const RiskRules& rules) {
  if (risk.level == level_unknown) return {};
  const Setting setting{risk, rules, residual(risk.controls, rules.policy.controls)};
  std::vector<InputSensitivity> inputs = of_factors(setting, factors);
  if (!horizon_years_low && risk.controls.empty()) return inputs;
  const double rate_q95 = rate_of(risk.id, factors, risk.seed).q95;
  if (horizon_years_low)
    inputs.push_back(look(
        "W", between(*horizon_years_low, risk.horizon_years),
        [&](double years) { return setting.level(rate_q95 * setting.residual, years); },
        risk.level));
  for (std::size_t i = 0; i < risk.controls.size(); ++i)
    inputs.push_back(of_control(setting, i, rate_q95));
  return inputs;
}

std::string next_best_evidence(std::span<const InputSensitivity> inputs) {
  const auto weight = [](const InputSensitivity& one) {
    return std::pair(one.crossing, std::abs(one.rank_correlation.value_or(0)));
  };
  const auto best = std::ranges::max_element(inputs, {}, weight);
  return best == inputs.end() || best->crossing == 0 ? "" : best->input;
}

}  // namespace lockstep::risks
