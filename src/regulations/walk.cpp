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

namespace lockstep::regulations {
namespace {

/// Stands for "the act is not in force yet"; no decision has so many outcomes of its own.
constexpr Words not_in_force = Words{1} << 63U;

Words bit(int i) {
  return Words{1} << static_cast<unsigned>(i);
}

std::int64_t number_of(Day day) {
  return day.time_since_epoch().count();
}

void add_new(std::vector<std::string>& list, const std::string& text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

/// The value that a statement gives to a fact, unknown where it does not fit the fact's type.
struct Reading {
  const FactDefinition& fact;
  Value& value;

  void operator()(std::monostate) const {}

  void operator()(bool yes) const {
    if (fact.type == FactType::boolean) set_words(yes ? 2 : 1);
  }

  void operator()(std::int64_t number) const {
    if (fact.type == FactType::integer) set_number(number);
  }

  void operator()(double) const {}

  void operator()(const std::string& text) const {
    if (fact.type == FactType::text) {
      value.known = true;
      value.text = &text;
    } else if (fact.type == FactType::choice || fact.type == FactType::set) {
      // One word may stand for the set of it, and `none` for the empty set.
      const auto i = word_index(fact, text);
      if (i) {
        set_words(bit(*i));
      } else if (fact.type == FactType::set && text == "none") {
        set_words(0);
      }
    }
  }

  void operator()(Day day) const {
    if (fact.type == FactType::day) set_number(number_of(day));
  }

  void operator()(const std::vector<std::string>& texts) const {
    if (fact.type != FactType::set) return;
    Words words = 0;
    for (const std::string& text : texts) {
      const auto i = word_index(fact, text);
      if (!i && text == "none" && texts.size() == 1) break;
      if (!i) return;
      words |= bit(*i);
    }
    set_words(words);
  }

  void set_words(Words words) const {
    value.known = true;
    value.words = words;
  }

  void set_number(std::int64_t number) const {
    value.known = true;
    value.number = number;
  }
};

}  // namespace

Walk::Walk(const Ruleset& rules, std::span<const Fact> facts, Day as_of)
    : rules_(rules), as_of_(as_of), values_(rules.facts.size()), decided_(rules.decisions.size()) {
  std::vector<const Fact*> stated(rules.facts.size(), nullptr);
  for (const Fact& fact : facts) {
    const auto found = rules.fact_index.find(fact.name);
    if (found != rules.fact_index.end()) stated[index(found->second)] = &fact;
  }
  for (std::size_t i = 0; i < values_.size(); ++i)
    values_[i] = value_of(i, stated[i]);
  for (const int decision : rules.order)
    decide(decision);
}

Value Walk::value_of(std::size_t fact, const Fact* stated) const {
  const FactDefinition& definition = rules_.facts[fact];
  Value value;
  if (stated != nullptr) {
    std::visit(Reading{definition, value}, stated->value);
    if (value.known) {
      value.stated = stated;
      return value;
    }
  }
  for (const DatedValue& law : definition.by_law) {
    if (law.in_force.on(as_of_)) return {true, law.is == Truth::yes ? 2U : 1U, 0, nullptr, nullptr};
  }
  if (definition.derive) {
    const Truth derived = test(*definition.derive);
    if (derived != Truth::unknown)
      value = {true, derived == Truth::yes ? 2U : 1U, 0, nullptr, nullptr};
    return value;
  }
  if (const auto* derived = derived_word(definition))
    return {true, bit(derived->first), 0, nullptr, nullptr};
  // A presumption ends where somebody says that they do not know.
  if (stated != nullptr) return value;
  if (definition.unstated) return {true, *definition.unstated, 0, nullptr, nullptr};
  if (definition.same_as >= 0) {
    value = values_[index(definition.same_as)];
    value.stated = nullptr;
  }
  return value;
}

const std::pair<int, Condition>* Walk::derived_word(const FactDefinition& fact) const {
  for (const auto& derived : fact.derive_words) {
    const Truth holds = test(derived.second);
    if (holds == Truth::yes) return &derived;
    if (holds == Truth::unknown) return nullptr;
  }
  return nullptr;
}

std::optional<Day> Walk::day_of(int date) const {
  const NamedDate& named = rules_.dates[index(date)];
  for (const DatedValue& value : named.values) {
    if (value.in_force.on(as_of_)) return value.day;
  }
  for (const NamedDate::Choice& choice : named.first_of) {
    const Truth holds = test(choice.when);
    if (holds == Truth::yes) return day_of(choice.date);
    if (holds == Truth::unknown) return std::nullopt;
  }
  return std::nullopt;
}

Truth Walk::test_day(const Condition& condition) const {
  const Value& value = values_[index(condition.subject)];
  std::int64_t border = condition.number;
  if (condition.date >= 0) {
    const auto day = day_of(condition.date);
    if (!day) return Truth::no;
    border = number_of(*day);
  }
  if (!value.known) return Truth::unknown;
  return truth_of((value.number < border) == (condition.kind == Condition::Kind::day_before));
}

Truth Walk::test(const Condition& condition) const {
  const auto& parts = condition.parts;
  Truth truth = Truth::yes;
  switch (condition.kind) {
    case Condition::Kind::always:
      return Truth::yes;
    case Condition::Kind::all:
      for (const Condition& part : parts) {
        truth = both(truth, test(part));
        if (truth == Truth::no) break;
      }
      return truth;
    case Condition::Kind::any:
    case Condition::Kind::none_of:
      truth = Truth::no;
      for (const Condition& part : parts) {
        truth = either(truth, test(part));
        if (truth == Truth::yes) break;
      }
      return condition.kind == Condition::Kind::any ? truth : !truth;
    case Condition::Kind::decision_in: {
      const Words possible = decided_[index(condition.subject)].possible;
      if ((possible & condition.words) == 0) return Truth::no;
      return (possible & ~condition.words) == 0 ? Truth::yes : Truth::unknown;
    }
    case Condition::Kind::day_from:
    case Condition::Kind::day_before:
      return test_day(condition);
    case Condition::Kind::fact_in:
    case Condition::Kind::text_in:
    case Condition::Kind::at_least:
    case Condition::Kind::below:
      break;
  }
  const Value& value = values_[index(condition.subject)];
  if (!value.known) return Truth::unknown;
  switch (condition.kind) {
    case Condition::Kind::fact_in:
      return truth_of((value.words & condition.words) != 0);
    case Condition::Kind::text_in:
      return truth_of(std::ranges::find(condition.texts, *value.text) != condition.texts.end());
    case Condition::Kind::at_least:
      return truth_of(value.number >= condition.number);
    default:
      return truth_of(value.number < condition.number);
  }
}

std::string Walk::sentence(int fact) const {
  const FactDefinition& definition = rules_.facts[index(fact)];
  const Value& value = values_[index(fact)];
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
  const auto* derived = derived_word(definition);
  if (definition.derive || derived != nullptr) {
    std::vector<std::string> because;
    add_reasons(derived != nullptr ? derived->second : *definition.derive, because);
    const std::string is = derived != nullptr ? definition.words[index(derived->first)].word
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
    case Condition::Kind::decision_in: {
      const Decision& decision = rules_.decisions[index(condition.subject)];
      const Words possible = decided_[index(condition.subject)].possible;
      std::string text;
      for (std::size_t i = 0; i < decision.outcomes.size(); ++i) {
        if ((possible & bit(static_cast<int>(i))) == 0) continue;
        text += (text.empty() ? "" : " or ") + decision.outcomes[i];
      }
      add_new(because, fmt::format("{} = {}", decision.id, text.empty() ? "not in force" : text));
      return;
    }
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
      const auto& of_decision = decided_[index(condition.subject)].missing;
      missing.insert(missing.end(), of_decision.begin(), of_decision.end());
      return;
    }
    default:
      break;
  }
  const FactDefinition& definition = rules_.facts[index(condition.subject)];
  if (definition.derive) {
    add_missing(*definition.derive, missing);
  } else {
    missing.push_back(definition.same_as >= 0 && !values_[index(definition.same_as)].known
                          ? definition.same_as
                          : condition.subject);
  }
}

std::vector<std::string> Walk::names(std::vector<int>& missing) const {
  std::ranges::sort(missing);
  const auto doubles = std::ranges::unique(missing);
  missing.erase(doubles.begin(), doubles.end());
  std::vector<std::string> texts;
  texts.reserve(missing.size());
  for (const int fact : missing)
    texts.push_back(rules_.facts[index(fact)].name);
  return texts;
}

Truth Walk::walk_rows(const Step& step,
                      DecisionStep& trace,
                      std::vector<std::string>& codes,
                      std::vector<int>& missing) const {
  int basis = step.basis;
  const Value& value = values_[index(step.each)];
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

void Walk::decide(int decision) {
  const Decision& rule = rules_.decisions[index(decision)];
  Decided& decided = decided_[index(decision)];
  Answer& answer = decided.answer;
  answer.id = rule.id;
  answer.act = rules_.acts[index(rule.act)].id;
  answer.question = rule.question;
  answer.cites = rule.cites;
  if (!in_force(rule.act)) {
    decided.possible = not_in_force;
    decided.settled = true;
    answer.state = Truth::no;
    answer.because = {"the act is not in force on " + lockstep::to_text(as_of_)};
    return;
  }
  int ways = 0;  // the different outcomes, codes included, that are still possible
  for (const Step& step : rule.steps) {
    if (!step.in_force.on(as_of_)) continue;
    DecisionStep trace{step.id,    step.ask, Truth::no, "",
                       step.cites, {},       {},        rules_.basis_word(step.basis)};
    std::vector<std::string> codes;
    std::vector<int> missing;
    trace.answer = walk_step(step, trace, codes, missing);
    if (trace.answer != Truth::no) {
      const bool same = ways > 0 && decided.possible == bit(step.outcome) && codes == answer.codes;
      if (!same) ++ways;
      decided.possible |= bit(step.outcome);
      trace.outcome = rule.outcomes[index(step.outcome)];
      for (const std::string& code : codes)
        add_new(answer.codes, code);
      decided.missing.insert(decided.missing.end(), missing.begin(), missing.end());
      trace.missing = names(missing);
    }
    if (trace.answer == Truth::yes) {
      for (const std::string& path : trace.cites)
        add_new(answer.cites, path);
      answer.because = trace.because;
    }
    if (!step.note.empty() && trace.answer != Truth::no) trace.because.push_back(step.note);
    const bool end = trace.answer == Truth::yes;
    answer.steps.push_back(std::move(trace));
    if (end) break;
  }
  decided.settled = ways == 1;
  if (decided.settled) decided.missing.clear();
  answer.missing = names(decided.missing);
  if (rule.yes) {
    answer.state = (decided.possible & ~*rule.yes) == 0  ? Truth::yes
                   : (decided.possible & *rule.yes) == 0 ? Truth::no
                                                         : Truth::unknown;
  } else {
    answer.state = decided.settled ? Truth::yes : Truth::unknown;
  }
}

}  // namespace lockstep::regulations
