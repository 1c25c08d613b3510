// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "documents/report/sections.hpp"
#include "documents/words.hpp"

namespace lockstep::documents {
namespace {

/// So many fit on the page of the verdict; the others follow below it.
constexpr std::size_t listed = 6;
constexpr std::size_t dates_listed = 3;

struct Area {
  std::string_view id;
  std::string_view title;
  std::string_view anchor;
};

constexpr std::array<Area, 8> areas = {{
    {"scope", "Which law applies", "law"},
    {"sbom", "Bill of materials", "vulnerabilities"},
    {"vulnerabilities", "Known vulnerabilities", "vulnerabilities"},
    {"ai", "Tests of the AI model", "tests"},
    {"risks", "Risks", "risks"},
    {"requirements", "Requirements", "requirements"},
    {"documents", "Documents", "documents"},
    {"evidence", "Evidence", "annex"},
}};

Line area_link(const std::string& id) {
  const auto* area = std::ranges::find(areas, id, &Area::id);
  if (area == areas.end()) return id;
  return Line{Link{std::string(area->title), std::string(area->anchor)}};
}

using StateCounts = std::array<std::int64_t, 8>;

template <typename Values, typename StateOf>
StateCounts counts_of(const Values& values, StateOf state) {
  StateCounts counts{};
  for (const auto& value : values)
    ++counts[static_cast<std::size_t>(state(value))];
  return counts;
}

StateCounts counts_of_area(const Dossier& dossier, const std::string& area) {
  if (area == "vulnerabilities")
    return counts_of(dossier.findings, [](const Finding& one) { return one.state; });
  if (area == "ai")
    return counts_of(dossier.verdicts, [](const TestVerdict& one) { return one.state; });
  if (area == "risks") return counts_of(dossier.risks, [](const Risk& one) { return one.state; });
  if (area == "requirements")
    return counts_of(dossier.law.obligations,
                     [](const Obligation& one) { return state_of(one.state); });
  return {};
}

Line by_state(const Dossier& dossier, const std::string& area) {
  const StateCounts counts = counts_of_area(dossier, area);
  std::string text;
  for (const State state : states_by_badness()) {
    const std::int64_t n = counts[static_cast<std::size_t>(state)];
    if (n == 0) continue;
    const Mark word = area == "vulnerabilities" ? finding_mark(state) : mark(state);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count(n), word.word);
  }
  return text.empty() ? Line("-") : Line(text);
}

Table area_table(const Dossier& dossier) {
  Table table{"The areas that were looked at",
              {{"Area"}, {"State"}, {"Count", Column::Align::numbers}, {"By state"}, {"Worst"}},
              {}};
  for (const AreaVerdict& area : dossier.areas)
    table.rows.push_back(
        {{area_link(area.area), Line{mark(area.state)}, count(area.count),
          by_state(dossier, area.area), area.worst.empty() ? Line("-") : Line{Foreign{area.worst}}},
         ""});
  return table;
}

std::vector<const Blocker*> blockers_of(const Dossier& dossier, bool human) {
  std::vector<const Blocker*> chosen;
  for (const Blocker& blocker : dossier.blockers)
    if ((blocker.state == State::human) == human) chosen.push_back(&blocker);
  return chosen;
}

Table blocker_table(std::string caption,
                    const std::vector<const Blocker*>& blockers,
                    std::size_t from,
                    std::size_t to) {
  Table table{std::move(caption), {{"State"}, {"What"}, {"Explain"}}, {}};
  for (std::size_t i = from; i < std::min(to, blockers.size()); ++i)
    table.rows.push_back({{Line{mark(blockers[i]->state)}, Line{Foreign{blockers[i]->says}},
                           Line{Code{blockers[i]->id}}},
                          ""});
  return table;
}

std::string list_caption(std::string_view what, std::size_t all) {
  if (all <= listed) return fmt::format("{} ({})", what, all);
  return fmt::format("{}: the first {} of {}, the others follow below", what, listed, all);
}

struct Gate {
  Tone tone;
  std::string sentence;
};

/// The exit code of the run in words. Source: the table of exit codes in docs/states.md.
Gate gate_of(const Dossier& dossier) {
  const auto blocking = static_cast<std::int64_t>(blockers_of(dossier, false).size());
  const auto decisions = static_cast<std::int64_t>(blockers_of(dossier, true).size());
  switch (dossier.exit) {
    case 0:
      return {Tone::low, "The release gate is open: nothing that was checked stands against it."};
    case 1:
      return {Tone::serious,
              fmt::format("The release gate is closed: {} against it{}.",
                          count_of(blocking, "item stands", "items stand"),
                          decisions == 0
                              ? ""
                              : ", and " + count_of(decisions, "decision is", "decisions are") +
                                    " missing")};
    case 4:
      return {Tone::high,
              "The release gate is closed: something that it needs was not checked, is too old or "
              "was tested with too few samples."};
    case 5:
      return {Tone::high, fmt::format("The release gate waits: {} missing.",
                                      count_of(decisions, "decision of a person is",
                                               "decisions of a person are"))};
    case 6:
      return {Tone::serious,
              "The release gate is closed: a legal deadline has passed or is inside its alarm "
              "window."};
    case 7:
      return {Tone::serious,
              "The release gate is closed: a digest, signature or chain does not hold."};
    default:
      return {Tone::serious,
              fmt::format("The run did not come to a verdict (exit {}).", dossier.exit)};
  }
}

void add_blockers(Section& section, const Dossier& dossier) {
  const auto blocking = blockers_of(dossier, false);
  const auto decisions = blockers_of(dossier, true);
  Section stands{"blocking", "What stands against the release", {}};
  if (blocking.empty())
    stands.blocks.emplace_back(says("Nothing that was checked."));
  else
    stands.blocks.emplace_back(
        blocker_table(list_caption("Items", blocking.size()), blocking, 0, listed));
  section.blocks.emplace_back(std::move(stands));
  Section human{"decisions", "What a person must decide", {}};
  if (decisions.empty())
    human.blocks.emplace_back(says("Nothing is waiting for a decision."));
  else
    human.blocks.emplace_back(
        blocker_table(list_caption("Decisions", decisions.size()), decisions, 0, listed));
  section.blocks.emplace_back(std::move(human));
}

/// The rest of a long list, below the page of the verdict.
void add_rest(Section& section, const Dossier& dossier) {
  std::vector<const Blocker*> rest;
  for (const bool human : {false, true}) {
    const auto all = blockers_of(dossier, human);
    for (std::size_t i = listed; i < all.size(); ++i)
      rest.push_back(all[i]);
  }
  if (rest.empty()) return;
  Section more{"more-blocking", "The other items and decisions", {}};
  append(more.blocks, capped(blocker_table("Continued", rest, 0, rest.size())));
  section.blocks.emplace_back(std::move(more));
}

Section next_dates(const Dossier& dossier) {
  Section section{"next-dates", "Next dates", {}};
  Table table{
      "The next dates that matter", {{"Date"}, {"In days", Column::Align::numbers}, {"What"}}, {}};
  for (const LegalDate& date : dossier.law.dates)
    if (date.day >= dossier.as_of && table.rows.size() < dates_listed)
      table.rows.push_back({{Line{Date{date.day}}, count((date.day - dossier.as_of).count()),
                             date.what + " (" + cite(dossier.law, date.act, date.cites) + ")"},
                            ""});
  if (table.rows.empty())
    section.blocks.emplace_back(says("No date lies ahead in what was checked."));
  else
    section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

Section report_verdict(const Dossier& dossier) {
  Section section{"verdict", "Verdict", {}};
  const Gate gate = gate_of(dossier);
  section.blocks.emplace_back(
      Callout{gate.tone,
              gate.sentence,
              {says(Line{"As of ", Date{dossier.as_of},
                         fmt::format(". {} not checked; they are listed under ",
                                     count_of(static_cast<std::int64_t>(dossier.not_checked.size()),
                                              "thing was", "things were")),
                         Link{"what is not covered", "method"}, "."})}});
  if (dossier.areas.empty())
    section.blocks.emplace_back(not_checked("No area was looked at in this run."));
  else
    section.blocks.emplace_back(area_table(dossier));
  add_blockers(section, dossier);
  section.blocks.emplace_back(next_dates(dossier));
  add_rest(section, dossier);
  return section;
}

}  // namespace lockstep::documents
