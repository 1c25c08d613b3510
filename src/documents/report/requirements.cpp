// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

struct StateGroup {
  Obligation::Met met;
  std::string_view anchor;
  std::string_view title;
  Details::Open open;
};

constexpr std::array<StateGroup, 4> groups = {{
    {Obligation::Met::unmet, "requirements-unmet", "not shown", Details::Open::yes},
    {Obligation::Met::unknown, "requirements-unknown", "not checked", Details::Open::yes},
    {Obligation::Met::met, "requirements-met", "shown", Details::Open::no},
    {Obligation::Met::does_not_apply, "requirements-not-applicable", "does not apply",
     Details::Open::no},
}};

/// The groups of the acts in the order in which they first occur.
std::vector<std::string> group_names(const Dossier& dossier) {
  std::vector<std::string> names;
  for (const Obligation& obligation : dossier.law.obligations)
    if (std::ranges::find(names, obligation.group) == names.end())
      names.push_back(obligation.group);
  return names;
}

std::int64_t count_where(const Dossier& dossier, Obligation::Met met, const std::string* group) {
  return std::ranges::count_if(dossier.law.obligations, [&](const Obligation& one) {
    return one.state == met && (group == nullptr || one.group == *group);
  });
}

Table overview(const Dossier& dossier) {
  Table table{"Requirements by group and state", {{"Group"}}, {}};
  for (const StateGroup& group : groups)
    table.columns.push_back({std::string(group.title), Column::Align::numbers});
  const auto add = [&](const Line& title, const std::string* name) {
    Row row{{title}, ""};
    for (const StateGroup& group : groups) {
      const std::int64_t n = count_where(dossier, group.met, name);
      row.cells.push_back(n == 0 ? Line("0") : Line{Link{count(n), std::string(group.anchor)}});
    }
    table.rows.push_back(std::move(row));
  };
  for (const std::string& name : group_names(dossier))
    add(name.empty() ? Line("without group") : Line(name), &name);
  add(Line{Strong{"All"}}, nullptr);
  return table;
}

Line risks_of(const Dossier& dossier, const Obligation& obligation) {
  std::vector<Line> lines;
  for (const Risk& risk : dossier.risks) {
    if (std::ranges::find(risk.requirements, obligation.id) == risk.requirements.end()) continue;
    Line line = risk_link(dossier, risk.id);
    for (const Control& control : risk.controls)
      line.add(", ").add(Foreign{control.title});
    lines.push_back(std::move(line));
  }
  return stacked(lines);
}

Line evidence_of(const Dossier& dossier, const Obligation& obligation) {
  std::vector<Line> lines;
  constexpr std::size_t digest_start = 12;
  for (const std::string& id : obligation.evidence) {
    Line line = evidence_link(dossier, id);
    const auto found = std::ranges::find(dossier.evidence, id, &Evidence::id);
    if (found != dossier.evidence.end() && !found->sha256.empty())
      line.add(" ").add(Code{found->sha256.substr(0, digest_start)});
    lines.push_back(std::move(line));
  }
  if (lines.empty() && obligation.state != Obligation::Met::does_not_apply &&
      !obligation.evidence_kinds.empty())
    return Line{"wanted: " + join(obligation.evidence_kinds, ", ")};
  return stacked(lines);
}

Line reasons_of(const Obligation& obligation) {
  Line line = stacked(obligation.because);
  if (obligation.missing.empty()) return line;
  if (obligation.because.empty()) line = Line{};
  if (!line.is_empty()) line.add(Break{});
  return line.add("missing: ").add(Code{join(obligation.missing, ", ")});
}

Table requirement_table(const Dossier& dossier,
                        Obligation::Met met,
                        const std::string& group,
                        const std::string& caption) {
  Table table{
      caption,
      {{"Requirement"}, {"Provisions"}, {"State"}, {"Because"}, {"Risks, controls"}, {"Evidence"}},
      {}};
  for (const Obligation& one : dossier.law.obligations) {
    if (one.state != met || one.group != group) continue;
    Line title{Foreign{one.says}, Break{}, Code{one.id}};
    Line provisions = cites(dossier.law, one.act, one.cites);
    if (one.applies_from) provisions.add(Break{}).add("from ").add(Date{*one.applies_from});
    if (!one.owed_by.empty()) provisions.add(Break{}).add("owed by " + one.owed_by);
    table.rows.push_back({{std::move(title), std::move(provisions), Line{mark(state_of(met))},
                           reasons_of(one), risks_of(dossier, one), evidence_of(dossier, one)},
                          requirement_anchor(one.id)});
  }
  return table;
}

