// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

Section not_covered(const Dossier& dossier) {
  Section section{"not-checked", "Not checked", {}};
  if (dossier.not_checked.empty()) {
    section.blocks.emplace_back(
        says("The run reports nothing that it set out to check and could "
             "not."));
    return section;
  }
  Table table{"What was not checked, and why", {{"What"}, {"Why"}}, {}};
  for (const NotChecked& one : dossier.not_checked)
    table.rows.push_back({{Line{Foreign{one.what}}, Line{Foreign{one.reason}}}, ""});
  append(section.blocks, capped(std::move(table)));
  return section;
}

Section problem_section(const Dossier& dossier) {
  Section section{"remarks", "Remarks on the inputs", {}};
  if (dossier.problems.empty()) {
    section.blocks.emplace_back(says("The inputs gave no cause for remarks."));
    return section;
  }
  Table table{"Remarks on the inputs", {{"Code"}, {"Remark"}, {"Where"}}, {}};
  for (const Diagnostic& problem : dossier.problems) {
    std::string where = problem.where.file;
    if (problem.where.line > 0) where += fmt::format(":{}", problem.where.line);
    table.rows.push_back({{Line{Code{problem.code}}, Line{Foreign{problem.message}},
                           where.empty() ? Line("-") : Line{Code{where}}},
                          ""});
  }
  append(section.blocks, capped(std::move(table)));
  return section;
}

Section fact_section(const Dossier& dossier) {
  Section section{"facts", "Facts that were taken as given", {}};
  if (dossier.product.facts.empty()) {
    section.blocks.emplace_back(says("The product file states no facts."));
    return section;
  }
  section.blocks.emplace_back(
      says("These answers were not checked against the world; the conclusions rest on them."));
  Table table{"Facts and where they come from", {{"Fact"}, {"Value"}, {"From"}}, {}};
  for (const Fact& fact : dossier.product.facts)
    table.rows.push_back({{Line{Code{fact.name}},
                           is_known(fact.value) ? Line{Foreign{to_text(fact.value)}}
                                                : Line{mark(State::human, "unknown")},
                           Line{Code{to_text(fact.provenance)}}},
                          ""});
  append(section.blocks, capped(std::move(table)));
  return section;
}

Section method_section() {
  Section section{"how", "Method and its limits", {}};
  section.blocks.emplace_back(List{
      List::Kind::bullets,
      {"Components are compared with advisories by package URL and by the order of versions of "
       "their ecosystem. A component without a package URL or version is listed as not looked up. "
       "A flaw that nobody has published is not found.",
       "A statement about exploitability (VEX) settles a finding only in the words of its author; "
       "it is named beside the finding.",
       "EPSS says how probable exploitation anywhere is within 30 days. It does not speak of harm, "
       "and evidence of exploitation overtakes it.",
       "Accuracy under attack is what the named attacks left, with exact intervals for the sample. "
       "It is an upper bound for a stronger attacker. Each adversarial example was looked at again "
       "by itself.",
       "Risks multiply how often an event occurs, how often it succeeds and how often harm "
       "follows. "
       "Judged numbers are ranges. The 95 % value decides. Scales and default decisions are "
       "policy, not law.",
       "Requirements are paraphrased from the acts, and decided from facts in three values. "
       "Unknown is never taken for yes or no.",
       "The same inputs, data, seed and day give the same report, byte for byte."}});
  return section;
}

}  // namespace

Section report_method(const Dossier& dossier) {
  Section section{"method", "Not covered, assumptions, method", {}};
  section.blocks.emplace_back(not_covered(dossier));
  section.blocks.emplace_back(fact_section(dossier));
  section.blocks.emplace_back(problem_section(dossier));
  section.blocks.emplace_back(method_section());
  return section;
}

}  // namespace lockstep::documents
