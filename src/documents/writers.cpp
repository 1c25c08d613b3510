// SPDX-License-Identifier: Apache-2.0
#include "documents/writers.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "documents/declaration.hpp"
#include "documents/report.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

constexpr std::string_view cra = "eu-2024-2847";
constexpr std::string_view ai_act = "eu-2024-1689";

// CRA Article 13(3)-(4), Annex VII(3); AI Act Article 9(2)
constexpr std::array<Provision, 4> report_cites = {{{cra, "art_13/par_3"},
                                                    {cra, "art_13/par_4"},
                                                    {cra, "anx_VII/pnt_3"},
                                                    {ai_act, "art_9/par_2"}}};
// CRA Article 28, Annex V; AI Act Article 47, Annex V
constexpr std::array<Provision, 4> declaration_cites = {
    {{cra, "art_28"}, {cra, "anx_V"}, {ai_act, "art_47"}, {ai_act, "anx_V"}}};

/// The report shows everything, and what is missing as missing.
std::span<const Need> report_needs() {
  return {};
}

constinit const std::array<Writer, 2> rows = {{
    {"report", "Product security report", report_cites, report_needs, write_report},
    {"declaration", "EU declaration of conformity (draft)", declaration_cites, declaration_needs,
     write_declaration},
}};

}  // namespace

std::span<const Writer> writers() {
  return rows;
}

const Writer* find_writer(std::string_view name) {
  const auto* row = std::ranges::find(rows, name, &Writer::name);
  return row == rows.end() ? nullptr : row;
}

std::string provisions_text(const LegalView& law, std::span<const Provision> provisions) {
  std::string text;
  for (const Provision& provision : provisions) {
    if (!text.empty()) text += ", ";
    text += cite(law, provision.act, provision.path);
  }
  return text;
}

std::vector<MissingField> missing_fields(std::span<const Need> needs, const Dossier& dossier) {
  std::vector<MissingField> missing;
  for (const Need& need : needs)
    if (!need.is_there(dossier))
      missing.push_back(
          {std::string(need.field), std::string(need.part),
           fmt::format("{}: expected {}; it is missing or incomplete ({})", need.field, need.asks,
                       provisions_text(dossier.law, need.wanted_by))});
  return missing;
}

}  // namespace lockstep::documents
