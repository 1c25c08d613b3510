// SPDX-License-Identifier: Apache-2.0
#include "risks/significance.hpp"

#include <algorithm>

namespace lockstep::risks {

bool is_significant(const Risk& risk, const SignificantRisk& policy) {
  return risk.level == policy.level && risk.current.q95 > policy.probability_above &&
         risk.harm.severity >= policy.severity_at_least &&
         std::ranges::find(risk.acts, policy.act) != risk.acts.end();
}

}  // namespace lockstep::risks
