// SPDX-License-Identifier: Apache-2.0
// The product has parts that will need updates, and nothing shows that it can get them. Weaknesses
// that are open today say how fast one is exploited while nothing reaches the users; where none is
// open a person must judge the rate.
//
// Source: risk method, section 4.1, exposure window.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "risks/rules/open_weaknesses.hpp"
#include "risks/rules/rule.hpp"

namespace lockstep::risks {
namespace {

std::vector<const Finding*> open_findings(const RiskInput& input) {
  std::vector<const Finding*> open;
  for (const Finding& finding : input.findings)
    if (!is_cleared(finding)) open.push_back(&finding);
  return open;
}

}  // namespace

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
  const std::vector<const Finding*> open = open_findings(input);
  if (!open.empty()) set_exploitation(scenario, open, input);
  return {scenario};
}

}  // namespace lockstep::risks
