// SPDX-License-Identifier: Apache-2.0
#include "regulations/ruleset.hpp"

#include <algorithm>

namespace lockstep::regulations {

std::string Ruleset::cited(const Citation& citation) const {
  const auto act = std::ranges::find(acts, citation.act, &Act::id);
  return to_text(citation, act == acts.end() ? citation.act : act->short_title);
}

std::string Ruleset::basis_word(int basis) const {
  const auto place = static_cast<std::size_t>(basis);
  return place < bases.size() ? bases[place].word : std::string();
}

const FactDefinition* Ruleset::find_fact(std::string_view name) const {
  const auto found = fact_index.find(name);
  return found == fact_index.end() ? nullptr : &facts[static_cast<std::size_t>(found->second)];
}

const Decision* Ruleset::find_decision(std::string_view id) const {
  const auto found = decision_index.find(id);
  return found == decision_index.end() ? nullptr
                                       : &decisions[static_cast<std::size_t>(found->second)];
}

const Requirement* Ruleset::find_requirement(std::string_view id) const {
  const auto found = std::ranges::find(requirements, id, &Requirement::id);
  return found == requirements.end() ? nullptr : &*found;
}

const Provision* Ruleset::find_provision(std::string_view act, std::string_view path) const {
  const auto found = std::ranges::find_if(provisions, [&](const Provision& provision) {
    return provision.path == path && acts[static_cast<std::size_t>(provision.act)].id == act;
  });
  return found == provisions.end() ? nullptr : &*found;
}

std::optional<int> word_index(const FactDefinition& fact, std::string_view word) {
  const auto found = std::ranges::find(fact.words, word, &Word::word);
  if (found == fact.words.end()) return std::nullopt;
  return static_cast<int>(found - fact.words.begin());
}

std::string_view to_text(FactType type) {
  switch (type) {
    case FactType::boolean:
      return "bool";
    case FactType::choice:
      return "choice";
    case FactType::set:
      return "set";
    case FactType::integer:
      return "int";
    case FactType::day:
      return "day";
    case FactType::text:
      return "text";
  }
  return "";
}

}  // namespace lockstep::regulations
