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
  const std::vector<std::string>& wanted = category.shown_by_evidence_for;
  const auto shows_updates = [&](const Evidence& evidence) {
    const auto expires = parse_day(evidence.expires);
    const bool is_expired = !evidence.expires.empty() && (!expires || *expires < input.as_of);
    return !is_expired &&
           std::ranges::find_first_of(evidence.shows, wanted) != evidence.shows.end();
  };
  if (std::ranges::any_of(input.product.evidence, shows_updates)) return {};
  Scenario scenario;
  scenario.asset = "product";
  scenario.subject = input.product.name;
  scenario.because = fmt::format("no valid evidence is listed that shows {}", join(wanted, " or "));
  return {scenario};
}

}  // namespace lockstep::risks
