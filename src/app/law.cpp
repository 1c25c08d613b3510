// SPDX-License-Identifier: Apache-2.0
#include "app/law.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "app/case_clock.hpp"
#include "app/embedded_law.hpp"
#include "base/text.hpp"
#include "regulations/evaluate.hpp"

namespace lockstep::app {
namespace {

using regulations::Case;
using regulations::Covered;
using regulations::Ruleset;

Result<std::vector<Case>> embedded_cases(const Ruleset& law) {
  TRY(const auto trees, embedded_trees("regulations/"));
  Diagnostics problems;
  std::vector<Case> cases = regulations::read_cases(trees, law, problems);
  for (const Diagnostic& entry : problems.entries()) {
    if (entry.severity == Severity::error)
      return fail(ErrorKind::internal, entry.code, entry.message, entry.where);
  }
  return cases;
}

std::size_t count(const auto& rows, int act) {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [act](const auto& row) { return row.act == act; }));
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

std::string row_of(const Ruleset& law, const Covered& one) {
  const regulations::Provision& provision = law.provisions[static_cast<std::size_t>(one.provision)];
  const std::string by =
      one.how == Covered::How::gap ? cell(provision.gap) : cell(join(one.rules, ", "));
  const std::string_view mark = provision.unchecked ? " (from memory, not checked)" : "";
  return fmt::format("| {} | {}{} | {} | {} |\n", provision.path, cell(provision.says), mark, by,
                     one.cases.size());
}

std::string act_section(const LawCoverage& coverage, std::size_t act) {
  constexpr std::pair<Covered::How, std::string_view> parts[] = {
      {Covered::How::ruled, "Ruled"},
      {Covered::How::gap, "Gap"},
      {Covered::How::informative, "Informative"},
      {Covered::How::context, "Cited by a fact only"},
  };
  std::vector<std::string> counts;
  std::string tables;
  for (const auto& [how, heading] : parts) {
    std::string rows;
    int found = 0;
    for (const Covered& one : coverage.provisions) {
      const auto& provision = coverage.law.provisions[static_cast<std::size_t>(one.provision)];
      if (one.how != how || static_cast<std::size_t>(provision.act) != act) continue;
      rows += row_of(coverage.law, one);
      ++found;
    }
    if (found == 0) continue;
    counts.push_back(fmt::format("{} {}", found, lower_case(heading)));
    tables += fmt::format(
        "### {}\n\n| provision | in our words | by, or why not | cases |\n|---|---|---|---|\n{}\n",
        heading, rows);
  }
  const regulations::Act& of = coverage.law.acts[act];
  return fmt::format("## {}: {}\n\n{}, <{}>\n\n{}", of.short_title, join(counts, ", "), of.oj,
                     of.eli, tables);
}

}  // namespace

Result<std::vector<ActSummary>> law_acts() {
  TRY(const LawCoverage coverage, law_coverage());
  const Ruleset& law = coverage.law;
  std::vector<ActSummary> acts;
  for (std::size_t i = 0; i < law.acts.size(); ++i) {
    const int act = static_cast<int>(i);
    ActSummary summary{law.acts[i],
                       {},
                       count(law.provisions, act),
                       count(law.decisions, act),
                       count(law.requirements, act)};
    for (const regulations::NamedDate& date : law.dates)
      if (date.act == act && !date.values.empty()) summary.dates.push_back(date);
    std::set<std::string> cases;
    for (const Covered& one : coverage.provisions)
      if (law.provisions[static_cast<std::size_t>(one.provision)].act == act)
        cases.insert(one.cases.begin(), one.cases.end());
    summary.cases = cases.size();
    acts.push_back(std::move(summary));
  }
  return acts;
}

Result<std::vector<CaseOutcome>> law_cases(std::string_view filter) {
  const Ruleset law = embedded_law();
  TRY(std::vector<Case> cases, embedded_cases(law));
  std::vector<CaseOutcome> outcomes;
  for (Case& one : cases) {
    if (one.id.find(filter) == std::string::npos &&
        one.where.file.find(filter) == std::string::npos)
      continue;
    auto differences =
        regulations::differences(one, regulations::evaluate(law, one.facts, one.as_of));
    outcomes.push_back({std::move(one), std::move(differences)});
  }
  if (outcomes.empty()) {
    return fail(ErrorKind::usage, "usage.law_cases",
                fmt::format("no case and no file of cases has '{}' in its name", quotable(filter)));
  }
  return outcomes;
}

Result<LawCoverage> law_coverage() {
  LawCoverage coverage;
  TRY(ClockData data, embedded_clocks());
  coverage.law = std::move(data.law);
  TRY(const std::vector<Case> cases, embedded_cases(coverage.law));
  coverage.provisions = regulations::coverage(coverage.law, data.rules, cases);
  return coverage;
}

std::string to_markdown(const LawCoverage& coverage) {
  std::string page =
      "# Coverage of the law\n\n"
      "Made by `lockstep law coverage --format markdown` from `data/regulations/`. A provision is\n"
      "ruled when a rule cites it; a gap says why there is no rule yet. The last column counts "
      "the\n"
      "cases whose outcome rests on the provision. What is on no list has not been read.\n\n";
  for (std::size_t act = 0; act < coverage.law.acts.size(); ++act)
    page += act_section(coverage, act);
  while (page.ends_with("\n\n"))
    page.pop_back();
  return page;
}

}  // namespace lockstep::app
