// SPDX-License-Identifier: Apache-2.0
#include "regulations/facts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "regulations/contradictions.hpp"
#include "regulations/countries.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

std::vector<std::string> word_list(const FactDefinition& fact) {
  std::vector<std::string> words;
  for (const Word& word : fact.words)
    words.push_back(word.word);
  return words;
}

bool has_word(const FactDefinition& fact, std::string_view word) {
  return word_index(fact, word).has_value();
}

/// Written as a day is, with digits in all places.
bool looks_like_day(const FactValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  constexpr std::string_view pattern = "0000-00-00";
  return text != nullptr && text->size() == pattern.size() &&
         std::ranges::equal(*text, pattern, [](char found, char wanted) {
           return wanted == '-' ? found == '-' : found >= '0' && found <= '9';
         });
}

class Fitting {
 public:
  Fitting(const Ruleset& rules, Diagnostics& problems, LawFacts law_facts)
      : rules_(rules), problems_(problems), law_facts_(law_facts) {}

  std::optional<Fact> fit(const Fact& fact) {
    const FactDefinition* definition = rules_.find_fact(fact.name);
    if (definition == nullptr) {
      std::vector<std::string> names;
      for (const FactDefinition& known : rules_.facts)
        names.push_back(known.name);
      report("facts.unknown_name",
             fmt::format("'{}' is no fact of the catalogue{}", quotable(fact.name),
                         suggestion(fact.name, names)),
             fact);
      return std::nullopt;
    }
    if (definition->is_switch() && law_facts_ == LawFacts::refuse) {
      report("facts.of_law",
             fmt::format("'{}' is stated by the law, not by a product; try it with --what-if",
                         fact.name),
             fact);
      return std::nullopt;
    }
    const auto [first, is_new] = seen_.emplace(fact.name, lockstep::to_text(fact.provenance));
    if (!is_new) {
      report("facts.twice",
             fmt::format("'{}' is stated twice ({}); keep one", fact.name, first->second), fact);
      return std::nullopt;
    }
    if (!is_known(fact.value)) return fact;
    return fit_value(*definition, fact);
  }

 private:
  std::optional<Fact> fit_value(const FactDefinition& definition, const Fact& fact) {
    switch (definition.type) {
      case FactType::boolean:
        if (std::holds_alternative<bool>(fact.value)) return fact;
        break;
      case FactType::integer:
        if (const auto* number = std::get_if<std::int64_t>(&fact.value))
          return within_limits(definition, fact, *number);
        break;
      case FactType::day:
        if (const auto* day = std::get_if<Day>(&fact.value))
          return within_limits(definition, fact, day->time_since_epoch().count());
        break;
      case FactType::text:
        if (const auto* text = std::get_if<std::string>(&fact.value))
          return fit_text(definition, fact, *text);
        break;
      case FactType::choice:
        if (const auto* word = std::get_if<std::string>(&fact.value)) {
          return words_fit(definition, fact, {*word}) ? std::optional(fact) : std::nullopt;
        }
        break;
      case FactType::set:
        return fit_set(definition, fact);
    }
    return wrong_type(definition, fact);
  }

  std::optional<Fact> within_limits(const FactDefinition& definition,
                                    const Fact& fact,
                                    std::int64_t number) {
    const bool is_day = definition.type == FactType::day;
    const auto shown = [&](std::int64_t limit) {
      return is_day ? lockstep::to_text(Day{std::chrono::days{limit}}) : std::to_string(limit);
    };
    const auto refuse = [&](std::string_view side, std::int64_t limit) {
      report("facts.limit",
             fmt::format("{} is {} {} or {}, found {}", fact.name, is_day ? "a day," : "a number,",
                         shown(limit), side, shown(number)),
             fact);
      return std::nullopt;
    };
    if (definition.least && number < *definition.least)
      return refuse(is_day ? "later" : "more", *definition.least);
    if (definition.most && number > *definition.most)
      return refuse(is_day ? "earlier" : "less", *definition.most);
    return fact;
  }

