// SPDX-License-Identifier: Apache-2.0
#include "regulations/known.hpp"

#include <algorithm>

#include "regulations/index.hpp"

namespace lockstep::regulations {
namespace {

std::int64_t number_of(Day day) {
  return day.time_since_epoch().count();
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

Known::Known(const Ruleset& rules) : rules_(&rules) {}

Known::Known(const Ruleset& rules, std::span<const Fact> facts, Day as_of) : rules_(&rules) {
  start(facts, as_of);
}

void Known::start(std::span<const Fact> facts, Day as_of) {
  as_of_ = as_of;
  stated_.assign(rules_->facts.size(), nullptr);
  values_.assign(rules_->facts.size(), {});
  possible_.assign(rules_->decisions.size(), 0);
  std::size_t next = 0;  // SPEED: facts mostly come in the order of the catalogue
  for (const Fact& fact : facts) {
    if (next >= stated_.size() || rules_->facts[next].name != fact.name) {
      const auto found = rules_->fact_index.find(fact.name);
      if (found == rules_->fact_index.end()) continue;
      next = at(found->second);
    }
    stated_[next++] = &fact;
  }
  for (std::size_t i = 0; i < values_.size(); ++i)
    values_[i] = settle(i);
}

Known Known::with(int fact, const Value& value) const {
  Known other = *this;
  other.values_[at(fact)] = value;
  for (std::size_t i = at(fact) + 1; i < values_.size(); ++i) {
    const FactDefinition& definition = rules_->facts[i];
    if (definition.derive || !definition.derive_words.empty() || definition.same_as >= 0)
      other.values_[i] = other.settle(i);
  }
  return other;
}

Value Known::settle(std::size_t fact) const {
  const FactDefinition& definition = rules_->facts[fact];
  const Fact* stated = stated_[fact];
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
    value = values_[at(definition.same_as)];
    value.stated = nullptr;
  }
  return value;
}

const std::pair<int, Condition>* Known::derived_word(const FactDefinition& fact) const {
  for (const auto& derived : fact.derive_words) {
    const Truth holds = test(derived.second);
    if (holds == Truth::yes) return &derived;
    if (holds == Truth::unknown) return nullptr;
  }
  return nullptr;
}

std::optional<Day> Known::day_of(int date) const {
  const NamedDate& named = rules_->dates[at(date)];
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

Truth Known::test_day(const Condition& condition) const {
  const Value& value = values_[at(condition.subject)];
  std::int64_t border = condition.number;
  if (condition.date >= 0) {
    const auto day = day_of(condition.date);
    if (!day) return Truth::no;
    border = number_of(*day);
  }
  if (!value.known) return Truth::unknown;
  return truth_of((value.number < border) == (condition.kind == Condition::Kind::day_before));
}

Truth Known::test(const Condition& condition) const {
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
      const Words possible = possible_[at(condition.subject)];
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
  const Value& value = values_[at(condition.subject)];
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

}  // namespace lockstep::regulations
