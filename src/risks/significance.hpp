// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "domain/risk.hpp"

namespace lockstep::risks {

/// When a risk is called significant in the sense of an act: a high likelihood of an incident with
/// a severe negative impact. The act gives no numbers; these are values of policy.
struct SignificantRisk {
  std::string words;  ///< "significant cybersecurity risk"
  std::string act;    ///< only risks under this act
  std::string cites;  ///< path of the definition in the act
  std::string level;  ///< only risks of this level
  double probability_above = 1;
  int severity_at_least = 4;
};

/// Whether the level, the 95 % value over the horizon and the severity are those of `policy`. False
/// without a level.
bool is_significant(const Risk& risk, const SignificantRisk& policy);

}  // namespace lockstep::risks
