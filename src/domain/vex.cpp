// SPDX-License-Identifier: Apache-2.0
#include "domain/vex.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace lockstep {

std::string_view status_word(const VexStatement& statement) {
  constexpr std::array<std::string_view, 4> words = {"not_affected", "affected", "fixed",
                                                     "under_investigation"};
  return words[statement.status.index()];
}

VexStatement::Scope scope_of(const Finding& finding, std::span<const Bom> boms) {
  constexpr std::string_view uuid = "urn:uuid:";
  const auto bom = std::ranges::find(boms, finding.sbom, &Bom::path);
  std::string part = finding.purl;
  if (part.empty() && bom != boms.end() && bom->serial.starts_with(uuid))
    part = fmt::format("urn:cdx:{}/1#{}", bom->serial.substr(uuid.size()), finding.reference);
  if (part.empty()) part = finding.reference.empty() ? finding.component : finding.reference;
  if (bom == boms.end() || !bom->subject || !bom->subject->purl) return {std::move(part), {}};
  return {to_text(*bom->subject->purl), {std::move(part)}};
}

std::vector<std::string> other_ids_of(const Finding& finding) {
  std::set<std::string> ids(finding.aliases.begin(), finding.aliases.end());
  ids.insert(finding.advisory);
  ids.insert(finding.matched.begin(), finding.matched.end());
  // A record that stands for one flaw is that flaw told again; one that stands for several is not.
  if (finding.upstream.size() == 1) ids.insert(finding.upstream.front());
  ids.erase(finding.flaw.empty() ? finding.advisory : finding.flaw);
  return {ids.begin(), ids.end()};
}

}  // namespace lockstep
