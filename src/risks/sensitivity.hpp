// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/risk.hpp"
#include "risks/rules_data.hpp"
#include "risks/simulation.hpp"

namespace lockstep::risks {

/// How each input that is not settled moves the risk: its factors with a distribution or bounds,
/// the horizon where it may be shorter, and the weight of its controls. In the order of the
/// factors, then the horizon ("W"), then the controls. Empty without a level.
/// @param risk              with id, seed, harm, level, controls and horizon set
/// @param horizon_years_low nothing where the horizon is settled
std::vector<InputSensitivity> sensitivity_of(const Risk& risk,
                                             std::span<const Factor> factors,
                                             std::optional<double> horizon_years_low,
                                             const RiskRules& rules);

/// The input whose resolution most often gives another level; with equal shares the one with the
/// larger rank correlation, then the first. "" when none ever does.
std::string next_best_evidence(std::span<const InputSensitivity> inputs);

/// Spearman's rank correlation, equal values sharing their mean rank; 0 when one side is constant.
/// @param x, y  of the same length, at least 2
double rank_correlation(std::span<const double> x, std::span<const double> y);

}  // namespace lockstep::risks
