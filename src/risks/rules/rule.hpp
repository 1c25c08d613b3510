// SPDX-License-Identifier: Apache-2.0
// The family of risk rules: each looks at what is known and names the scenarios that follow. How to
// add one: docs/how-to-add/risk-rule.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "risks/assess.hpp"
#include "risks/rules_data.hpp"
#include "risks/simulation.hpp"

namespace lockstep::risks {

/// What a rule found, before a person's judgement: the factors that it knows itself. The rate `a`
/// (unless it is derived) and the harm `h` are judged, and are added by `assess_risks`.
struct Scenario {
  std::string asset;    ///< last part of the id; "reader" in "evasion.reader"
  std::string subject;  ///< what stands for {asset} in texts; the asset when empty
  std::vector<Factor> factors;
  bool is_rate_known = false;               ///< the factors hold the rate already
  double horizon_years = 0;                 ///< 0: the support period
  std::optional<double> horizon_years_low;  ///< how short it could be, where it is not settled
  std::vector<NumberOrigin> numbers;
  std::vector<std::string> findings;
  std::string because;       ///< one sentence, without the full stop
  State gate = State::pass;  ///< fail or human: holds whatever the numbers say
  std::string gate_because;
};

struct Rule {
  std::string_view id;  ///< that of its category in data/risks
  std::vector<Scenario> (*find)(const RiskInput& input, const Category& category);
};

/// All rules, in the order of the list.
std::span<const Rule> all_rules();

std::vector<Scenario> find_known_exploited(const RiskInput& input, const Category& category);
std::vector<Scenario> find_vulnerable_components(const RiskInput& input, const Category& category);
std::vector<Scenario> find_unidentified_components(const RiskInput& input,
                                                   const Category& category);
std::vector<Scenario> find_evasion(const RiskInput& input, const Category& category);
std::vector<Scenario> find_unmeasured_evasion(const RiskInput& input, const Category& category);
std::vector<Scenario> find_data_poisoning(const RiskInput& input, const Category& category);
std::vector<Scenario> find_missing_update_process(const RiskInput& input, const Category& category);

/// Letters, digits and ._-@/:+ of a name; all else becomes '-': a stable part of an id.
std::string id_part(std::string_view name);

/// The part of the product that a bill of materials describes: its `part`, or its path.
std::string part_of(const Product& product, std::string_view sbom_path);

/// Three significant digits, as numbers are shown.
std::string shown(double value);

}  // namespace lockstep::risks
