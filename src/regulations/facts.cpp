// SPDX-License-Identifier: Apache-2.0
#include "regulations/facts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
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
    if (!seen_.insert(fact.name).second) {
      report("facts.twice", fmt::format("'{}' is stated twice; keep one", fact.name), fact);
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
        if (std::holds_alternative<std::int64_t>(fact.value)) return fact;
        break;
      case FactType::day:
        if (std::holds_alternative<Day>(fact.value)) return fact;
        break;
      case FactType::text:
        if (std::holds_alternative<std::string>(fact.value)) return fact;
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
    const auto doubles = std::ranges::unique(words);
    words.erase(doubles.begin(), doubles.end());
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
           fmt::format("{} is {}, found '{}'", fact.name, what_fits(definition),
                       quotable(lockstep::to_text(fact.value))),
           fact);
    return std::nullopt;
  }

  void report(std::string code, std::string message, const Fact& fact) {
    problems_.error(std::move(code), std::move(message), fact.provenance.where);
  }

  const Ruleset& rules_;
  Diagnostics& problems_;
  LawFacts law_facts_;
  std::set<std::string> seen_;
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
  return fitted;
}

}  // namespace lockstep::regulations
