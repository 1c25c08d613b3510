// SPDX-License-Identifier: Apache-2.0
// The probability that at least one harm of severity 3 or 4 happens, each over its own horizon.
//
// Scenarios may share causes, so the joint probability is bracketed: at least the largest, at most
// the sum; the value under independence, 1 - prod(1 - P), lies between. What has no level cannot be
// counted, and is named beside the bracket. Whether what is left over all is acceptable is a
// person's judgement, for which the bracket is only the start.
//
// GAP(4.6): scenarios are not joined to paths. The register has no link that says which scenario
// leads to which, and a noisy-or needs the strength of each link and a leak, which nobody judges
// yet; the bracket holds whatever the links are.
//
// Source: risk method, section 5, overall residual risk.
#include "risks/overall.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "risks/levels.hpp"

namespace lockstep::risks {
namespace {

constexpr int severe = 3;

/// @param harm_class "" for all
OverallRisk overall_of(std::span<const Risk> risks, const std::string& harm_class) {
  OverallRisk overall;
  overall.harm_class = harm_class;
  double none = 1;
  for (const Risk& risk : risks) {
    if (!harm_class.empty() && risk.harm.harm_class != harm_class) continue;
    if (risk.level == level_unknown) {
      ++overall.without_level;
      continue;
    }
    if (risk.harm.severity < severe) {
      ++overall.milder;
      continue;
    }
    ++overall.scenarios;
    overall.low = std::max(overall.low, risk.current.q95);
    overall.high = std::min(1.0, overall.high + risk.current.q95);
    none *= 1 - risk.current.q95;
  }
  overall.point = 1 - none;
  return overall;
}

}  // namespace

std::vector<OverallRisk> overall_risks(std::span<const Risk> risks) {
  if (risks.empty()) return {};
  std::set<std::string> classes;
  for (const Risk& risk : risks)
    classes.insert(risk.harm.harm_class);
  std::vector<OverallRisk> all;
  for (const std::string& harm_class : classes)
    all.push_back(overall_of(risks, harm_class));
  all.push_back(overall_of(risks, ""));
  return all;
}

}  // namespace lockstep::risks
