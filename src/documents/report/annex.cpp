// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "documents/glossary.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

Line shows_line(const Dossier& dossier, const Evidence& evidence) {
  std::vector<Line> lines;
  for (const std::string& id : evidence.shows)
    lines.push_back(requirement_link(dossier, id));
  return stacked(lines);
}

Line expiry_line(const Dossier& dossier, const Evidence& evidence) {
  if (evidence.expires.empty()) return "-";
  const auto day = parse_day(evidence.expires);
  if (day && *day < dossier.as_of) return Line{Date{*day}, " ", mark(State::stale, "expired")};
  return day ? Line{Date{*day}} : Line(evidence.expires);
}

Section evidence_section(const Dossier& dossier) {
  Section section{"evidence", "Evidence", {}};
  if (dossier.evidence.empty()) {
    section.blocks.emplace_back(not_checked("No evidence was recorded."));
    return section;
  }
  Table table{"Evidence with its digests",
              {{"Evidence"}, {"Kind"}, {"SHA-256"}, {"Made by"}, {"Expires"}, {"Shows"}},
              {}};
  for (const Evidence& one : dossier.evidence) {
    Line title{Code{one.id}};
    if (!one.subject.empty() && one.id != one.subject) title.add(Break{}).add(Foreign{one.subject});
    if (!one.note.empty()) title.add(Break{}).add(Foreign{one.note});
    table.rows.push_back({{std::move(title), one.kind, digest(one.sha256), given(one.made_by),
                           expiry_line(dossier, one), shows_line(dossier, one)},
                          evidence_anchor(one.id)});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section input_section(const Dossier& dossier) {
  Section section{"inputs", "Inputs", {}};
  if (dossier.inputs.empty()) {
    section.blocks.emplace_back(not_checked("No input file was recorded."));
    return section;
  }
  Table table{"Files that were read", {{"File"}, {"SHA-256"}}, {}};
  for (const FileRef& file : dossier.inputs)
    table.rows.push_back({{Line{Code{file.path}}, digest(file.sha256)}, ""});
  append(section.blocks, capped(std::move(table)));
  return section;
}

/// What was evaluated, by act.
Section rules_section(const Dossier& dossier) {
  Section section{"rules", "Rules that were evaluated", {}};
  std::set<std::string> acts;
  for (const Answer& answer : dossier.law.answers)
    acts.insert(answer.act);
  for (const Obligation& one : dossier.law.obligations)
    acts.insert(one.act);
  if (acts.empty()) {
    section.blocks.emplace_back(not_checked("No rule was evaluated."));
    return section;
  }
  Table table{"Rules by act",
              {{"Act"},
               {"Title and publication"},
               {"Questions", Column::Align::numbers},
               {"Requirements", Column::Align::numbers}},
              {}};
  for (const std::string& act : acts) {
    const auto reference = std::ranges::find(dossier.law.acts, act, &ActReference::id);
    std::string title = "not recorded";
    if (reference != dossier.law.acts.end())
      title = reference->title +
              (reference->official_journal.empty() ? "" : " (" + reference->official_journal + ")");
    table.rows.push_back(
        {{Line{Code{act}}, title, count(std::ranges::count(dossier.law.answers, act, &Answer::act)),
          count(std::ranges::count(dossier.law.obligations, act, &Obligation::act))},
         ""});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section state_section() {
  Section section{"states", "States and their words", {}};
  Table table{"States", {{"Shown as"}, {"In machine-readable results"}}, {}};
  for (const State state : states_by_badness())
    table.rows.push_back({{Line{mark(state)}, Line{Code{std::string(to_text(state))}}}, ""});
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section glossary_section() {
  Section section{"glossary", "Glossary", {}};
  Definitions list;
  for (const GlossaryTerm& term : glossary())
    list.entries.emplace_back(Line(term.term), fmt::format("{} ({})", term.meaning, term.source));
  section.blocks.emplace_back(std::move(list));
  return section;
}

Section run_section(const Dossier& dossier) {
  Section section{"run", "This run", {}};
  Definitions list;
  list.entries.emplace_back("Run",
                            Line{Code{dossier.run_id.empty() ? "without id" : dossier.run_id}});
  list.entries.emplace_back("Program", "lockstep " + dossier.tool_version);
  list.entries.emplace_back("Seed", std::to_string(dossier.seed));
  list.entries.emplace_back("Exit", std::to_string(dossier.exit));
  list.entries.emplace_back("Changes since an earlier run",
                            Line{mark(State::not_checked), "  No earlier run was compared."});
  section.blocks.emplace_back(std::move(list));
  return section;
}

}  // namespace

Section report_annex(const Dossier& dossier) {
  Section section{"annex", "Annex", {}};
  section.blocks.emplace_back(evidence_section(dossier));
  section.blocks.emplace_back(input_section(dossier));
  section.blocks.emplace_back(rules_section(dossier));
  section.blocks.emplace_back(run_section(dossier));
  section.blocks.emplace_back(state_section());
  section.blocks.emplace_back(glossary_section());
  return section;
}

}  // namespace lockstep::documents
