// SPDX-License-Identifier: Apache-2.0
// What `init` asks next. A question is a pure function of the answers so far: to go back is to take
// the last answer away, to resume is to come with the answers of an earlier day.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// Name, version and purpose of the product are the first; the others are about facts.
inline constexpr int questions_max = 12;

/// One fact to ask about, in the question that it belongs to.
struct Ask {
  const regulations::Question* question = nullptr;
  const regulations::FactDefinition* fact = nullptr;
  int number = 2;            ///< of the question, 2 to questions_max
  bool is_presumed = false;  ///< the law presumes an answer; another one would change a class
};

struct Outlook {
  LegalView view;           ///< of the answers so far, with what is missing, the most telling first
  std::optional<Ask> next;  ///< nothing when no answer would tell much, or after the last question
};

/// What follows from the answers, and what to ask next: a fact on which an outcome code hangs
/// before one on which only duties hang, the most telling first, and all of a question before the
/// next question.
/// @param answers fit the catalogue (fit_facts), in the order in which they were given; an unknown
///                one is an answer ("not sure") and is not asked for again
Outlook ask_next(const regulations::Ruleset& law, std::span<const Fact> answers, Day as_of);

/// What a person typed for a fact: as parse_answer, and the number of a word in place of the word,
/// "y" and "n". The value fits the catalogue. Errors: init.answer, with what would fit.
Result<FactValue> read_typed(const regulations::Ruleset& law,
                             const regulations::FactDefinition& fact,
                             std::string_view typed);

}  // namespace lockstep::app
