// SPDX-License-Identifier: Apache-2.0
// How a ruleset is walked.
//
// A condition has Kleene's three values: `all` is no as soon as one part is no, `any` is yes as
// soon as one part is yes, and otherwise an unknown part makes the whole unknown. A decision is a
// list of steps; the first step whose condition is yes decides. A step that is unknown leaves its
// outcome possible, and the walk goes on as if it had been no. So the answer is the set of outcomes
// that the missing facts could still lead to:
//
//     S1 is it a service?  no       ->  passes on
//     S5 is it medical?    unknown  ->  out is possible, passes on
//     S14                  yes      ->  in is possible, the end        answer: {out, in}
//
// Why a further fact never adds an outcome: knowing more changes an unknown test to yes or no and
// nothing else (the three operations are monotone). A step that becomes no drops its outcome; one
// that becomes yes keeps it and cuts off all that came after.
//
// Source: S. C. Kleene, Introduction to Metamathematics (1952), section 64, the strong tables.
#include "regulations/walk.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "domain/provenance.hpp"
#include "regulations/index.hpp"

namespace lockstep::regulations {
namespace {

/// Stands for "the act is not in force yet"; no decision has so many outcomes of its own.
constexpr Words not_in_force = Words{1} << 63U;

void add_new(std::vector<std::string>& list, const std::string& text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

}  // namespace

Walk::Walk(const Ruleset& rules)
    : rules_(rules),
      known_(rules),
      decided_(rules.decisions.size()),
      answers_(rules.decisions.size()),
      sentences_(rules.facts.size()),
      outcomes_(rules.decisions.size()) {
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const Decision& rule = rules.decisions[i];
    answers_[i].id = rule.id;
    answers_[i].act = rules.acts[at(rule.act)].id;
    answers_[i].question = rule.question;
    answers_[i].optional = rule.optional;
    decided_[i].made.resize(rule.steps.size());
  }
}

Walk::Walk(const Ruleset& rules, std::span<const Fact> facts, Day as_of) : Walk(rules) {
  start(facts, as_of);
}

void Walk::start(std::span<const Fact> facts, Day as_of) {
  as_of_ = as_of;
  known_.start(facts, as_of);
  for (std::string& sentence : sentences_)
    sentence.clear();
  for (std::string& sentence : outcomes_)
    sentence.clear();
  for (const int decision : rules_.order) {
    forget(decision);
    decide(decision);
    known_.set_possible(decision, decided_[at(decision)].possible);
  }
}

const std::string& Walk::sentence(int fact) const {
  std::string& text = sentences_[at(fact)];
  if (text.empty()) text = write_sentence(fact);
  return text;
}

const std::string& Walk::outcome(int decision) const {
  std::string& text = outcomes_[at(decision)];
  if (!text.empty()) return text;
  const Decision& rule = rules_.decisions[at(decision)];
  const Words possible = known_.possible(decision);
  text = rule.id + " = ";
  const std::size_t words_from = text.size();
  for (std::size_t i = 0; i < rule.outcomes.size(); ++i) {
    if ((possible & bit(static_cast<int>(i))) == 0) continue;
    text += (text.size() == words_from ? "" : " or ") + rule.outcomes[i];
  }
  if (text.size() == words_from) text += "not in force";
  return text;
}

std::string Walk::write_sentence(int fact) const {
  const FactDefinition& definition = rules_.facts[at(fact)];
  const Value& value = known_.value(fact);
  if (value.stated != nullptr) {
    const std::string where = lockstep::to_text(value.stated->provenance);
    const std::string shown = lockstep::to_text(value.stated->value);
    return fmt::format("{} = {}{}", definition.name, shown.empty() ? "none" : shown,
                       where.empty() ? "" : " (" + where + ")");
  }
  if (definition.is_switch()) {
    return fmt::format("{} = {} (the law of that day)", definition.name,
                       value.words == 2 ? "yes" : "no");
  }
  const auto* derived = known_.derived_word(definition);
  if (definition.derive || derived != nullptr) {
    std::vector<std::string> because;
    add_reasons(derived != nullptr ? derived->second : *definition.derive, because);
    const std::string is = derived != nullptr ? definition.words[at(derived->first)].word
                                              : std::string(value.words == 2 ? "yes" : "no");
    std::string text = fmt::format("{} = {}", definition.name, is);
    for (const std::string& reason : because)
      text += ", since " + reason;
    return text;
  }
  if (definition.same_as >= 0) {
    return fmt::format("{} taken from {}", definition.name, sentence(definition.same_as));
  }
  return fmt::format("{} is presumed while nothing is stated", definition.name);
}

void Walk::add_reasons(const Condition& condition, std::vector<std::string>& because) const {
  const Truth truth = test(condition);
  if (truth == Truth::unknown || condition.kind == Condition::Kind::always) return;
  switch (condition.kind) {
    case Condition::Kind::all:
    case Condition::Kind::any:
    case Condition::Kind::none_of: {
      // Where one part was enough, that part is the reason; otherwise all of them are.
      const Truth enough = condition.kind == Condition::Kind::all ? Truth::no : Truth::yes;
      const Truth inner = condition.kind == Condition::Kind::none_of ? !truth : truth;
      for (const Condition& part : condition.parts) {
        if (inner == enough && test(part) != enough) continue;
        add_reasons(part, because);
        if (inner == enough) return;
      }
      return;
    }
    case Condition::Kind::decision_in:
      add_new(because, outcome(condition.subject));
      return;
    default:
      add_new(because, sentence(condition.subject));
  }
}

void Walk::add_missing(const Condition& condition, std::vector<int>& missing) const {
  if (test(condition) != Truth::unknown) return;
  switch (condition.kind) {
    case Condition::Kind::always:
      return;
    case Condition::Kind::all:
    case Condition::Kind::any:
    case Condition::Kind::none_of:
      for (const Condition& part : condition.parts)
        add_missing(part, missing);
      return;
    case Condition::Kind::decision_in: {
      const auto& of_decision = decided_[at(condition.subject)].missing;
      missing.insert(missing.end(), of_decision.begin(), of_decision.end());
      return;
    }
    default:
      break;
  }
  const FactDefinition& definition = rules_.facts[at(condition.subject)];
  if (definition.derive) {
    add_missing(*definition.derive, missing);
  } else {
    missing.push_back(definition.same_as >= 0 && !known_.value(definition.same_as).known
                          ? definition.same_as
                          : condition.subject);
  }
}

void Walk::name(std::vector<int>& missing, std::vector<std::string>& texts) const {
  std::ranges::sort(missing);
  const auto doubles = std::ranges::unique(missing);
  missing.erase(doubles.begin(), doubles.end());
  texts.clear();
  texts.reserve(missing.size());
  for (const int fact : missing)
    texts.push_back(rules_.facts[at(fact)].name);
}

std::vector<std::string> Walk::names(std::vector<int>& missing) const {
  std::vector<std::string> texts;
  name(missing, texts);
  return texts;
}

Truth Walk::walk_rows(const Step& step,
                      DecisionStep& trace,
                      std::vector<std::string>& codes,
                      std::vector<int>& missing) const {
  int basis = step.basis;
  const Value& value = known_.value(step.each);
  Truth truth = Truth::no;
  bool depends_on_fact = false;
  for (const Row& row : step.rows) {
    if (!row.in_force.on(as_of_)) continue;
    const Truth holds = value.known ? truth_of((value.words & bit(row.word)) != 0) : Truth::unknown;
    const Truth whole = both(holds, test(row.when));
    if (whole == Truth::no) continue;
    truth = either(truth, whole);
    if (whole == Truth::unknown) add_missing(row.when, missing);
    depends_on_fact = depends_on_fact || !value.known;
    for (const std::string& code : row.codes)
      add_new(codes, code);
    basis = std::max(basis, row.basis);
    if (value.known) {
      for (const std::string& path : row.cites)
        add_new(trace.cites, path);
    }
  }
  if (depends_on_fact) missing.push_back(step.each);
  if (value.known) add_new(trace.because, sentence(step.each));
  trace.basis = rules_.basis_word(basis);
  return truth;
}

Truth Walk::walk_step(const Step& step,
                      DecisionStep& trace,
                      std::vector<std::string>& codes,
                      std::vector<int>& missing) const {
  const Truth gate = test(step.when);
  Truth truth = gate;
  if (gate != Truth::no && step.each >= 0)
    truth = both(gate, walk_rows(step, trace, codes, missing));
  if (gate == Truth::no || (gate == Truth::yes && truth != Truth::no)) {
    add_reasons(step.when, trace.because);
  }
  if (truth == Truth::unknown) add_missing(step.when, missing);
  if (truth != Truth::no) {
    for (const std::string& code : step.codes)
      add_new(codes, code);
  } else {
    codes.clear();
    missing.clear();
  }
  return truth;
}

/// Takes the steps of the answer back, so that their words are there for the next one.
void Walk::forget(int decision) {
  Decided& decided = decided_[at(decision)];
  Answer& answer = answers_[at(decision)];
  for (std::size_t i = 0; i < decided.walked.size(); ++i)
    decided.made[decided.walked[i]] = std::move(answer.steps[i]);
  answer.steps.clear();
  answer.codes.clear();
  answer.because.clear();
  answer.missing.clear();
  answer.cites = rules_.decisions[at(decision)].cites;
  decided.walked.clear();
  decided.missing.clear();
  decided.possible = 0;
}

/// The step as it stands before it is walked, made of what is left of the last time.
DecisionStep Walk::step_of(const Step& step, DecisionStep& made) const {
  DecisionStep trace = std::move(made);
  if (trace.id.empty()) {
    trace.id = step.id;
    trace.question = step.ask;
    trace.cites = step.cites;
  }
  trace.cites.resize(step.cites.size());  // those of its lines were added behind
  trace.outcome.clear();
  trace.because.clear();
  trace.missing.clear();
  trace.basis = rules_.basis_word(step.basis);
  return trace;
}

void Walk::decide(int decision) {
  const Decision& rule = rules_.decisions[at(decision)];
  Decided& decided = decided_[at(decision)];
  Answer& answer = answers_[at(decision)];
  if (!in_force(rule.act)) {
    decided.possible = not_in_force;
    decided.settled = true;
    answer.state = Truth::no;
    answer.because = {"the act is not in force on " + lockstep::to_text(as_of_)};
    return;
  }
  int ways = 0;  // the different outcomes, codes included, that are still possible
  std::vector<std::string> codes;
  std::vector<int> missing;
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    const Step& step = rule.steps[i];
    if (!step.in_force.on(as_of_)) continue;
    DecisionStep trace = step_of(step, decided.made[i]);
    codes.clear();
    missing.clear();
    trace.answer = walk_step(step, trace, codes, missing);
    if (trace.answer != Truth::no) {
      const bool same = ways > 0 && decided.possible == bit(step.outcome) && codes == answer.codes;
      if (!same) ++ways;
      decided.possible |= bit(step.outcome);
      trace.outcome = rule.outcomes[at(step.outcome)];
      for (const std::string& code : codes)
        add_new(answer.codes, code);
      decided.missing.insert(decided.missing.end(), missing.begin(), missing.end());
      name(missing, trace.missing);
    }
    if (trace.answer == Truth::yes) {
      for (const std::string& path : trace.cites)
        add_new(answer.cites, path);
      answer.because = trace.because;
    }
    if (!step.note.empty() && trace.answer != Truth::no) trace.because.push_back(step.note);
    const bool end = trace.answer == Truth::yes;
    answer.steps.push_back(std::move(trace));
    decided.walked.push_back(i);
    if (end) break;
  }
  decided.settled = ways == 1;
  if (decided.settled) decided.missing.clear();
  name(decided.missing, answer.missing);
  if (rule.yes) {
    answer.state = (decided.possible & ~*rule.yes) == 0  ? Truth::yes
                   : (decided.possible & *rule.yes) == 0 ? Truth::no
                                                         : Truth::unknown;
  } else {
    answer.state = decided.settled ? Truth::yes : Truth::unknown;
  }
}

}  // namespace lockstep::regulations
