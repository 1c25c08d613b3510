// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"
#include "documents/writers.hpp"

namespace lockstep::documents {
namespace {

Table writer_table(const Dossier& dossier) {
  Table table{"Documents that lockstep writes",
              {{"Document"}, {"State"}, {"Missing", Column::Align::numbers}, {"Provisions"}},
              {}};
  for (const Writer& writer : writers()) {
    const auto missing = static_cast<std::int64_t>(missing_fields(writer.needs(), dossier).size());
    table.rows.push_back({{std::string(writer.title),
                           Line{missing == 0 ? mark(State::pass, "can be written in full")
                                             : mark(State::human, "incomplete")},
                           count(missing), provisions_text(dossier.law, writer.cites)},
                          ""});
  }
  return table;
}

Section missing_section(const Writer& writer, const std::vector<MissingField>& missing) {
  Section section{
      anchor_of("missing", writer.name), "Missing for: " + std::string(writer.title), {}};
  List list;
  for (const MissingField& one : missing)
    list.items.emplace_back(Plain{one.message});
  section.blocks.emplace_back(std::move(list));
  return section;
}

}  // namespace

Section report_documents(const Dossier& dossier) {
  Section section{"documents", "Documents", {}};
  section.blocks.emplace_back(writer_table(dossier));
  for (const Writer& writer : writers()) {
    const std::vector<MissingField> missing = missing_fields(writer.needs(), dossier);
    if (!missing.empty()) section.blocks.emplace_back(missing_section(writer, missing));
  }
  section.blocks.emplace_back(
      not_checked("The technical documentation, the information for users and the simplified "
                  "declaration are not written by this version."));
  return section;
}

}  // namespace lockstep::documents
