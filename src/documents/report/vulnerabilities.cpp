// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "documents/charts/charts.hpp"
#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

Table bill_table(const Dossier& dossier) {
  Table table{"Bills of materials that were read",
              {{"File"},
               {"Format"},
               {"Components", Column::Align::numbers},
               {"Without version", Column::Align::numbers},
               {"Without package URL", Column::Align::numbers},
               {"Made"},
               {"SHA-256"}},
              {}};
  for (const Bom& bom : dossier.boms) {
    const auto without_version = std::ranges::count_if(
        bom.components, [](const Component& one) { return one.version.empty(); });
    const auto without_purl =
        std::ranges::count_if(bom.components, [](const Component& one) { return !one.purl; });
    Line made =
        bom.made ? Line{Date{std::chrono::floor<std::chrono::days>(*bom.made)}} : Line("not said");
    if (!bom.tools.empty()) made.add(" by ").add(Foreign{join(bom.tools, ", ")});
    table.rows.push_back(
        {{Line{Code{bom.path}}, bom.format, count(static_cast<std::int64_t>(bom.components.size())),
          count(without_version), count(without_purl), std::move(made), digest(bom.sha256)},
         ""});
  }
  return table;
}

Table type_table(const Dossier& dossier) {
  std::map<std::string, std::int64_t> types;
  for (const Bom& bom : dossier.boms)
    for (const Component& component : bom.components)
      ++types[component.purl ? component.purl->type : "no package URL"];
  Table table{
      "Components by type of package", {{"Type"}, {"Components", Column::Align::numbers}}, {}};
  for (const auto& [type, n] : types)
    table.rows.push_back({{Line{Code{type}}, count(n)}, ""});
  return table;
}

Section composition(const Dossier& dossier) {
  Section section{"bills", "Bill of materials", {}};
  if (dossier.boms.empty()) {
    section.blocks.emplace_back(not_checked("No bill of materials was given."));
    return section;
  }
  section.blocks.emplace_back(bill_table(dossier));
  append(section.blocks, capped(type_table(dossier)));
  return section;
}

