// SPDX-License-Identifier: Apache-2.0
// Shared by the rules about open weaknesses: how often one of them is exploited, and for how long
// users wait for the fix.
//
// Source: risk method, section 4.1.
#include "risks/rules/open_weaknesses.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "risks/exposure_window.hpp"

namespace lockstep::risks {
namespace {

using Group = std::vector<const Finding*>;

/// The rate of exploitation of a group, with every number and its origin.
double set_rate(Scenario& scenario, const Group& open, const RiskInput& input) {
  std::vector<double> weights;
  double worst = -1;
  std::string worst_words;
  for (const Finding* finding : open) {
    const Exploitability one = weigh(*finding, input.findings, input.rules.policy.vulnerabilities);
    weights.push_back(one.q());
    if (one.q() > worst) {
      worst = one.q();
      worst_words = fmt::format("{}: p {} ({}), r {}, e {} ({})", finding->advisory, shown(one.p),
                                one.origin_p, shown(one.r), shown(one.e), one.origin_e);
    }
    scenario.findings.push_back(finding->advisory);
  }
  std::ranges::sort(scenario.findings);
  const auto [first, last] = std::ranges::unique(scenario.findings);
  scenario.findings.erase(first, last);
  const ThirtyDays joint = within_thirty_days(weights);
  const double rate = yearly_rate(joint.high);
  scenario.numbers.push_back({"q", shown(worst), "derived", worst_words});
  scenario.numbers.push_back(
      {"P30",
       fmt::format("{} to {}, point {}", shown(joint.low), shown(joint.high), shown(joint.point)),
       "derived", fmt::format("{} open weaknesses", open.size())});
  scenario.numbers.push_back({"a", fmt::format("{} per year (upper scenario)", shown(rate)),
                              "derived", "-ln(1 - P30) 365/30 of the upper bound"});
  Factor a{"a", Fixed{rate}};
  a.bounds = Bounds{yearly_rate(joint.low), rate};
  scenario.factors.push_back(std::move(a));
  scenario.is_rate_known = true;
  return rate;
}

/// How long users are exposed, as the scenario's horizon, and what that makes of the rate.
void set_window(Scenario& scenario, double rate, const RiskInput& input) {
  const ExposureWindow window =
      exposure_window(input.product, input.rules.policy.vulnerabilities, input.as_of);
  scenario.horizon_years = window.days / 365;
  scenario.horizon_years_low = window.days_low / 365;
  scenario.numbers.push_back({"W", fmt::format("{:.3g} days", window.days),
                              window.is_shown ? "measured" : "policy", window.because});
  scenario.numbers.push_back({"P before fix", shown(exploited_before_fix(rate, window.days)),
                              "derived", "1 - exp(-a W/365)"});
}

}  // namespace

void set_exploitation(Scenario& scenario, const Group& open, const RiskInput& input) {
  const double rate = set_rate(scenario, open, input);
  set_window(scenario, rate, input);
}

}  // namespace lockstep::risks
