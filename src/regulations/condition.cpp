// SPDX-License-Identifier: Apache-2.0
// Conditions as they stand in the rules:
//
//     product.foss                                   the bool is yes
//     {product.supply: [own_use, not_commercial]}    the choice is one of these words
//     {product.union_acts: machinery}                the set has this word
//     {ai.annex_iii_uses: some}                      the set has any word
//     {product.placed_on_market: {before: cra.applies_from}}      also `from`, and plain days
//     {maker.staff: {at_least: 50}}                  also `below`
//     {maker.country: [DE, FR]}                      the text is one of these
//     {cra.scope: in}                                the decision came to this outcome
//     {all: [...]}  {any: [...]}  {not: ...}
//
// There is no arithmetic and no function: what needs more becomes a fact.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.hpp"
#include "regulations/countries.hpp"
#include "regulations/index.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

std::vector<std::string> names_of(const std::map<std::string, int, std::less<>>& index) {
  std::vector<std::string> names;
  for (const auto& [name, position] : index)
    names.push_back(name);
  return names;
}

/// The words under a name: one word or a list of them.
std::vector<const Json*> words_under(const Json& value) {
  std::vector<const Json*> words;
  if (value.is_array()) {
    for (const Json& item : value.items())
      words.push_back(&item);
  } else {
    words.push_back(&value);
  }
  return words;
}

Condition read_decision_test(int decision,
                             const Json& value,
                             const Ruleset& rules,
                             Reader& reader) {
  const Decision& rule = rules.decisions[static_cast<std::size_t>(decision)];
  Condition condition;
  condition.kind = Condition::Kind::decision_in;
  condition.subject = decision;
  for (const Json* word : words_under(value)) {
    const std::string text = word->string_or("");
    const auto found = std::ranges::find(rule.outcomes, text);
    if (found == rule.outcomes.end()) {
      reader.error("regulation.word",
                   fmt::format("'{}' is no outcome of {}{}", quotable(text), rule.id,
                               suggestion(text, rule.outcomes)),
                   *word);
      continue;
    }
    condition.words |= bit(static_cast<int>(found - rule.outcomes.begin()));
  }
  return condition;
}

Condition read_day_test(Condition condition,
                        const Json& value,
                        const Ruleset& rules,
                        Reader& reader) {
  constexpr std::string_view known[] = {"before", "from"};
  reader.only(value, known);
  const bool before = value.find("before") != nullptr;
  const Json& border = value[before ? "before" : "from"];
  const std::string text = border.string_or("");
  condition.kind = before ? Condition::Kind::day_before : Condition::Kind::day_from;
  if (const auto date = rules.date_index.find(text); date != rules.date_index.end()) {
    condition.date = date->second;
  } else if (const auto day = parse_day(text)) {
    condition.number = day->time_since_epoch().count();
  } else {
    reader.error("regulation.date",
                 fmt::format("expected a day or the id of a date, found '{}'{}", quotable(text),
                             suggestion(text, names_of(rules.date_index))),
                 value);
  }
  return condition;
}

Condition read_number_test(Condition condition, const Json& value, Reader& reader) {
  constexpr std::string_view known[] = {"at_least", "below"};
  reader.only(value, known);
  const bool at_least = value.find("at_least") != nullptr;
  const auto number = value[at_least ? "at_least" : "below"].as_int();
  condition.kind = at_least ? Condition::Kind::at_least : Condition::Kind::below;
  if (number) {
    condition.number = *number;
  } else {
    reader.error("regulation.condition", "expected a whole number under 'at_least' or 'below'",
                 value);
  }
  return condition;
}

Condition read_words_test(Condition condition,
                          const FactDefinition& fact,
                          const Json& value,
                          Reader& reader) {
  condition.kind = Condition::Kind::fact_in;
  if (fact.type == FactType::boolean) {
    const auto yes = value.as_bool();
    if (!yes) reader.error("regulation.word", fmt::format("'{}' is yes or no", fact.name), value);
    condition.words = yes.value_or(true) ? 2 : 1;
    return condition;
  }
  if (fact.type == FactType::set && value.string_or("") == "some") {
    condition.words = ~Words{0};
    return condition;
  }
  for (const Json* word : words_under(value)) {
    const std::string text = word->string_or("");
    if (const auto found = word_index(fact, text)) {
      condition.words |= bit(*found);
      continue;
    }
    std::vector<std::string> candidates;
    for (const Word& known : fact.words)
      candidates.push_back(known.word);
    reader.error("regulation.word",
                 fmt::format("'{}' is no word of {}{}", quotable(text), fact.name,
                             suggestion(text, candidates)),
                 *word);
  }
  return condition;
}