Section state_section(const Dossier& dossier, const StateGroup& group) {
  const std::int64_t n = count_where(dossier, group.met, nullptr);
  Section section{
      std::string(group.anchor), fmt::format("Requirements: {} ({})", group.title, n), {}};
  if (n == 0) {
    section.blocks.emplace_back(says("None."));
    return section;
  }
  for (const std::string& name : group_names(dossier)) {
    const std::int64_t inside = count_where(dossier, group.met, &name);
    if (inside == 0) continue;
    const std::string title = name.empty() ? "Without group" : name;
    Details details{
        Line{mark(state_of(group.met)), fmt::format("  {} ({})", title, inside)}, group.open, {}};
    details.blocks.emplace_back(
        requirement_table(dossier, group.met, name, fmt::format("{}: {}", title, group.title)));
    section.blocks.emplace_back(std::move(details));
  }
  return section;
}

std::string names_of(const Obligation& obligation, Overlap::Strength strength) {
  std::vector<std::string> names;
  for (const Overlap& overlap : obligation.crosswalk)
    if (overlap.strength == strength) names.push_back(overlap.id);
  return names.empty() ? "-" : join(names, ", ");
}

Section crosswalk_section(const Dossier& dossier) {
  Section section{"crosswalk", "Evidence that also helps to show other requirements", {}};
  section.blocks.emplace_back(
      says("Where two acts ask for nearly the same, evidence can be used again: most of it where "
           "the overlap is strong, some of it where it is partial. This is a hint and our reading. "
           "It makes no requirement shown; evidence must be stated for each."));
  Table table{"Requirements near those of another act",
              {{"Requirement"}, {"State"}, {"Strong"}, {"Partial"}},
              {}};
  for (const Obligation& one : dossier.law.obligations) {
    if (one.crosswalk.empty() || one.state == Obligation::Met::does_not_apply) continue;
    table.rows.push_back({{Line{Code{one.id}}, Line{mark(state_of(one.state))},
                           Line{Code{names_of(one, Overlap::Strength::strong)}},
                           Line{Code{names_of(one, Overlap::Strength::partial)}}},
                          ""});
  }
  if (table.rows.empty()) {
    section.blocks.emplace_back(says("None of the requirements that apply has such a neighbour."));
  } else {
    append(section.blocks, capped(std::move(table)));
  }
  return section;
}

Section conflict_section(const Dossier& dossier) {
  Section section{"conflicts", "Where the acts collide", {}};
  Table table{"What does not go together, and the way out",
              {{"Conflict"}, {"Provisions"}, {"Applies"}, {"Way out"}},
              {}};
  for (const Conflict& one : dossier.law.conflicts) {
    if (one.applies == Truth::no) continue;
    std::vector<std::string> provisions;
    for (const Citation& citation : one.provisions)
      provisions.push_back(cite(dossier.law, citation.act, citation.path));
    Line way{one.stated ? "as stated: " : "our proposal: ", Foreign{one.resolution}};
    if (!one.stated) way.add(Break{}).add("to be stated otherwise under ").add(Code{one.stated_in});
    table.rows.push_back(
        {{Line{Foreign{one.collides}, Break{}, Code{one.id}}, Line{join(provisions, ", ")},
          one.applies == Truth::yes ? Line("yes") : Line("not known"), std::move(way)},
         ""});
  }
  if (table.rows.empty()) {
    section.blocks.emplace_back(says("No conflict between the acts is known for this product."));
  } else {
    section.blocks.emplace_back(std::move(table));
  }
  return section;
}

}  // namespace

Section report_requirements(const Dossier& dossier) {
  Section section{"requirements", "Requirements", {}};
  if (dossier.law.obligations.empty()) {
    section.blocks.emplace_back(not_checked("No requirement was evaluated in this run."));
    return section;
  }
  section.blocks.emplace_back(
      says("What the acts ask of this product, grouped by state. A number leads to its list. The "
           "wording is a paraphrase; the provision is named beside it."));
  section.blocks.emplace_back(overview(dossier));
  for (const StateGroup& group : groups)
    section.blocks.emplace_back(state_section(dossier, group));
  section.blocks.emplace_back(conflict_section(dossier));
  section.blocks.emplace_back(crosswalk_section(dossier));
  return section;
}

}  // namespace lockstep::documents
