// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

constexpr std::array<std::string_view, 4> levels = {"serious", "high", "medium", "low"};
constexpr int severities = 4;

std::vector<const Risk*> sorted_risks(const Dossier& dossier) {
  const auto rank = [](const Risk* risk) {
    return std::ranges::find(levels, risk->level) - levels.begin();
  };
  std::vector<const Risk*> risks;
  for (const Risk& risk : dossier.risks)
    risks.push_back(&risk);
  std::ranges::stable_sort(risks, [&](const Risk* a, const Risk* b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a->current.q95 > b->current.q95;
  });
  return risks;
}

/// The bands that occur, the most probable first.
std::vector<std::string> bands_of(const std::vector<const Risk*>& risks) {
  std::vector<const Risk*> by_probability = risks;
  std::ranges::stable_sort(
      by_probability, [](const Risk* a, const Risk* b) { return a->current.q95 > b->current.q95; });
  std::vector<std::string> bands;
  for (const Risk* risk : by_probability)
    if (std::ranges::find(bands, risk->band) == bands.end()) bands.push_back(risk->band);
  return bands;
}

Line cell_of(const std::vector<const Risk*>& risks, const std::string& band, int severity) {
  Line line;
  for (const Risk* risk : risks) {
    if (risk->band != band || risk->harm.severity != severity) continue;
    if (!line.is_empty()) line.add(Break{});
    line.add(level_mark(risk->level)).add(" ").add(Link{risk->id, risk_anchor(risk->id)});
  }
  return line.is_empty() ? Line("-") : line;
}

