// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/diagnostics.hpp"
#include "domain/finding.hpp"
#include "domain/measurement.hpp"
#include "domain/product.hpp"
#include "domain/risk.hpp"
#include "risks/rules_data.hpp"

namespace lockstep::risks {

/// Everything that the register is made from. All views must outlive the call.
struct RiskInput {
  const Product& product;
  const RiskRules& rules;
  std::span<const Finding> findings;
  std::span<const Unmatched> unmatched;
  std::span<const Measurement> measurements;
  std::span<const TestVerdict> verdicts;
  Day as_of;
  std::uint64_t seed = 0;
};

/// The one register: the scenarios of all rules, with likelihood, level and decision, sorted by id.
/// A number that nobody measured, derived or judged leaves its scenario without a level and in
/// state `human`.
std::vector<Risk> assess_risks(const RiskInput& input);

/// Judgements of the product file that name no scenario of the register, or cannot be used: codes
/// risk.unknown, risk.interval, risk.severity, risk.harm_class, risk.control, risk.decision.
void check_judgements(const Product& product,
                      std::span<const Risk> risks,
                      const RiskRules& rules,
                      Diagnostics& problems);

}  // namespace lockstep::risks
