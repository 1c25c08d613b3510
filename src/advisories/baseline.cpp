// SPDX-License-Identifier: Apache-2.0
#include "advisories/baseline.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace lockstep::advisories {
namespace {

bool has_name(const Finding& finding, const std::string& name) {
  return finding.advisory == name || finding.flaw == name ||
         std::ranges::find(finding.aliases, name) != finding.aliases.end() ||
         std::ranges::find(finding.matched, name) != finding.matched.end();
}

bool is_same(const Finding& finding, const BaselineFinding& before) {
  const bool is_same_component =
      finding.purl.empty() && before.purl.empty()
          ? finding.component == before.component && finding.version == before.version
          : finding.purl == before.purl;
  return is_same_component && std::ranges::any_of(before.names, [&](const std::string& name) {
           return has_name(finding, name);
         });
}

std::vector<std::string> sorted(const std::set<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

bool is_open(const Finding& finding) {
  return finding.state != State::pass && finding.state != State::not_applicable;
}

std::string name_of(const Finding& finding) {
  return fmt::format("{} in {} {}", finding.advisory, finding.component, finding.version);
}

SinceBaseline compare(std::span<const Finding> findings, const Baseline& baseline) {
  std::set<std::string> fresh;
  std::set<std::string> unchanged;
  std::set<std::string> settled;
  for (const Finding& finding : findings) {
    if (!is_open(finding)) continue;
    const bool was_open = std::ranges::any_of(
        baseline.findings,
        [&](const BaselineFinding& before) { return before.is_open && is_same(finding, before); });
    (was_open ? unchanged : fresh).insert(name_of(finding));
  }
  for (const BaselineFinding& before : baseline.findings) {
    const bool still_open = std::ranges::any_of(findings, [&](const Finding& finding) {
      return is_open(finding) && is_same(finding, before);
    });
    if (before.is_open && !still_open)
      settled.insert(fmt::format("{} in {} {}", before.advisory, before.component, before.version));
  }
  // The same flaw in the same component of two bills, new in one of them, is new.
  for (const std::string& name : fresh)
    unchanged.erase(name);
  return {baseline.path, baseline.sha256,   baseline.run_id, baseline.as_of,
          sorted(fresh), sorted(unchanged), sorted(settled), {}};
}

bool may_rest(const Finding& finding, const SinceBaseline& since) {
  return is_open(finding) && finding.known_exploited.empty() &&
         std::ranges::binary_search(since.unchanged, name_of(finding));
}

}  // namespace lockstep::advisories