Table matrix(const std::vector<const Risk*>& risks) {
  Table table{"Risks by probability over the horizon (95 % value) and severity of the harm",
              {{"Probability"}},
              {}};
  for (int severity = 1; severity <= severities; ++severity)
    table.columns.push_back({fmt::format("Severity {}", severity), Column::Align::words});
  for (const std::string& band : bands_of(risks)) {
    Row row{{band.empty() ? Line("no band") : Line(band)}, ""};
    for (int severity = 1; severity <= severities; ++severity)
      row.cells.push_back(cell_of(risks, band, severity));
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string likelihood_text(const Likelihood& likelihood) {
  std::string text =
      fmt::format("{} (median {})", probability(likelihood.q95), probability(likelihood.median));
  if (likelihood.monte_carlo_error > 0)
    text += fmt::format(", simulation error {}", probability(likelihood.monte_carlo_error));
  return text;
}

/// The level, and below it what the risk is called in the sense of an act.
Line level_line(const Risk& risk) {
  Line line{level_mark(risk.level)};
  for (const std::string& tag : risk.tags)
    line.add(Break{}).add(tag);
  return line;
}

Table list_table(const std::vector<const Risk*>& risks) {
  Table table{
      "All risks, the worst first",
      {{"Risk"}, {"Level"}, {"Harm"}, {"Before measures"}, {"After measures"}, {"Decision"}},
      {}};
  for (const Risk* risk : risks)
    table.rows.push_back(
        {{Line{Foreign{risk->title}, Break{}, Link{risk->id, risk_anchor(risk->id)}},
          level_line(*risk),
          fmt::format("{}, severity {}", risk->harm.harm_class, risk->harm.severity),
          likelihood_text(risk->inherent), likelihood_text(risk->current),
          Line{mark(risk->state),
               risk->decision.empty() ? std::string() : " (" + risk->decision + ")"}},
         ""});
  return table;
}

Table control_table(const Dossier& dossier, const Risk& risk) {
  static constexpr std::array<std::string_view, 3> order = {"design", "protective", "information"};
  Table table{"Measures against " + risk.id + ", in the order in which they are to be considered",
              {{"Measure"},
               {"Kind"},
               {"Effect", Column::Align::numbers},
               {"Weight of its evidence", Column::Align::numbers},
               {"Evidence"}},
              {}};
  std::vector<const Control*> controls;
  for (const Control& control : risk.controls)
    controls.push_back(&control);
  std::ranges::stable_sort(controls, {}, [&](const Control* control) {
    return std::ranges::find(order, control->hierarchy) - order.begin();
  });
  for (const Control* control : controls)
    table.rows.push_back({{Line{Foreign{control->title}}, control->hierarchy,
                           percent(control->effectiveness), number(control->weight),
                           control->evidence.empty() ? Line{mark(State::warn, "none")}
                                                     : evidence_link(dossier, control->evidence)},
                          ""});
  return table;
}

Table number_table(const Dossier& dossier, const Risk& risk) {
  Table table{"Where the numbers of " + risk.id + " come from",
              {{"Number"}, {"Value"}, {"Source"}, {"Rests on"}},
              {}};
  for (const NumberOrigin& one : risk.numbers) {
    Line basis = evidence_link(dossier, one.evidence);
    if (std::holds_alternative<Code>(basis.spans.front())) basis = test_link(dossier, one.evidence);
    if (std::holds_alternative<Code>(basis.spans.front())) basis = Line{Foreign{one.evidence}};
    table.rows.push_back({{Line{Code{one.name}}, one.value, one.source,
                           one.evidence.empty() ? Line("-") : std::move(basis)},
                          ""});
  }
  return table;
}

Line requirement_links(const Dossier& dossier, const Risk& risk) {
  std::vector<Line> lines;
  for (const std::string& id : risk.requirements)
    lines.push_back(requirement_link(dossier, id));
  return stacked(lines);
}

Line basis_links(const Dossier& dossier, const Risk& risk) {
  std::vector<Line> lines;
  constexpr std::size_t shown_at_most = 12;
  for (const std::string& id : risk.findings)
    if (lines.size() < shown_at_most) lines.push_back(test_link(dossier, id));
  if (risk.findings.size() > shown_at_most)
    lines.emplace_back(fmt::format("and {} more", risk.findings.size() - shown_at_most));
  return stacked(lines);
}

/// What each input would do to the level of a risk.
Table sensitivity_table(const Risk& risk) {
  Table table{"What would change the level of " + risk.id,
              {{"Input"},
               {"At 5 %", Column::Align::numbers},
               {"Level"},
               {"At 95 %", Column::Align::numbers},
               {"Level"},
               {"Rank correlation", Column::Align::numbers},
               {"Other level in", Column::Align::numbers}},
              {}};
  for (const InputSensitivity& one : risk.sensitivity)
    table.rows.push_back(
        {{Line{Code{one.input}}, number(one.low), Line{level_mark(one.level_low)}, number(one.high),
          Line{level_mark(one.level_high)},
          one.rank_correlation ? fmt::format("{:.2f}", *one.rank_correlation) : "-",
          percent(one.crossing)},
         ""});
  return table;
}

Section risk_section(const Dossier& dossier, const Risk& risk) {
  Section section{risk_anchor(risk.id), risk.title.empty() ? risk.id : risk.title, {}};
  section.blocks.emplace_back(
      says(Line{level_mark(risk.level), "  ", mark(risk.state), "  ", Foreign{risk.because}}));
  std::string acts;
  for (const std::string& act : risk.acts)
    acts += (acts.empty() ? "" : ", ") + short_title(dossier.law, act);
  Definitions list;
  list.entries.emplace_back("Situation", Line{Foreign{risk.situation}});
  list.entries.emplace_back("Asset", Line{Foreign{risk.asset}});
  list.entries.emplace_back("Cause", risk.cause);
  list.entries.emplace_back(
      "Techniques", risk.techniques.empty() ? Line("-") : Line{Code{join(risk.techniques, ", ")}});
  list.entries.emplace_back("Harm",
                            Line{fmt::format("class {}, severity {} of {}. ", risk.harm.harm_class,
                                             risk.harm.severity, severities),
                                 Foreign{risk.harm.reason}});
  if (!risk.tags.empty()) list.entries.emplace_back("Called", join(risk.tags, ", "));
  list.entries.emplace_back("Probability before measures", likelihood_text(risk.inherent));
  list.entries.emplace_back("Probability after measures", likelihood_text(risk.current));
  list.entries.emplace_back("Horizon", number(risk.horizon_years) + " years; band " + risk.band);
  list.entries.emplace_back("Acts", acts.empty() ? "-" : acts);
  list.entries.emplace_back("Requirements", requirement_links(dossier, risk));
  list.entries.emplace_back("Rests on", basis_links(dossier, risk));
  section.blocks.emplace_back(std::move(list));
  if (risk.controls.empty())
    section.blocks.emplace_back(says("No measure is recorded against this risk."));
  else
    section.blocks.emplace_back(control_table(dossier, risk));
  const bool only_information =
      !risk.controls.empty() && std::ranges::all_of(risk.controls, [](const Control& control) {
        return control.hierarchy == "information";
      });
  if (only_information)
    section.blocks.emplace_back(says(Line{
        mark(State::warn, "information only"),
        "  Measures by design and protection come first; here only information is recorded."}));
  if (!risk.numbers.empty()) section.blocks.emplace_back(number_table(dossier, risk));
  if (!risk.sensitivity.empty()) section.blocks.emplace_back(sensitivity_table(risk));
  return section;
}

Section overall(const Dossier& dossier, const std::vector<const Risk*>& risks) {
  Section section{"overall-risk", "What is left over all", {}};
  std::string by_level;
  for (const std::string_view level : levels) {
    const auto n = std::ranges::count(risks, level, [](const Risk* risk) { return risk->level; });
    by_level += fmt::format("{}{} {}", by_level.empty() ? "" : ", ", n, level);
  }
  section.blocks.emplace_back(says(Line{
      "After measures: " + by_level +
      ". Harms of different kinds do not add up. Whether all of them together are acceptable is a "
      "person's decision."}));
  Table table{"Probability of at least one harm of severity 3 or 4, each over its own horizon",
              {{"Class of harm"},
               {"At least", Column::Align::numbers},
               {"If independent", Column::Align::numbers},
               {"At most", Column::Align::numbers},
               {"Counted", Column::Align::numbers},
               {"Milder", Column::Align::numbers},
               {"Without a level", Column::Align::numbers}},
              {}};
  for (const OverallRisk& one : dossier.overall_risk) {
    const auto shown = [&](double value) {
      return one.scenarios == 0 ? std::string("-") : probability(value);
    };
    table.rows.push_back({{one.harm_class.empty() ? "all" : one.harm_class, shown(one.low),
                           shown(one.point), shown(one.high), std::to_string(one.scenarios),
                           std::to_string(one.milder), std::to_string(one.without_level)},
                          ""});
  }
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

/// The input of each risk whose resolution most often gives another level.
Table next_best(const std::vector<const Risk*>& risks) {
  Table table{"The one input, known better, that most often gives another level",
              {{"Risk"}, {"Level now"}, {"Input"}, {"Other level in", Column::Align::numbers}},
              {}};
  for (const Risk* risk : risks) {
    const auto found =
        std::ranges::find(risk->sensitivity, risk->next_evidence, &InputSensitivity::input);
    const bool has_share = found != risk->sensitivity.end();
    table.rows.push_back(
        {{Line{Link{risk->id, risk_anchor(risk->id)}}, Line{level_mark(risk->level)},
          risk->next_evidence.empty() ? Line("none alone") : Line{Code{risk->next_evidence}},
          has_share ? percent(found->crossing) : "-"},
         ""});
  }
  return table;
}

/// The numbers that only judgement or policy carries, of the worst risks first.
Section next_evidence(const std::vector<const Risk*>& risks) {
  Section section{"next-evidence", "Which evidence would tell most", {}};
  append(section.blocks, capped(next_best(risks)));
  Table table{"Numbers that rest on judgement or policy, of the worst risks first",
              {{"Risk"}, {"Number"}, {"Value"}, {"Source"}},
              {}};
  for (const Risk* risk : risks)
    for (const NumberOrigin& one : risk->numbers)
      if (one.source == "judged" || one.source == "policy")
        table.rows.push_back({{Line{Link{risk->id, risk_anchor(risk->id)}}, Line{Code{one.name}},
                               one.value, one.source},
                              ""});
  if (table.rows.empty())
    section.blocks.emplace_back(says("Every number is measured or derived."));
  else
    append(section.blocks, capped(std::move(table)));
  return section;
}

}  // namespace

Section report_risks(const Dossier& dossier) {
  Section section{"risks", "Risk register", {}};
  if (dossier.risks.empty()) {
    section.blocks.emplace_back(not_checked("The register is empty: no risk was worked out."));
    return section;
  }
  section.blocks.emplace_back(
      says("One register for all acts. The 95 % value of the probability decides the level; the "
           "median is shown beside it. The numbers order and explain decisions; they are no "
           "measured rate of accidents."));
  const std::vector<const Risk*> risks = sorted_risks(dossier);
  section.blocks.emplace_back(matrix(risks));
  append(section.blocks, capped(list_table(risks)));
  section.blocks.emplace_back(overall(dossier, risks));
  section.blocks.emplace_back(next_evidence(risks));
  Section each{"each-risk", "Each risk", {}};
  for (const Risk* risk : risks)
    each.blocks.emplace_back(risk_section(dossier, *risk));
  section.blocks.emplace_back(std::move(each));
  return section;
}

}  // namespace lockstep::documents