Section data_section(const Dossier& dossier) {
  Section section{"advisory-data", "Advisory data and its age", {}};
  if (dossier.data.empty()) {
    section.blocks.emplace_back(not_checked("No advisory data was there to look in."));
    return section;
  }
  Table table{"Data that was looked in",
              {{"Source"},
               {"Newest entry"},
               {"Age in days", Column::Align::numbers},
               {"Entries", Column::Align::numbers},
               {"SHA-256"}},
              {}};
  for (const DataSource& source : dossier.data) {
    const auto day = parse_day(source.as_of);
    Line newest = day ? Line{Date{*day}} : Line{mark(State::not_checked, "unknown")};
    if (source.later > 0)
      newest.add(Break{}).add(fmt::format("{} dated later, left out of the age", source.later));
    table.rows.push_back(
        {{Line{Code{source.source}}, std::move(newest),
          day && *day <= dossier.as_of ? count((dossier.as_of - *day).count()) : "-",
          count(source.entries), digest(source.sha256)},
         ""});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Line severity_line(const Finding& finding) {
  Line line{severity_mark(finding.severity.word)};
  if (finding.severity.score) line.add(fmt::format(" {:.1f}", *finding.severity.score));
  return line;
}

Line threat_line(const Finding& finding) {
  Line line;
  if (!finding.known_exploited.empty())
    line.add(Mark{Tone::serious, "◆", "known exploited"})
        .add(" (" + join(finding.known_exploited, ", ") + ")");
  if (finding.epss) {
    if (!line.is_empty()) line.add(Break{});
    line.add("EPSS " + probability(finding.epss->probability));
  }
  return line.is_empty() ? Line("-") : line;
}

Line state_line(const Finding& finding) {
  Line line{finding_mark(finding.state)};
  if (!finding.state_because.empty()) line.add(Break{}).add(Foreign{finding.state_because});
  if (finding.vex)
    line.add(Break{})
        .add("VEX ")
        .add(Code{finding.vex->status})
        .add(": ")
        .add(Foreign{finding.vex->statement});
  return line;
}

Row finding_row(const Finding& finding) {
  Line advisory{Code{finding.advisory}};
  if (!finding.aliases.empty()) advisory.add(Break{}).add(Code{join(finding.aliases, ", ")});
  Line component{Foreign{finding.component + " " + finding.version}, Break{},
                 Code{finding.purl.empty() ? finding.reference : finding.purl}};
  Line why{Foreign{finding.because}};
  if (finding.matched_by == "cpe")
    why.add(Break{}).add("found by a CPE name, which is weaker than a package URL");
  if (!finding.fixed.empty())
    why.add(Break{}).add("mended in ").add(Code{join(finding.fixed, ", ")});
  return {{std::move(advisory), std::move(component), severity_line(finding), threat_line(finding),
           std::move(why), state_line(finding)},
          ""};
}

bool waits(const Finding& finding) {
  return finding.state != State::pass && finding.state != State::not_applicable;
}

Table finding_table(const Dossier& dossier, std::string caption, bool waiting) {
  std::vector<const Finding*> chosen;
  for (const Finding& finding : dossier.findings)
    if (waits(finding) == waiting) chosen.push_back(&finding);
  std::ranges::stable_sort(chosen, [](const Finding* a, const Finding* b) {
    if (a->state != b->state) return worse(a->state, b->state) == a->state;
    if (a->known_exploited.empty() != b->known_exploited.empty()) return b->known_exploited.empty();
    return a->severity.score.value_or(-1) > b->severity.score.value_or(-1);
  });
  Table table{std::move(caption),
              {{"Advisory"}, {"Component"}, {"Severity"}, {"Threat"}, {"Because"}, {"State"}},
              {}};
  for (const Finding* finding : chosen)
    table.rows.push_back(finding_row(*finding));
  return table;
}

Section finding_section(const Dossier& dossier) {
  Section section{"findings", "Findings", {}};
  if (dossier.findings.empty()) {
    section.blocks.emplace_back(
        dossier.data.empty() || dossier.boms.empty()
            ? not_checked("Nothing was compared, so that nothing was found.")
            : says("No advisory in the data touches a component of the bills."));
    return section;
  }
  section.blocks.emplace_back(severity_bars(dossier.findings));
  if (auto figure = exploit_scatter(dossier.findings))
    section.blocks.emplace_back(std::move(*figure));
  Table open = finding_table(dossier, "Open findings, what blocks first", true);
  if (open.rows.empty())
    section.blocks.emplace_back(says("No finding is open."));
  else
    append(section.blocks, capped(std::move(open)));
  Table settled =
      finding_table(dossier, "Settled findings and the statement that settled them", false);
  if (!settled.rows.empty()) {
    Details details{
        fmt::format("Settled findings ({})", settled.rows.size()), Details::Open::no, {}};
    append(details.blocks, capped(std::move(settled)));
    section.blocks.emplace_back(std::move(details));
  }
  return section;
}

/// How the findings stand against an earlier run, when one was named.
Section baseline_section(const Dossier& dossier) {
  const SinceBaseline& since = *dossier.since_baseline;
  Section section{"baseline", "Since the baseline", {}};
  Line run = since.run_id.empty()
                 ? Line{"The baseline is a list of findings"}
                 : Line{"The baseline is run ", Code{since.run_id}, " of ", Plain{since.as_of}};
  section.blocks.emplace_back(says(
      std::move(run.add(", SHA-256 ")
                    .add(Code{since.sha256})
                    .add(". What was open in it does not close the gate again, unless it is known "
                         "to be exploited. "
                         "What the law asks and the level of the risks do not change by it."))));
  Table table{"Findings since the baseline", {{"Since then"}, {"Finding"}}, {}};
  const auto add = [&](const char* word, const std::vector<std::string>& names) {
    for (const std::string& name : names)
      table.rows.push_back({{word, Line{Foreign{name}}}, ""});
  };
  add("new", since.fresh);
  add("settled", since.settled);
  add("unchanged", since.unchanged);
  section.blocks.emplace_back(
      says(fmt::format("{} new, {} unchanged, {} settled.", since.fresh.size(),
                       since.unchanged.size(), since.settled.size())));
  if (!table.rows.empty()) append(section.blocks, capped(std::move(table)));
  if (!since.known.empty())
    section.blocks.emplace_back(
        says(Line{"By known findings alone these risks and requirements are not shown; they do not "
                  "close the gate: ",
                  Code{join(since.known, ", ")}, "."}));
  return section;
}

Section unmatched_section(const Dossier& dossier) {
  Section section{"unmatched", "Components that could not be looked up", {}};
  if (dossier.unmatched.empty()) {
    section.blocks.emplace_back(says(dossier.boms.empty()
                                         ? "No component was there to look up."
                                         : "Every component of the bills was looked up."));
    return section;
  }
  Table gaps{"Components that were not looked up",
             {{"Component"}, {"Reason"}, {"Records that may apply"}, {"Bill"}},
             {}};
  Table others{
      "Components that no source of advisories covers", {{"Component"}, {"Reason"}, {"Bill"}}, {}};
  for (const Unmatched& one : dossier.unmatched) {
    Line component{Foreign{one.component}};
    Line reason{Foreign{one.reason}};
    Line bill{Code{one.sbom}};
    if (is_gap(one))
      gaps.rows.push_back({{std::move(component), std::move(reason),
                            one.possible.empty() ? Line("-") : Line{Code{join(one.possible, ", ")}},
                            std::move(bill)},
                           ""});
    else
      others.rows.push_back({{std::move(component), std::move(reason), std::move(bill)}, ""});
  }
  if (!gaps.rows.empty()) {
    section.blocks.emplace_back(
        says(Line{mark(State::not_checked), "  For these no advisory could be asked for."}));
    append(section.blocks, capped(std::move(gaps)));
  }
  if (!others.rows.empty()) {
    section.blocks.emplace_back(
        says("Packages of these types, such as the product's own parts, appear in no source of "
             "advisories; what is weak in them must be found in other ways."));
    append(section.blocks, capped(std::move(others)));
  }
  return section;
}

}  // namespace

Section report_vulnerabilities(const Dossier& dossier) {
  Section section{"vulnerabilities", "Bill of materials and vulnerabilities", {}};
  section.blocks.emplace_back(composition(dossier));
  section.blocks.emplace_back(data_section(dossier));
  section.blocks.emplace_back(finding_section(dossier));
  if (dossier.since_baseline) section.blocks.emplace_back(baseline_section(dossier));
  section.blocks.emplace_back(unmatched_section(dossier));
  return section;
}

}  // namespace lockstep::documents
