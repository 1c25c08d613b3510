// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "domain/risk.hpp"
#include "risks/attack_success.hpp"
#include "risks/controls.hpp"
#include "risks/significance.hpp"
#include "risks/vulnerability.hpp"

namespace lockstep::risks {

/// One row of the matrix: the levels of severities 1 to 4 for probabilities above `above`.
struct Band {
  double above = 0;
  std::string words;  ///< "> 1/100"
  std::array<std::string, 4> levels;
};

/// What a level asks for before it may stay.
struct LevelPolicy {
  enum class Asks {
    redesign,  ///< no decision makes it acceptable
    decision,  ///< a named, dated decision that expires
    reason,    ///< a recorded reason
    record,    ///< nothing but the record
  };
  std::string level;
  Asks asks = Asks::redesign;
  std::string says;               ///< the default decision, in words
  State then = State::fail;       ///< once what is asked for is there
  int expires_within_months = 0;  ///< of a decision; 0 for no limit
  int decided_by_at_least = 1;    ///< persons: 2 asks for a reviewer beside the one who decides
};

/// The values that are ours, not the law's; shown as "policy" wherever they enter a number.
struct Policy {
  std::vector<LevelPolicy> levels;
  AttackCorrection attacks;
  VulnerabilityPolicy vulnerabilities;
  ControlPolicy controls;
  SignificantRisk significant;
  double horizon_years = 5;
  std::vector<std::pair<std::string, double>> poisoning_priors;  ///< provenance class, prior
  std::string poisoning_unknown;                                 ///< class taken when unknown
  std::vector<std::string> harm_classes;
};

/// What all scenarios of one rule have in common. `{asset}` in a text stands for the asset.
struct Category {
  std::string id;
  std::string title;
  std::vector<std::string> acts;
  std::vector<std::string> requirements;  ///< ids of obligations
  std::string cause;
  std::vector<std::string> techniques;
  std::string situation;
  Harm harm;                                       ///< the default, until a person judges
  std::vector<std::string> shown_by_evidence_for;  ///< obligations, for rules that ask for it
};

/// Everything that data/risks holds.
struct RiskRules {
  std::string matrix_source;
  std::vector<Band> bands;  ///< falling; the last one is above 0
  Policy policy;
  std::vector<Category> categories;

  const Category* category(std::string_view id) const;
  const LevelPolicy* level(std::string_view level) const;
};

/// One parsed file of data/risks, with its path below data.
struct RuleFile {
  std::string path;
  Json tree;
};

/// Reads matrix.yaml, policy.yaml and one file per category (all others) from data/risks.
/// Errors: risk.rules, with the place.
Result<RiskRules> load_risk_rules(std::span<const RuleFile> files);

}  // namespace lockstep::risks
