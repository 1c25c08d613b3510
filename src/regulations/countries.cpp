// SPDX-License-Identifier: Apache-2.0
#include "regulations/countries.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "base/text.hpp"

namespace lockstep::regulations {

std::optional<std::string> country_of(const Ruleset& rules, std::string_view text) {
  if (std::ranges::find(rules.countries, text, &Word::word) != rules.countries.end())
    return std::string(text);
  const auto other = std::ranges::find(rules.country_spellings, text, &Word::word);
  if (other != rules.country_spellings.end()) return other->means;
  return std::nullopt;
}

std::string country_help(const Ruleset& rules, std::string_view text) {
  const auto did_you_mean = [](std::string_view word) {
    return fmt::format("; did you mean '{}'?", word);
  };
  const std::string small = lower_case(trim(text));
  std::vector<std::string> names;
  for (const auto* list : {&rules.country_spellings, &rules.countries}) {
    for (const Word& one : *list) {
      const bool is_spelling = list == &rules.country_spellings;
      if (small == lower_case(one.word)) return did_you_mean(is_spelling ? one.means : one.word);
      if (!is_spelling) names.push_back(lower_case(one.means));
    }
  }
  const auto near = nearest(small, names);
  if (!near) return {};
  const auto place = std::ranges::find(names, *near) - names.begin();
  return did_you_mean(rules.countries[static_cast<std::size_t>(place)].word);
}

}  // namespace lockstep::regulations
