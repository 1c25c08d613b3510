// SPDX-License-Identifier: Apache-2.0
// When the law turns. Everything in a ruleset that holds for a time only (steps, lines, values of
// dates, states of the law) says from when and until when; here those borders are listed, and each
// rule is told which of them it rests on, through the facts, dates and decisions that it asks.
#include "regulations/turns.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "regulations/cases.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/index.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

void merge(std::set<std::size_t>& into, const std::set<std::size_t>& from) {
  into.insert(from.begin(), from.end());
}

std::string amendment(const Act& act, Day day) {
  for (const Change& change : act.changes)
    if (parse_day(change.applies) == day) return change.by;
  return {};
}

}  // namespace

Turns::Turns(const Ruleset& rules, Day after, Day until)
    : rules_(rules),
      after_(after),
      until_(until),
      of_act_(rules.acts.size()),
      of_date_(rules.dates.size()),
      of_fact_(rules.facts.size()),
      of_decision_(rules.decisions.size()),
      of_requirement_(rules.requirements.size()) {
  read_acts();
  read_facts();
  read_dates();
  read_decisions();
  read_requirements();
}

const std::set<std::size_t>& Turns::of_decision(int decision) const {
  return of_decision_[at(decision)];
}

const std::set<std::size_t>& Turns::of_requirement(int requirement) const {
  return of_requirement_[at(requirement)];
}

const std::set<std::size_t>& Turns::of_date(int date) const {
  return of_date_[at(date)];
}

void Turns::add(Turn turn, Found& of) {
  if (turn.day <= after_ || turn.day > until_) return;
  const Act& act = rules_.acts[at(turn.act)];
  // What an act had from its first day on is its coming into force, and no change of it.
  if (turn.kind == Turn::Kind::change && turn.day <= act.in_force) return;
  if (turn.kind == Turn::Kind::change) turn.by = amendment(act, turn.day);
  of.insert(turns_.size());
  turns_.push_back(std::move(turn));
}

void Turns::add_span(const InForce& span, Turn turn, Found& of) {
  if (span.from) {
    turn.day = *span.from;
    turn.says = "begins";
    add(turn, of);
  }
  if (span.until) {
    turn.day = *span.until + std::chrono::days(1);
    turn.says = "ends";
    add(turn, of);
  }
}

void Turns::read_acts() {
  for (std::size_t i = 0; i < rules_.acts.size(); ++i) {
    const Act& act = rules_.acts[i];
    const int index = static_cast<int>(i);
    add({Turn::Kind::in_force, act.in_force, index, act.id, "comes into force", "", {}},
        of_act_[i]);
  }
}

void Turns::read_facts() {
  for (std::size_t i = 0; i < rules_.facts.size(); ++i) {
    const FactDefinition& fact = rules_.facts[i];
    for (const DatedValue& value : fact.by_law) {
      const auto act = std::ranges::find(
          rules_.acts, fact.cites.empty() ? std::string() : fact.cites.front().act, &Act::id);
      if (!value.in_force.from || act == rules_.acts.end()) continue;
      Turn turn{Turn::Kind::change,
                *value.in_force.from,
                static_cast<int>(act - rules_.acts.begin()),
                fact.name,
                fmt::format("is now {}", lockstep::to_text(value.is)),
                "",
                {}};
      for (const Citation& cite : fact.cites)
        turn.cites.push_back(cite.path);
      add(std::move(turn), of_fact_[i]);
    }
    if (fact.derive) collect(*fact.derive, of_fact_[i]);
    if (fact.same_as >= 0) merge(of_fact_[i], of_fact_[at(fact.same_as)]);
  }
}

void Turns::read_dates() {
  for (std::size_t i = 0; i < rules_.dates.size(); ++i) {
    const NamedDate& date = rules_.dates[i];
    for (const DatedValue& value : date.values) {
      Turn turn{Turn::Kind::change, Day{}, date.act, date.id, "", "", date.cites};
      if (value.in_force.from) {
        turn.day = *value.in_force.from;
        turn.says = fmt::format("is now {}", lockstep::to_text(value.day));
        add(turn, of_date_[i]);
      }
      if (!value.in_force.on(value.day)) continue;
      turn.kind = Turn::Kind::reached;
      turn.day = value.day;
      turn.says = fmt::format("is reached: {}", date.what);
      const Act& act = rules_.acts[at(date.act)];
      if (value.in_force.from && *value.in_force.from > act.in_force)
        turn.by = amendment(act, *value.in_force.from);
      add(std::move(turn), of_date_[i]);
    }
  }
  // Dates with values come first: a choice names only those.
  for (std::size_t i = 0; i < rules_.dates.size(); ++i)
    for (const NamedDate::Choice& choice : rules_.dates[i].first_of)
      merge(of_date_[i], of_date_[at(choice.date)]);
}

void Turns::collect(const Condition& condition, Found& found) const {
  for (const Condition& part : condition.parts)
    collect(part, found);
  if (condition.date >= 0) {
    for (const std::size_t turn : of_date_[at(condition.date)])
      if (turns_[turn].kind == Turn::Kind::change) found.insert(turn);
  }
  if (condition.subject < 0) return;
  merge(found, condition.kind == Condition::Kind::decision_in ? of_decision_[at(condition.subject)]
                                                              : of_fact_[at(condition.subject)]);
}

