// SPDX-License-Identifier: Apache-2.0
// Exceptions that collide. The steps of a decision have an order, and the first that holds counts:
// where a later step can only hold when an earlier one does, the later one says nothing, and one
// of the two is a mistake. The same for an exception that holds wherever its requirement does.
//
// Whether one condition implies another is asked of their form only: what is found is so, but not
// all that is so is found.
#include <algorithm>
#include <fmt/format.h>

#include "regulations/loading.hpp"

namespace lockstep::regulations {
namespace {

bool implies(const Condition& a, const Condition& b);

/// For two tests of the same fact or decision.
bool implies_same(const Condition& a, const Condition& b) {
  using Kind = Condition::Kind;
  if (a.subject != b.subject || a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::fact_in:
    case Kind::decision_in:
      return (a.words & ~b.words) == 0;
    case Kind::text_in:
      return std::ranges::all_of(a.texts, [&](const std::string& text) {
        return std::ranges::find(b.texts, text) != b.texts.end();
      });
    case Kind::at_least:
      return a.number >= b.number;
    case Kind::below:
      return a.number <= b.number;
    case Kind::day_from:
    case Kind::day_before:
      return a.date == b.date && a.number == b.number;
    case Kind::always:
    case Kind::none_of:
    case Kind::all:
    case Kind::any:
      break;
  }
  return false;
}

bool same(const Condition& a, const Condition& b) {
  return a.kind == b.kind && a.subject == b.subject && a.date == b.date && a.words == b.words &&
         a.number == b.number && a.texts == b.texts && std::ranges::equal(a.parts, b.parts, same);
}

/// Whether b is yes whenever a is.
bool implies(const Condition& a, const Condition& b) {
  using Kind = Condition::Kind;
  const auto implies_b = [&](const Condition& part) { return implies(part, b); };
  const auto by_a = [&](const Condition& part) { return implies(a, part); };
  if (b.kind == Kind::always || same(a, b)) return true;
  if (a.kind == Kind::any) return !a.parts.empty() && std::ranges::all_of(a.parts, implies_b);
  if (b.kind == Kind::all) return !b.parts.empty() && std::ranges::all_of(b.parts, by_a);
  if (a.kind == Kind::all && std::ranges::any_of(a.parts, implies_b)) return true;
  if (b.kind == Kind::any) return std::ranges::any_of(b.parts, by_a);
  return implies_same(a, b);
}

bool covers(const InForce& one, const InForce& other) {
  const bool from = !one.from || (other.from && *other.from >= *one.from);
  const bool until = !one.until || (other.until && *other.until <= *one.until);
  return from && until;
}

void collect_dates(const Condition& condition, std::vector<int>& dates) {
  if (condition.date >= 0) dates.push_back(condition.date);
  for (const Condition& part : condition.parts)
    collect_dates(part, dates);
}

}  // namespace

/// The decisions whose outcomes a decision asks for, by itself or through a day that depends on
/// them.
std::vector<int> Loading::asked_by(const Decision& rule) const {
  std::vector<int> asked;
  std::vector<int> dates;
  const auto collect = [&](const Condition& condition) {
    collect_decisions(condition, asked);
    collect_dates(condition, dates);
  };
  for (const Step& step : rule.steps) {
    collect(step.when);
    for (const Row& row : step.rows)
      collect(row.when);
  }
  for (const int date : dates)
    for (const NamedDate::Choice& choice : rules_.dates[static_cast<std::size_t>(date)].first_of)
      collect_decisions(choice.when, asked);
  return asked;
}

void Loading::check_shadows() {
  for (const Decision& rule : rules_.decisions) {
    for (std::size_t i = 0; i < rule.steps.size(); ++i) {
      const Step& first = rule.steps[i];
      if (first.each >= 0 || first.when.kind == Condition::Kind::always) continue;
      for (std::size_t j = i + 1; j < rule.steps.size(); ++j) {
        const Step& later = rule.steps[j];
        if (!covers(first.in_force, later.in_force) || !implies(later.when, first.when)) continue;
        problems_.error(
            "regulation.unreachable",
            fmt::format("{}/{} is never reached: wherever it holds, {} holds before it "
                        "({}:{})",
                        rule.id, later.id, first.id, first.where.file, first.where.line),
            later.where);
      }
    }
  }
  for (const Requirement& rule : rules_.requirements) {
    if (!rule.unless || rule.applies_when.kind == Condition::Kind::always) continue;
    if (!implies(rule.applies_when, *rule.unless)) continue;
    problems_.error(
        "regulation.unreachable",
        fmt::format("{} never applies: wherever it would, its exception holds", rule.id),
        rule.where);
  }
}

}  // namespace lockstep::regulations
