// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "documents/charts/charts.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

/// What the outcome of the question on the joint procedure means.
std::string article_12_text(const std::string& code) {
  if (code.empty()) return "The question was not decided.";
  if (code == "not_applicable") return "The joint rule does not apply to this product.";
  if (code == "unknown") return "Facts are missing to decide it.";
  if (code == "annex_vi")
    return "Internal control under the AI Act also covers the essential requirements of the CRA.";
  if (code == "annex_vii")
    return "The notified body that assesses the AI system also covers the essential requirements "
           "of the CRA.";
  if (code == "sector_procedure")
    return "The procedure of the product's own Union act covers the requirements of both acts.";
  if (code == "cra_procedure")
    return "The procedures of the CRA apply to its requirements, beside internal control under the "
           "AI Act.";
  return "The joint rule applies.";
}

Mark truth_mark(Truth truth) {
  switch (truth) {
    case Truth::yes:
      return {Tone::info, "●", "yes"};
    case Truth::no:
      return {Tone::neutral, "–", "no"};
    case Truth::unknown:
      return mark(State::human, "unknown");
  }
  return mark(State::human, "unknown");
}

Table outcome_table(const Dossier& dossier) {
  const ScopeCodes& codes = dossier.law.codes;
  Table table{"Outcome by act", {{"Act"}, {"Outcome"}, {"Procedures that are open"}}, {}};
  const auto add = [&](std::string_view act, const std::vector<std::string>& found,
                       const std::string& routes) {
    table.rows.push_back(
        {{short_title(dossier.law, act),
          found.empty() ? Line{mark(State::human, "not decided")} : Line{Code{join(found, ", ")}},
          routes},
         ""});
  };
  add("eu-2024-2847", codes.cra, codes.cra_routes.empty() ? "-" : join(codes.cra_routes, ", "));
  add("eu-2024-1689", codes.ai_act, "-");
  add("eu-2022-2555", codes.nis2, "-");
  return table;
}

Table step_table(const Dossier& dossier, const Answer& answer) {
  Table table{"Steps that were walked: " + answer.id,
              {{"Step"}, {"Question"}, {"Answer"}, {"Led to"}, {"Provisions"}, {"Because"}},
              {}};
  for (const DecisionStep& step : answer.steps) {
    Line because = stacked(step.because);
    if (!step.missing.empty()) {
      if (step.because.empty()) because = Line{};
      because.add("missing: ").add(Code{join(step.missing, ", ")});
    }
    table.rows.push_back({{Line{Code{step.id}}, step.question, Line{truth_mark(step.answer)},
                           step.outcome.empty() ? Line("-") : Line{Code{step.outcome}},
                           cites(dossier.law, answer.act, step.cites), because},
                          ""});
  }
  return table;
}

Details answer_details(const Dossier& dossier, const Answer& answer) {
  Details details{Line{truth_mark(answer.state), "  " + answer.question}, Details::Open::no, {}};
  Definitions list;
  list.entries.emplace_back("Act", short_title(dossier.law, answer.act));
  list.entries.emplace_back("Provisions", cites(dossier.law, answer.act, answer.cites));
  if (!answer.codes.empty())
    list.entries.emplace_back("Outcome", Line{Code{join(answer.codes, ", ")}});
  list.entries.emplace_back("Because", stacked(answer.because));
  if (!answer.missing.empty())
    list.entries.emplace_back("Missing facts", Line{Code{join(answer.missing, ", ")}});
  details.blocks.emplace_back(std::move(list));
  if (!answer.steps.empty()) details.blocks.emplace_back(step_table(dossier, answer));
  return details;
}

Section decision_path(const Dossier& dossier) {
  Section section{"decisions-of-law", "How each question was decided", {}};
  if (dossier.law.answers.empty())
    section.blocks.emplace_back(not_checked("No question of law was asked in this run."));
  for (const Answer& answer : dossier.law.answers)
    section.blocks.emplace_back(answer_details(dossier, answer));
  return section;
}

/// What changed in the law since somebody last stood by the facts, and for this product.
Section changes_since(const Dossier& dossier) {
  const LegalView& law = dossier.law;
  Section section{"law-changes", "Changes of the law since the facts were answered", {}};
  if (!law.facts_answered) {
    section.blocks.emplace_back(
        not_checked("Nobody said when the facts were answered, so that it is not known which "
                    "changes of the law came later."));
    return section;
  }
  section.blocks.emplace_back(
      says(Line{"The facts were answered on ", Date{*law.facts_answered}, "."}));
  if (law.changes_since.empty()) {
    section.blocks.emplace_back(says("No act has changed since."));
    return section;
  }
  Table table{"Changes since that day",
              {{"From"}, {"Act"}, {"By"}, {"What"}, {"Provisions"}, {"Changed for this product"}},
              {}};
  for (const LawChange& change : law.changes_since) {
    const Line changed = change.changed.empty() ? Line("nothing")
                                                : Line{mark(State::human, "decide"), " ",
                                                       Code{join(change.changed, ", ")}};
    table.rows.push_back(
        {{Line{Date{change.day}}, short_title(law, change.act), change.by.empty() ? "-" : change.by,
          change.says, cites(law, change.act, change.cites), changed},
         ""});
  }
  append(section.blocks, capped(std::move(table)));
  return section;
}

Section alternatives(const Dossier& dossier) {
  Section section{"what-if", "What would change the answer", {}};
  if (dossier.law.missing_facts.empty()) {
    section.blocks.emplace_back(
        says("No fact is missing. What another answer would change is shown by "));
  } else {
    Table table{"Facts that are missing, the one that decides most first",
                {{"Fact"}, {"Question to answer"}, {"Would decide"}},
                {}};
    for (const MissingFact& fact : dossier.law.missing_facts)
      table.rows.push_back(
          {{Line{Code{fact.fact}}, fact.question, Line{Code{join(fact.would_decide, ", ")}}}, ""});
    append(section.blocks, capped(std::move(table)));
    section.blocks.emplace_back(says("What an answer would change is shown by "));
  }
  std::get<Paragraph>(section.blocks.back().content)
      .line.add(Code{"lockstep scope --what-if FACT=VALUE"})
      .add(".");
  return section;
}

}  // namespace

Section report_law(const Dossier& dossier) {
  Section section{"law", "Which law and why", {}};
  section.blocks.emplace_back(says(Line{"The answers are those of ", Date{dossier.law.as_of},
                                        ". Each names the facts that decided it and where they "
                                        "were read. Unknown facts stay unknown."}));
  section.blocks.emplace_back(outcome_table(dossier));
  const std::string& code = dossier.law.codes.article_12;
  section.blocks.emplace_back(
      Callout{Tone::info,
              "One route for both acts (" + cite(dossier.law, "eu-2024-2847", "art_12") + ")",
              {says(Line{Plain{article_12_text(code)},
                         " Outcome: ", Code{code.empty() ? "not decided" : code}, "."})}});
  section.blocks.emplace_back(decision_path(dossier));
  Section dates{"dates", "Dates", {}};
  if (auto figure = timeline(dossier.law, dossier.as_of))
    dates.blocks.emplace_back(std::move(*figure));
  else
    dates.blocks.emplace_back(not_checked("No date of application was found for this product."));
  section.blocks.emplace_back(std::move(dates));
  section.blocks.emplace_back(changes_since(dossier));
  section.blocks.emplace_back(alternatives(dossier));
  return section;
}

}  // namespace lockstep::documents