void Turns::read_decisions() {
  for (const int decision : rules_.order) {
    const Decision& rule = rules_.decisions[at(decision)];
    Found& found = of_decision_[at(decision)];
    merge(found, of_act_[at(rule.act)]);
    for (const Step& step : rule.steps) {
      const std::string name = rule.id + "/" + step.id;
      add_span(step.in_force, {Turn::Kind::change, Day{}, rule.act, name, "", "", step.cites},
               found);
      collect(step.when, found);
      for (const Row& row : step.rows) {
        const std::string& word = rules_.facts[at(step.each)].words[at(row.word)].word;
        add_span(row.in_force,
                 {Turn::Kind::change, Day{}, rule.act, name + "/" + word, "", "", row.cites},
                 found);
        collect(row.when, found);
      }
    }
  }
}

void Turns::read_requirements() {
  for (std::size_t i = 0; i < rules_.requirements.size(); ++i) {
    const Requirement& rule = rules_.requirements[i];
    Found& found = of_requirement_[i];
    merge(found, of_act_[at(rule.act)]);
    collect(rule.applies_when, found);
    if (rule.unless) collect(*rule.unless, found);
    for (const int sanction : rule.sanctions)
      collect(rules_.acts[at(rule.act)].sanctions[at(sanction)].when, found);
    if (rule.applies_from >= 0) merge(found, of_date_[at(rule.applies_from)]);
  }
}

namespace {

/// The changes of one act on one day, with what they changed for the facts.
class Since {
 public:
  Since(const Ruleset& rules, std::span<const Fact> facts, Day day)
      : rules_(rules),
        turns_(rules, day - std::chrono::days(1), day),
        before_(evaluate(rules, facts, day - std::chrono::days(1))),
        after_(evaluate(rules, facts, day)) {}

  LawChange of(int act, Day day) const {
    LawChange change{
        day, rules_.acts[at(act)].id, amendment(rules_.acts[at(act)], day), "", {}, {}, {}, {}};
    for (const Change& one : rules_.acts[at(act)].changes)
      if (parse_day(one.applies) == day) change.says = one.says;
    if (rules_.acts[at(act)].in_force == day) change.says = "comes into force";
    for (const Turn& turn : turns_.all()) {
      if (!is_of(turn, act)) continue;
      add_new(change.rules, turn.rule);
      for (const std::string& cite : turn.cites)
        add_new(change.cites, cite);
      if (change.says.empty()) change.says = turn.rule + " " + turn.says;
    }
    add_facts(act, change);
    add_changed(act, change);
    return change;
  }

 private:
  static void add_new(std::vector<std::string>& list, const std::string& text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(text);
  }

  bool is_of(const Turn& turn, int act) const {
    return turn.act == act && turn.kind != Turn::Kind::reached;
  }

  bool rests_on(const std::set<std::size_t>& turns, int act) const {
    return std::ranges::any_of(turns,
                               [&](std::size_t turn) { return is_of(turns_.all()[turn], act); });
  }

  /// The facts of the catalogue that a step or line which begins or ends looks at.
  void add_facts(int act, LawChange& change) const {
    std::vector<int> facts;
    for (const Decision& rule : rules_.decisions) {
      for (const Step& step : rule.steps) {
        const std::string name = rule.id + "/" + step.id;
        const bool turned = std::ranges::any_of(turns_.all(), [&](const Turn& turn) {
          return is_of(turn, act) && (turn.rule == name || turn.rule.starts_with(name + "/"));
        });
        if (!turned) continue;
        collect_facts(step.when, facts);
        if (step.each >= 0) facts.push_back(step.each);
      }
    }
    std::ranges::sort(facts);
    for (const int fact : facts)
      if (!rules_.facts[at(fact)].is_switch()) add_new(change.facts, rules_.facts[at(fact)].name);
  }

  void add_changed(int act, LawChange& change) const {
    for (std::size_t i = 0; i < before_.answers.size(); ++i) {
      const Answer& was = before_.answers[i];
      const Answer& is = after_.answers[i];
      const bool same = was.codes == is.codes && possible_outcomes(was) == possible_outcomes(is);
      if (!same && rests_on(turns_.of_decision(static_cast<int>(i)), act))
        change.changed.push_back(is.id);
    }
    for (std::size_t i = 0; i < before_.obligations.size(); ++i) {
      const Obligation& was = before_.obligations[i];
      const Obligation& is = after_.obligations[i];
      const bool same = was.applies == is.applies && was.applies_from == is.applies_from;
      if (!same && rests_on(turns_.of_requirement(static_cast<int>(i)), act))
        change.changed.push_back(is.id);
    }
  }

  const Ruleset& rules_;
  Turns turns_;
  LegalView before_;
  LegalView after_;
};

}  // namespace

std::vector<LawChange> law_changes(const Ruleset& rules,
                                   std::span<const Fact> facts,
                                   Day answered,
                                   Day as_of) {
  std::set<std::pair<Day, int>> days;
  const Turns turns(rules, answered, as_of);
  for (const Turn& turn : turns.all())
    if (turn.kind != Turn::Kind::reached) days.emplace(turn.day, turn.act);
  for (std::size_t i = 0; i < rules.acts.size(); ++i) {
    for (const Change& change : rules.acts[i].changes) {
      const auto day = parse_day(change.applies);
      if (day && *day > answered && *day <= as_of) days.emplace(*day, static_cast<int>(i));
    }
  }
  std::vector<LawChange> changes;
  for (const auto& [day, act] : days)
    changes.push_back(Since(rules, facts, day).of(act, day));
  return changes;
}

}  // namespace lockstep::regulations
