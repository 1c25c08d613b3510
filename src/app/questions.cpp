// SPDX-License-Identifier: Apache-2.0
#include "app/questions.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "app/scope.hpp"
#include "base/text.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/facts.hpp"
#include "regulations/next_question.hpp"

namespace lockstep::app {
namespace {

using regulations::FactDefinition;
using regulations::FactType;
using regulations::Question;
using regulations::Ruleset;

/// A fact on which no outcome code hangs is asked about only if its answer settles this many yes or
/// no of duties on average; others wait in the product file.
constexpr double telling = 3;

bool is_answered(std::span<const Fact> answers, std::string_view name) {
  return std::ranges::find(answers, name, &Fact::name) != answers.end();
}

const Question* question_of(const Ruleset& law, std::string_view fact) {
  const auto known = law.fact_index.find(fact);
  if (known == law.fact_index.end()) return nullptr;
  const auto found = std::ranges::find_if(law.questions, [&](const Question& question) {
    return std::ranges::find(question.facts, known->second) != question.facts.end();
  });
  return found == law.questions.end() ? nullptr : &*found;
}

/// Whether a decision whose outcome counts by itself waits for the fact.
bool bears_on_codes(const Ruleset& law, const MissingFact& missing) {
  return std::ranges::any_of(missing.would_decide, [&](const std::string& id) {
    const regulations::Decision* decision = law.find_decision(id);
    return decision != nullptr && !decision->optional;
  });
}

bool same_codes(const ScopeCodes& a, const ScopeCodes& b) {
  return a.cra == b.cra && a.cra_routes == b.cra_routes && a.ai_act == b.ai_act &&
         a.nis2 == b.nis2 && a.article_12 == b.article_12;
}

/// The questions about facts that have been begun, in their order.
std::vector<const Question*> begun(const Ruleset& law, std::span<const Fact> answers) {
  std::vector<const Question*> questions;
  for (const Fact& answer : answers) {
    const Question* question = question_of(law, answer.name);
    if (question != nullptr && std::ranges::find(questions, question) == questions.end())
      questions.push_back(question);
  }
  return questions;
}

class Choice {
 public:
  Choice(const Ruleset& law, std::span<const Fact> answers, Day as_of, const LegalView& view)
      : law_(law), answers_(answers), as_of_(as_of), view_(view) {
    for (const bool on_codes : {true, false}) {
      for (const MissingFact& missing : view.missing_facts) {
        if (is_answered(answers, missing.fact) || question_of(law, missing.fact) == nullptr)
          continue;
        const bool bears = bears_on_codes(law, missing);
        if (bears == on_codes && (bears || missing.fewer >= telling))
          worth_.push_back(law.find_fact(missing.fact));
      }
    }
  }

  std::optional<Ask> next() const {
    const auto questions = begun(law_, answers_);
    const int last = static_cast<int>(questions.size()) + 1;
    if (!questions.empty()) {
      const Question& current = *question_of(law_, last_answer());
      if (const auto* fact = first_worth(current)) return Ask{&current, fact, last, false};
      if (const auto* fact = first_presumed(current)) return Ask{&current, fact, last, true};
    }
    for (const FactDefinition* fact : worth_) {
      const Question& question = *question_of(law_, fact->name);
      const auto earlier = std::ranges::find(questions, &question);
      const bool is_new = earlier == questions.end();
      if (is_new && last == questions_max) continue;
      const int number = is_new ? last + 1 : static_cast<int>(earlier - questions.begin()) + 2;
      return Ask{&question, first_worth(question), number, false};
    }
    return std::nullopt;
  }

 private:
  /// The last answer that belongs to a question.
  std::string_view last_answer() const {
    const auto found = std::find_if(answers_.rbegin(), answers_.rend(), [&](const Fact& answer) {
      return question_of(law_, answer.name) != nullptr;
    });
    return found->name;
  }

  const FactDefinition* first_worth(const Question& question) const {
    for (const int fact : question.facts) {
      const FactDefinition* definition = &law_.facts[static_cast<std::size_t>(fact)];
      if (std::ranges::find(worth_, definition) != worth_.end()) return definition;
    }
    return nullptr;
  }

  const FactDefinition* first_presumed(const Question& question) const {
    for (const int fact : question.facts) {
      const FactDefinition& definition = law_.facts[static_cast<std::size_t>(fact)];
      if (definition.unstated && !is_answered(answers_, definition.name) && matters(definition))
        return &definition;
    }
    return nullptr;
  }

  bool matters(const FactDefinition& fact) const {
    std::vector<Fact> then(answers_.begin(), answers_.end());
    then.push_back({fact.name, {}, {}});
    return std::ranges::any_of(fact.words, [&](const regulations::Word& word) {
      if (fact.type == FactType::boolean) {
        then.back().value = word.word == "yes";
      } else if (fact.type == FactType::set) {
        then.back().value = std::vector<std::string>{word.word};
      } else {
        then.back().value = word.word;
      }
      return !same_codes(view_.codes, regulations::evaluate(law_, then, as_of_).codes);
    });
  }

  const Ruleset& law_;
  std::span<const Fact> answers_;
  Day as_of_;
  const LegalView& view_;
  std::vector<const FactDefinition*> worth_;  ///< those on which codes hang first
};

/// The word whose number was typed, or what was typed.
std::string word_of(const FactDefinition& fact, std::string_view typed) {
  typed = trim(typed);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  const bool is_number = error == std::errc{} && end == typed.data() + typed.size();
  if (is_number && number >= 1 && number <= fact.words.size()) return fact.words[number - 1].word;
  return std::string(typed);
}

std::string spelt_out(const FactDefinition& fact, std::string_view typed) {
  if (fact.type == FactType::boolean) {
    if (typed == "y" || typed == "Y" || typed == "Yes") return "yes";
    if (typed == "n" || typed == "N" || typed == "No") return "no";
  }
  if (fact.type == FactType::choice) return word_of(fact, typed);
  if (fact.type != FactType::set) return std::string(typed);
  std::vector<std::string> words;
  for (const std::string_view word : split(typed, ','))
    words.push_back(word_of(fact, word));
  return join(words, ",");
}

}  // namespace

Outlook ask_next(const Ruleset& law, std::span<const Fact> answers, Day as_of) {
  Outlook outlook{regulations::evaluate(law, answers, as_of), std::nullopt};
  outlook.view.missing_facts =
      regulations::most_telling_first(law, answers, as_of, std::move(outlook.view.missing_facts));
  outlook.next = Choice(law, answers, as_of, outlook.view).next();
  return outlook;
}

Result<FactValue> read_typed(const Ruleset& law,
                             const FactDefinition& fact,
                             std::string_view typed) {
  typed = trim(typed);
  const auto value = parse_answer(fact, spelt_out(fact, typed));
  if (!value || (typed.empty() && fact.type == FactType::set))
    return fail(
        ErrorKind::input, "init.answer",
        fmt::format("expected {}, found '{}'", regulations::what_fits(fact), quotable(typed)));
  if (!is_known(*value)) return FactValue{};
  const Fact answer{fact.name, *value, {}};
  Diagnostics problems;
  const auto fitted = regulations::fit_facts(law, {&answer, 1}, problems);
  if (problems.has_errors())
    return fail(ErrorKind::input, "init.answer", problems.entries().front().message);
  return fitted.front().value;
}

}  // namespace lockstep::app