  std::optional<Fact> fit_text(const FactDefinition& definition,
                               const Fact& fact,
                               const std::string& text) {
    if (!definition.is_country) return fact;
    const auto country = country_of(rules_, text);
    if (!country) {
      report("facts.country",
             fmt::format("{} is a country in two capital letters such as DE, found '{}'{}",
                         fact.name, quotable(text), country_help(rules_, text)),
             fact);
      return std::nullopt;
    }
    Fact fitted = fact;
    fitted.value = *country;
    return fitted;
  }

  std::optional<Fact> fit_set(const FactDefinition& definition, const Fact& fact) {
    std::vector<std::string> words;
    if (const auto* one = std::get_if<std::string>(&fact.value)) {
      if (*one != "none" || has_word(definition, "none")) words.push_back(*one);
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&fact.value)) {
      words = *list;
      if (words == std::vector<std::string>{"none"} && !has_word(definition, "none")) words.clear();
    } else {
      return wrong_type(definition, fact);
    }
    if (!words_fit(definition, fact, words)) return std::nullopt;
    Fact fitted = fact;
    std::ranges::sort(words, {}, [&](const std::string& word) {
      return word_index(definition, word).value_or(0);
    });
    if (const auto twice = std::ranges::adjacent_find(words); twice != words.end()) {
      report("facts.word_twice",
             fmt::format("'{}' is in the list of {} twice; keep one", quotable(*twice), fact.name),
             fact);
      return std::nullopt;
    }
    fitted.value = std::move(words);
    return fitted;
  }

  bool words_fit(const FactDefinition& definition,
                 const Fact& fact,
                 const std::vector<std::string>& words) {
    bool fits = true;
    for (const std::string& word : words) {
      if (has_word(definition, word)) continue;
      fits = false;
      const std::vector<std::string> known = word_list(definition);
      std::string help = suggestion(word, known);
      if (help.empty()) help = "; the words are " + join(known, ", ");
      report("facts.unknown_word",
             fmt::format("'{}' is no word of {}{}", quotable(word), fact.name, help), fact);
    }
    return fits;
  }

  std::optional<Fact> wrong_type(const FactDefinition& definition, const Fact& fact) {
    report("facts.wrong_type",
           fmt::format("{} is {}, found '{}'{}", fact.name, what_fits(definition),
                       quotable(lockstep::to_text(fact.value)),
                       definition.type == FactType::day && looks_like_day(fact.value)
                           ? ", which no calendar has"
                           : ""),
           fact);
    return std::nullopt;
  }

  void report(std::string code, std::string message, const Fact& fact) {
    problems_.error(std::move(code), std::move(message), fact.provenance.where);
  }

  const Ruleset& rules_;
  Diagnostics& problems_;
  LawFacts law_facts_;
  std::map<std::string, std::string> seen_;  // by name, where it stands first
};

}  // namespace

std::string what_fits(const FactDefinition& fact) {
  switch (fact.type) {
    case FactType::boolean:
      return "yes or no";
    case FactType::choice:
      return "one of the words " + join(word_list(fact), ", ");
    case FactType::set:
      return "a list of words among " + join(word_list(fact), ", ") + " (none of them: [])";
    case FactType::integer:
      return "a whole number";
    case FactType::day:
      return "a day such as 2027-12-11";
    case FactType::text:
      return "a text";
  }
  return {};
}

std::vector<Fact> fit_facts(const Ruleset& rules,
                            std::span<const Fact> facts,
                            Diagnostics& problems,
                            LawFacts law_facts) {
  Fitting fitting(rules, problems, law_facts);
  std::vector<Fact> fitted;
  for (const Fact& fact : facts) {
    if (auto one = fitting.fit(fact)) fitted.push_back(*std::move(one));
  }
  check_contradictions(rules, fitted, problems);
  return fitted;
}

}  // namespace lockstep::regulations
