// SPDX-License-Identifier: Apache-2.0
// The check as a page of Markdown. Words of others stand in it as text: what Markdown or HTML would
// act on is escaped.
#include <fmt/format.h>

#include "documents/json/supply_check.hpp"

namespace lockstep::documents {
namespace {

std::string escaped(std::string_view text) {
  constexpr std::string_view marks = "\\`*_{}[]<>#|&!~";
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
      continue;
    }
    if (marks.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// What the cell of an act says.
std::string side_of(const SupplyCheckView& view, const CheckSide& side) {
  if (side.applies == Truth::no) return "does not apply";
  return cites_of(view, side) + (side.differs.empty() ? "" : "; " + side.differs);
}

std::string items_of(const SupplyCheckView& view) {
  std::string page =
      "| Item | State | CRA | AI Act | Where, or what is not there |\n|---|---|---|---|---|\n";
  for (const CheckItem& item : view.items) {
    std::string columns;
    for (const std::string_view act : {"CRA", "AI Act"}) {
      std::string cell;
      for (const CheckSide& side : item.sides)
        if (short_title_of(view.acts, side.act) == act) cell = side_of(view, side);
      columns += fmt::format(" {} |", cell);
    }
    std::string last;
    if (item.answer)
      last = fmt::format("{} by {} on {}", to_text(item.answer->answer), escaped(item.answer->by),
                         to_text(item.answer->on));
    else if (item.state == CheckItem::State::seen && !item.seen.empty())
      last = escaped(to_text(item.seen.front()));
    else
      for (const std::string& text : item.not_found)
        last += (last.empty() ? "not found: " : ", ") + escaped(text);
    page += fmt::format("| {}: {} | {} |{} {} |\n", item.id, escaped(item.says), words(item.state),
                        columns, last);
  }
  return page;
}

std::string list_of_questions(std::string_view heading,
                              const std::vector<CheckQuestion>& questions) {
  if (questions.empty()) return {};
  std::string page = fmt::format("\n## {}\n\n", heading);
  int number = 0;
  for (const CheckQuestion& one : questions)
    page += fmt::format("{}. {} ({}{})\n", ++number, escaped(one.ask), one.id,
                        one.is_conditional ? "; if it applies" : "");
  return page;
}

std::string list_of_duties(const SupplyCheckView& view,
                           std::string_view heading,
                           const std::vector<CheckDuty>& duties) {
  if (duties.empty()) return {};
  std::string page = fmt::format("\n## {}\n\n", heading);
  for (const CheckDuty& duty : duties) {
    page += fmt::format("- {} ({})", escaped(duty.says), side_of(view, duty.side));
    if (heading == "Keep" && !duty.side.keep.empty()) page += ": " + escaped(duty.side.keep);
    page += "\n";
  }
  return page;
}

}  // namespace

std::string supply_check_markdown(const SupplyCheckView& view) {
  std::string page = fmt::format("# {}\n\nReceived: {}. As of {}.\n\n", view.title,
                                 escaped(view.bundle), to_text(view.as_of));
  if (!view.product.empty()) page += fmt::format("Product: {}\n\n", escaped(view.product));
  page +=
      "Seen means that the words stand there; nobody has judged whether they are right.\n\n## "
      "Items\n\n";
  page += items_of(view);
  if (!view.contradictions.empty()) page += "\n## Contradictions\n\n";
  for (const Contradiction& one : view.contradictions) {
    page += fmt::format("- {}\n", escaped(one.says));
    for (const SeenAt& seen : one.seen)
      page += fmt::format("  - {}\n", escaped(to_text(seen)));
  }
  page += list_of_questions("To ask the supplier", view.supplier_questions);
  page += list_of_questions("To answer yourself", view.own_questions);
  page += list_of_duties(view, "Until then", view.meanwhile);
  page += list_of_duties(view, "Keep", view.keep);
  page += "\n## Received files\n\n";
  for (const CheckedFile& file : view.files)
    page += fmt::format("- {} ({}){}\n", escaped(file.path), file.form,
                        file.unread.empty() ? "" : ": not legible to us, " + escaped(file.unread));
  return page;
}

}  // namespace lockstep::documents
