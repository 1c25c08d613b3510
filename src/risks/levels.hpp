// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.hpp"
#include "domain/product.hpp"
#include "risks/rules_data.hpp"

namespace lockstep::risks {

/// The word for a scenario of which a number is missing: neither low nor serious.
inline constexpr std::string_view level_unknown = "unknown";

struct Rated {
  std::string band;  ///< "> 1/100"
  std::string level;
};

/// The band and level of a probability over the horizon.
/// @param probability in [0, 1]: the 95 % value  @param severity 1 to 4
Rated rate(double probability, int severity, const RiskRules& rules);

/// What follows from a level.
struct Decided {
  State state = State::human;
  std::string decision;  ///< the policy's words, or "accepted by NAME until DAY"
  std::string because;   ///< what is still asked for; "" when nothing is
};

/// Holds a person's decision against what the level asks for.
/// @param judgement  null when nobody has judged the scenario
Decided decide(const LevelPolicy& level,
               const Harm& harm,
               const RiskJudgement* judgement,
               Day as_of);

}  // namespace lockstep::risks
