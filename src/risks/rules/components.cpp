// SPDX-License-Identifier: Apache-2.0
// The parts of the product that others wrote: one scenario for each component with a weakness that
// is known to be exploited, one for all other open weaknesses of each bill of materials, and one
// for the components that no advisory could be asked for.
//
// The rate is derived from EPSS (see vulnerability.cpp) and acts for as long as users wait for a
// fix, not for the support period.
//
// Source: risk method, section 4.1 with its hard gates.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "risks/rules/rule.hpp"

namespace lockstep::risks {
namespace {

using Group = std::vector<const Finding*>;

/// Open findings, by the key of their scenario; a map, so that the order is defined.
template <typename Key>
std::map<std::string, Group> open_findings(const RiskInput& input, bool is_exploited, Key key) {
  std::map<std::string, Group> groups;
  for (const Finding& finding : input.findings)
    if (!is_cleared(finding) && finding.known_exploited.empty() != is_exploited)
      groups[key(finding)].push_back(&finding);
  return groups;
}

/// How long users are exposed, as the scenario's horizon.
void set_exposure_window(Scenario& scenario, const RiskInput& input) {
  const VulnerabilityPolicy& policy = input.rules.policy.vulnerabilities;
  const double days = input.days_to_fix.value_or(policy.days_to_fix_unknown);
  scenario.horizon_years = days / 365;
  scenario.numbers.push_back(
      {"W", fmt::format("{:.0f} days", days), input.days_to_fix ? "measured" : "policy",
       input.days_to_fix ? "95 % of fixes reached users within this time"
                         : "no record of how fast fixes reach users: a year counts"});
}

/// The rate of exploitation of a group, with every number and its origin.
void set_rate(Scenario& scenario, const Group& group, const RiskInput& input) {
  std::vector<double> weights;
  double worst = -1;
  std::string worst_words;
  for (const Finding* finding : group) {
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
       "derived", fmt::format("{} open weaknesses", group.size())});
  scenario.numbers.push_back({"a", fmt::format("{} per year (upper scenario)", shown(rate)),
                              "derived", "-ln(1 - P30) 365/30 of the upper bound"});
  scenario.factors.push_back({"a", Fixed{rate}});
  scenario.is_rate_known = true;
}

Scenario scenario_of(std::string asset, const Group& group, const RiskInput& input) {
  Scenario scenario;
  scenario.subject = asset;
  scenario.asset = id_part(asset);
  set_rate(scenario, group, input);
  set_exposure_window(scenario, input);
  return scenario;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t named = 5;
  const std::span<const std::string> first(names.data(), std::min(named, names.size()));
  std::string text = join(first, ", ");
  if (names.size() > named) text += fmt::format(" and {} more", names.size() - named);
  return text;
}

}  // namespace

std::vector<Scenario> find_known_exploited(const RiskInput& input, const Category&) {
  std::vector<Scenario> scenarios;
  const auto by_component = [](const Finding& finding) { return finding.component; };
  for (const auto& [component, group] : open_findings(input, true, by_component)) {
    Scenario scenario = scenario_of(component, group, input);
    scenario.because = fmt::format(
        "{} in {} {} is listed as exploited by {}", some_of(scenario.findings), quotable(component),
        quotable(group.front()->version), join(group.front()->known_exploited, ", "));
    scenario.gate = State::fail;
    scenario.gate_because = "a weakness that is known to be exploited blocks the release";
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

std::vector<Scenario> find_vulnerable_components(const RiskInput& input, const Category&) {
  std::vector<Scenario> scenarios;
  const auto by_part = [&](const Finding& finding) { return part_of(input.product, finding.sbom); };
  for (const auto& [part, group] : open_findings(input, false, by_part)) {
    Scenario scenario = scenario_of(part, group, input);
    const auto failing = std::ranges::count(group, State::fail, &Finding::state);
    scenario.because = fmt::format("{} open weaknesses in {}: {}", group.size(), quotable(part),
                                   some_of(scenario.findings));
    if (failing > 0) {
      scenario.gate = State::fail;
      scenario.gate_because = fmt::format(
          "{} of them fail their own gate: they need an update or a VEX statement", failing);
    }
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

std::vector<Scenario> find_unidentified_components(const RiskInput& input, const Category&) {
  std::map<std::string, std::vector<std::string>> parts;
  for (const Unmatched& unmatched : input.unmatched) {
    // Where data is missing or no source exists, the component itself is known well enough.
    if (unmatched.kind != Unmatched::Kind::not_identified &&
        unmatched.kind != Unmatched::Kind::not_compared)
      continue;
    parts[part_of(input.product, unmatched.sbom)].push_back(
        fmt::format("{} ({})", quotable(unmatched.component), unmatched.reason));
  }
  std::vector<Scenario> scenarios;
  for (auto& [part, names] : parts) {
    std::ranges::sort(names);
    Scenario scenario;
    scenario.asset = id_part(part);
    scenario.subject = part;
    scenario.because = fmt::format("{} components of {} could not be asked for: {}", names.size(),
                                   quotable(part), some_of(names));
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

}  // namespace lockstep::risks
