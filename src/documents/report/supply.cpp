// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

Row operator_row(std::string_view role, const Operator& one) {
  if (one.name.empty() && one.address.empty())
    return {{std::string(role), Line{mark(State::human, "not given")}, "-", "-", "-"}, ""};
  std::vector<std::string> contact;
  for (const std::string& text : {one.email, one.website})
    if (!text.empty()) contact.push_back(text);
  return {{std::string(role), given(one.name), given(one.address), given(one.country),
           contact.empty() ? Line{mark(State::human, "not given")} : stacked(contact)},
          ""};
}

Table operator_table(const Product& product) {
  return {"Economic operators as the product file names them",
          {{"Role"}, {"Name"}, {"Address"}, {"Country"}, {"Contact"}},
          {operator_row("Manufacturer", product.manufacturer),
           operator_row("Authorised representative", product.authorised_representative),
           operator_row("Importer", product.importer)}};
}

struct Supply {
  std::int64_t components = 0;
  std::int64_t with_open_findings = 0;
};

Table supplier_table(const Dossier& dossier) {
  std::map<std::string, Supply> suppliers;
  for (const Bom& bom : dossier.boms)
    for (const Component& component : bom.components) {
      Supply& supply = suppliers[component.supplier];
      ++supply.components;
      const bool open = std::ranges::any_of(dossier.findings, [&](const Finding& finding) {
        return finding.sbom == bom.path && finding.reference == component.reference &&
               finding.state != State::pass && finding.state != State::not_applicable;
      });
      supply.with_open_findings += open ? 1 : 0;
    }
  Table table{"Components by supplier",
              {{"Supplier"},
               {"Components", Column::Align::numbers},
               {"With open findings", Column::Align::numbers}},
              {}};
  for (const auto& [name, supply] : suppliers)
    table.rows.push_back(
        {{name.empty() ? Line{mark(State::not_checked, "not named")} : Line{Foreign{name}},
          count(supply.components), count(supply.with_open_findings)},
         ""});
  return table;
}

}  // namespace

Section report_supply(const Dossier& dossier) {
  Section section{"supply", "Supply chain and other roles", {}};
  section.blocks.emplace_back(operator_table(dossier.product));
  if (dossier.boms.empty())
    section.blocks.emplace_back(not_checked("Without a bill of materials no supplier is known."));
  else
    append(section.blocks, capped(supplier_table(dossier)));
  const std::vector<std::string>& nis2 = dossier.law.codes.nis2;
  section.blocks.emplace_back(says(
      Line{short_title(dossier.law, "eu-2022-2555") + ": ",
           nis2.empty() ? Span{mark(State::human, "not decided")} : Span{Code{join(nis2, ", ")}},
           ". It speaks of the companies that make or use the product, not of the product."}));
  section.blocks.emplace_back(
      not_checked("The duties of importers and distributors were not checked in this run."));
  return section;
}

}  // namespace lockstep::documents