Condition read_fact_test(int fact, const Json& value, const Ruleset& rules, Reader& reader) {
  const FactDefinition& definition = rules.facts[static_cast<std::size_t>(fact)];
  Condition condition;
  condition.subject = fact;
  switch (definition.type) {
    case FactType::day:
      return read_day_test(std::move(condition), value, rules, reader);
    case FactType::integer:
      return read_number_test(std::move(condition), value, reader);
    case FactType::text:
      condition.kind = Condition::Kind::text_in;
      for (const Json* word : words_under(value)) {
        const std::string text = word->string_or("");
        if (definition.is_country && country_of(rules, text) != text)
          reader.error("regulation.word",
                       fmt::format("'{}' is no country of data/countries.yaml{}", quotable(text),
                                   country_help(rules, text)),
                       *word);
        condition.texts.push_back(text);
      }
      return condition;
    case FactType::boolean:
    case FactType::choice:
    case FactType::set:
      break;
  }
  return read_words_test(std::move(condition), definition, value, reader);
}

Condition read_named(const std::string& name,
                     const Json& value,
                     const Ruleset& rules,
                     Reader& reader) {
  if (const auto fact = rules.fact_index.find(name); fact != rules.fact_index.end()) {
    return read_fact_test(fact->second, value, rules, reader);
  }
  if (const auto found = rules.decision_index.find(name); found != rules.decision_index.end()) {
    return read_decision_test(found->second, value, rules, reader);
  }
  std::vector<std::string> candidates = names_of(rules.fact_index);
  for (const std::string& id : names_of(rules.decision_index))
    candidates.push_back(id);
  reader.error("regulation.fact",
               fmt::format("'{}' is neither a fact of the catalogue nor a decision{}",
                           quotable(name), suggestion(name, candidates)),
               value);
  return {};
}

}  // namespace

Condition read_condition(const Json& node, const Ruleset& rules, Reader& reader) {
  if (const std::string* name = node.as_string()) {
    const FactDefinition* fact = rules.find_fact(*name);
    if (fact != nullptr && fact->type != FactType::boolean) {
      reader.error("regulation.condition",
                   fmt::format("'{}' is no yes or no; say which value it has", *name), node);
      return {};
    }
    if (fact != nullptr) return read_named(*name, Json(true), rules, reader);
    return read_named(*name, node, rules, reader);
  }
  if (!node.is_object() || node.members().size() != 1) {
    reader.error("regulation.condition",
                 "expected one test: a name, NAME: VALUE, all: [], any: [] or not:", node);
    return {};
  }
  const auto& [key, value] = node.members().front();
  Condition condition;
  if (key == "not") {
    condition.kind = Condition::Kind::none_of;
    condition.parts.push_back(read_condition(value, rules, reader));
  } else if (key == "all" || key == "any") {
    condition.kind = key == "all" ? Condition::Kind::all : Condition::Kind::any;
    for (const Json& part : value.items()) {
      condition.parts.push_back(read_condition(part, rules, reader));
    }
    if (condition.parts.empty()) {
      reader.error("regulation.condition", fmt::format("'{}' has no parts", key), node);
    }
  } else {
    return read_named(key, value, rules, reader);
  }
  return condition;
}

void collect_decisions(const Condition& condition, std::vector<int>& decisions) {
  if (condition.kind == Condition::Kind::decision_in) decisions.push_back(condition.subject);
  for (const Condition& part : condition.parts)
    collect_decisions(part, decisions);
}

void collect_facts(const Condition& condition, std::vector<int>& facts) {
  if (condition.subject >= 0 && condition.kind != Condition::Kind::decision_in) {
    facts.push_back(condition.subject);
  }
  for (const Condition& part : condition.parts)
    collect_facts(part, facts);
}

}  // namespace lockstep::regulations
