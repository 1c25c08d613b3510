// SPDX-License-Identifier: Apache-2.0
// The parts of the product that others wrote: one scenario for each component with a weakness that
// is known to be exploited, one for all other open weaknesses of each bill of materials, and one
// for the components that no advisory could be asked for.
//
// The rate is derived from EPSS (see open_weaknesses.cpp) and acts for as long as users wait for a
// fix, not for the support period.
//
// Source: risk method, section 4.1 with its hard gates.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "risks/rules/open_weaknesses.hpp"
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

Scenario scenario_of(std::string asset, const Group& group, const RiskInput& input) {
  Scenario scenario;
  scenario.subject = asset;
  scenario.asset = id_part(asset);
  set_exploitation(scenario, group, input);
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
