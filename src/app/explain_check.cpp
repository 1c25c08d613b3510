// SPDX-License-Identifier: Apache-2.0
#include "app/explain_check.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/supply_check.hpp"
#include "base/text.hpp"

namespace lockstep::app {
namespace {

using regulations::Checks;
using regulations::ContradictionRule;
using regulations::ItemRule;
using regulations::Look;
using regulations::Ruleset;

std::string look_line(const Checks& checks, const Look& look) {
  std::vector<std::string> kinds;
  std::vector<std::string> signs;
  for (const int kind : look.kinds)
    kinds.push_back(checks.kinds[static_cast<std::size_t>(kind)].means);
  for (const int sign : look.signs)
    signs.push_back(checks.signs[static_cast<std::size_t>(sign)].means);
  const std::string where = kinds.empty() ? "any document" : join(kinds, " or ");
  if (signs.empty()) return "that there is " + where;
  return fmt::format("in {}{}: {}", look.in_each ? "each of " : "", where, join(signs, ", and "));
}

Explanation page_of(const Ruleset& law, const Checks& checks, const ItemRule& item) {
  Explanation page{item.id, "item of a check", item.says, {}};
  std::vector<std::string> sides;
  for (const regulations::ItemSide& side : item.sides) {
    const auto& rule = law.requirements[static_cast<std::size_t>(side.requirement)];
    std::vector<std::string> cites;
    for (const std::string& cite : side.cites)
      cites.push_back(law.cited({law.acts[static_cast<std::size_t>(rule.act)].id, cite}));
    sides.push_back(fmt::format("{} [{}]{}", join(cites, ", "), rule.id,
                                side.differs.empty() ? "" : ": " + side.differs));
  }
  page.sections.push_back({"Asked for by", std::move(sides)});
  std::vector<std::string> looks;
  for (const Look& look : item.look)
    looks.push_back(look_line(checks, look));
  if (looks.empty()) looks.emplace_back("nothing: documents cannot tell it");
  page.sections.push_back({"What is looked for (one of)", std::move(looks)});
  if (item.hint_only)
    page.sections.push_back({"How it is settled", {"documents are a hint only; a person answers"}});
  page.sections.push_back(
      {item.asks_supplier ? "Question to the supplier" : "Question to you", {item.ask}});
  return page;
}

Explanation page_of(const Ruleset& law, const ContradictionRule& rule) {
  Explanation page{rule.id, "contradiction of received documents", rule.says, {}};
  std::vector<std::string> lines;
  for (const Citation& cite : rule.cites)
    lines.push_back(law.cited(cite));
  page.sections.push_back({"Law", std::move(lines)});
  page.sections.push_back({"Question to the supplier", {rule.ask}});
  return page;
}

}  // namespace

Result<std::optional<Explanation>> explain_check(const std::string& id) {
  const std::string_view check = std::string_view(id).substr(0, id.find('.'));
  const bool may_be = check == "importer" || check == "distributor" || check == "contradiction";
  if (!may_be) return std::optional<Explanation>{};
  const regulations::Ruleset law = embedded_law();
  TRY(const auto checks, embedded_checks(law));
  if (const ItemRule* item = checks.find_item(id))
    return std::optional(page_of(law, checks, *item));
  const auto rule = std::ranges::find(checks.contradictions, id, &ContradictionRule::id);
  if (rule == checks.contradictions.end()) return std::optional<Explanation>{};
  return std::optional(page_of(law, *rule));
}

}  // namespace lockstep::app
