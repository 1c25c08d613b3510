// SPDX-License-Identifier: Apache-2.0
// The product has parts that will need updates, and nothing shows that it can get them.
//
// Source: risk method, section 4.1, exposure window.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "risks/rules/rule.hpp"

namespace lockstep::risks {

std::vector<Scenario> find_missing_update_process(const RiskInput& input,
                                                  const Category& category) {
  if (input.product.sboms.empty() && input.product.models.empty()) return {};
  const auto shows_updates = [&](const Evidence& evidence) {
    const auto expires = parse_day(evidence.expires);
    const bool is_expired = expires && *expires < input.as_of;
    return !is_expired && std::ranges::find(category.evidence_kinds, evidence.kind) !=
                              category.evidence_kinds.end();
  };
  if (std::ranges::any_of(input.product.evidence, shows_updates)) return {};
  Scenario scenario;
  scenario.asset = "product";
  scenario.subject = input.product.name;
  scenario.because =
      fmt::format("no valid evidence of kind {} is listed", join(category.evidence_kinds, " or "));
  return {scenario};
}

}  // namespace lockstep::risks
