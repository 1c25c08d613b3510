// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

Line day_line(const std::optional<Day>& day) {
  return day ? Line{Date{*day}} : Line{mark(State::human, "not given")};
}

Definitions facts_list(const Dossier& dossier) {
  const Product& product = dossier.product;
  Definitions list;
  list.entries.emplace_back("Contact for vulnerabilities", given(product.security_contact));
  list.entries.emplace_back("Disclosure policy", given(product.disclosure_policy));
  list.entries.emplace_back("Placed on the market", day_line(product.placed_on_market));
  list.entries.emplace_back("Support from", day_line(product.support_from));
  Line until = day_line(product.support_until);
  if (product.support_until) {
    const auto left = (*product.support_until - dossier.as_of).count();
    until.add(left >= 0 ? fmt::format(" ({} days left)", count(left))
                        : fmt::format(" (ended {} days ago)", count(-left)));
  }
  list.entries.emplace_back("Support until", std::move(until));
  list.entries.emplace_back("Why this support period", given(product.support_reason));
  return list;
}

/// Requirements that are shown by what people do, not by a measurement of the product.
bool is_of_process(const Obligation& obligation) {
  static const std::vector<std::string> kinds = {"policy", "procedure", "record", "contact",
                                                 "rehearsal"};
  return std::ranges::any_of(obligation.evidence_kinds, [](const std::string& kind) {
    return std::ranges::find(kinds, kind) != kinds.end();
  });
}

Table process_table(const Dossier& dossier) {
  Table table{"Requirements on handling that people's work shows",
              {{"Requirement"}, {"State"}, {"Evidence"}},
              {}};
  for (const Obligation& one : dossier.law.obligations) {
    if (one.state == Obligation::Met::does_not_apply || !is_of_process(one)) continue;
    std::vector<Line> evidence;
    for (const std::string& id : one.evidence)
      evidence.push_back(evidence_link(dossier, id));
    table.rows.push_back(
        {{Line{Foreign{one.says}, Break{}, Link{one.id, requirement_anchor(one.id)}},
          Line{mark(state_of(one.state))},
          evidence.empty() ? Line{"wanted: " + join(one.evidence_kinds, ", ")} : stacked(evidence)},
         ""});
  }
  return table;
}

}  // namespace

Section report_handling(const Dossier& dossier) {
  Section section{"handling", "Vulnerability handling and clocks", {}};
  section.blocks.emplace_back(facts_list(dossier));
  Table process = process_table(dossier);
  if (process.rows.empty())
    section.blocks.emplace_back(
        not_checked("No requirement of this run asks for a policy, procedure or record."));
  else
    append(section.blocks, capped(std::move(process)));
  Section cases{"cases", "Cases and rehearsals", {}};
  const auto exploited = std::ranges::count_if(dossier.findings, [](const Finding& one) {
    return !one.known_exploited.empty() && one.state != State::pass &&
           one.state != State::not_applicable;
  });
  if (exploited > 0)
    cases.blocks.emplace_back(Callout{
        Tone::serious,
        count_of(exploited, "open finding is", "open findings are") + " known to be exploited",
        {says("Whether the exploitation is in this product, and since when the manufacturer has "
              "been aware of it, is for a person to find. If so, the clocks of reporting run from "
              "that moment. lockstep starts no clock by itself.")}});
  cases.blocks.emplace_back(
      not_checked("This dossier holds no cases, no reporting stages and no rehearsal."));
  section.blocks.emplace_back(std::move(cases));
  return section;
}

}  // namespace lockstep::documents
