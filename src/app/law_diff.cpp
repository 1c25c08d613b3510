// SPDX-License-Identifier: Apache-2.0
#include "app/law_diff.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "app/embedded_law.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

using regulations::CodeList;
using regulations::Ruleset;
using regulations::Turns;

using Causes = std::set<std::size_t>;

CodeList list_of(std::string_view what) {
  constexpr std::array<std::pair<std::string_view, CodeList>, 5> lists = {
      {{"codes.cra", CodeList::cra},
       {"codes.cra_routes", CodeList::cra_routes},
       {"codes.ai_act", CodeList::ai_act},
       {"codes.nis2", CodeList::nis2},
       {"codes.article_12", CodeList::article_12}}};
  const auto found = std::ranges::find(lists, what, [](const auto& row) { return row.first; });
  return found == lists.end() ? CodeList::none : found->second;
}

Causes causes_of(const Ruleset& law, const Turns& turns, const std::string& what) {
  Causes causes;
  const CodeList list = list_of(what);
  for (std::size_t i = 0; i < law.decisions.size(); ++i) {
    const regulations::Decision& rule = law.decisions[i];
    if (rule.id == what || (list != CodeList::none && rule.list == list))
      causes.merge(Causes(turns.of_decision(static_cast<int>(i))));
  }
  for (std::size_t i = 0; i < law.requirements.size(); ++i)
    if (const std::string& id = law.requirements[i].id;
        what == id || what == id + std::string(sanction_suffix))
      causes.merge(Causes(turns.of_requirement(static_cast<int>(i))));
  for (std::size_t i = 0; i < law.dates.size(); ++i)
    if (law.dates[i].what == what) causes.merge(Causes(turns.of_date(static_cast<int>(i))));
  return causes;
}

/// When an obligation is owed, on a day: "from 2027-12-11", "owed since 2027-12-11".
std::string owed(const Obligation& obligation, Day day) {
  if (obligation.applies != Truth::yes) return {};
  if (!obligation.applies_from) return "owed";
  return fmt::format("{} {}", *obligation.applies_from <= day ? "owed since" : "from",
                     to_text(*obligation.applies_from));
}

/// The obligations of which only the day changed, or has come.
std::vector<ViewChange> due_changes(const LegalView& before, const LegalView& after) {
  std::vector<ViewChange> changes;
  for (std::size_t i = 0; i < before.obligations.size(); ++i) {
    std::string was = owed(before.obligations[i], before.as_of);
    std::string is = owed(after.obligations[i], after.as_of);
    if (!was.empty() && !is.empty() && was != is)
      changes.push_back({after.obligations[i].id, std::move(was), std::move(is)});
  }
  return changes;
}

}  // namespace

Result<LawDiff> law_diff(
    const LegalRequest& request, Day from, Day to, const Files& files, Diagnostics& problems) {
  if (to < from) {
    return fail(ErrorKind::usage, "usage.date",
                fmt::format("expected the later day second, found {} before {}", to_text(from),
                            to_text(to)));
  }
  const Ruleset law = embedded_law();
  TRY(const LegalSubject subject, read_subject(request, files, problems));
  const std::vector<Fact> facts = regulations::fit_facts(law, subject.facts, problems);
  if (problems.has_errors()) {
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the facts; nothing was answered", problems.error_count()));
  }
  const LegalView before = regulations::evaluate(law, facts, from);
  const LegalView after = regulations::evaluate(law, facts, to);
  const Turns turns(law, from, to);
  LawDiff diff{subject.name, from, to, turns.all(), {}, {}};
  for (const regulations::Act& act : law.acts)
    diff.acts.push_back(act.short_title);
  std::vector<ViewChange> changes = changes_between(before, after);
  std::ranges::move(due_changes(before, after), std::back_inserter(changes));
  for (ViewChange& change : changes) {
    Causes causes = causes_of(law, turns, change.what);
    // A day that the law had announced changes nothing but what is owed from it on.
    std::erase_if(causes, [&](std::size_t cause) {
      const regulations::Turn& turn = diff.turns[cause];
      return turn.kind == regulations::Turn::Kind::reached &&
             change.after != "owed since " + to_text(turn.day);
    });
    diff.differences.push_back({std::move(change), {causes.begin(), causes.end()}});
  }
  return diff;
}

}  // namespace lockstep::app
