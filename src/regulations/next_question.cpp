// SPDX-License-Identifier: Apache-2.0
// Which question to ask next. Counting what waits for a fact favours facts that much mentions;
// what a person wants is the fact whose answer leaves the fewest outcomes. So each answer that a
// missing fact may have is tried, and the outcomes that stay possible are counted:
//
//     now                          {out, in} x {I-3, default}     4 outcomes
//     kind = software              {in} x {I-3, default}          3
//     kind = service               {out} x {}                     1     fewer: 4 - (3 + 1) / 2 = 2
//
// All answers count alike: nothing is known about how often each is given. Words of a list are
// tried alone, with the empty list; numbers and days on both sides of each border that a rule
// names.
//
// SPEED: evaluate() for each answer takes 30 ms for a product of which nothing is known, most of it
// on sentences. Here only the decisions that rest on the fact are decided again, without sentences.
#include "regulations/next_question.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include "regulations/index.hpp"
#include "regulations/known.hpp"
#include "regulations/reader.hpp"

namespace lockstep::regulations {
namespace {

using Facts = std::vector<char>;  // by index of the fact, whether it is among them

/// The borders and texts that conditions hold one fact against.
struct Borders {
  std::set<std::int64_t> numbers;
  std::set<std::string> texts;
};

/// The numbers of the codes that a step leads to, by itself and by its lines.
struct StepCodes {
  std::vector<int> own;
  std::vector<std::vector<int>> rows;
};

class Outlook {
 public:
  Outlook(const Ruleset& rules, std::span<const Fact> facts, Day as_of)
      : rules_(rules), now_(rules, facts, as_of), borders_(rules.facts.size()) {
    rest_on_facts();
    for (std::size_t i = 0; i < rules_.decisions.size(); ++i)
      number_codes(rules_.decisions[i]);
    counts_.resize(rules_.decisions.size());
    for (const int decision : rules_.order)
      counts_[at(decision)] = decide(now_, decision);
  }

  /// By how many the outcomes go down on average over the answers of the fact.
  double fewer(int fact) {
    const std::vector<Value> answers = answers_of(fact);
    if (answers.empty()) return 0;
    std::int64_t saved = 0;
    for (const Value& answer : answers)
      saved += saved_by(fact, answer);
    return static_cast<double>(saved) / static_cast<double>(answers.size());
  }

 private:
  void collect(const Condition& condition, Facts& facts) {
    std::vector<int> of_condition;
    collect_facts(condition, of_condition);
    for (const int fact : of_condition)
      for (std::size_t i = 0; i < facts.size(); ++i)
        facts[i] = static_cast<char>(facts[i] | of_fact_[at(fact)][i]);
    std::vector<int> decisions;
    collect_decisions(condition, decisions);
    for (const int decision : decisions)
      for (std::size_t i = 0; i < facts.size(); ++i)
        facts[i] = static_cast<char>(facts[i] | of_decision_[at(decision)][i]);
    note_borders(condition);
  }

  void note_borders(const Condition& condition) {
    for (const Condition& part : condition.parts)
      note_borders(part);
    if (condition.subject < 0 || condition.kind == Condition::Kind::decision_in) return;
    Borders& borders = borders_[at(condition.subject)];
    borders.texts.insert(condition.texts.begin(), condition.texts.end());
    const bool is_day = condition.kind == Condition::Kind::day_from ||
                        condition.kind == Condition::Kind::day_before;
    if (is_day && condition.date >= 0) {
      if (const auto day = now_.day_of(condition.date))
        borders.numbers.insert(day->time_since_epoch().count());
    } else if (is_day || condition.kind == Condition::Kind::at_least ||
               condition.kind == Condition::Kind::below) {
      borders.numbers.insert(condition.number);
    }
  }

  void rest_on_facts() {
    const Facts none(rules_.facts.size(), 0);
    for (std::size_t i = 0; i < rules_.facts.size(); ++i) {
      const FactDefinition& fact = rules_.facts[i];
      of_fact_.push_back(none);
      Facts own = none;
      own[i] = 1;
      if (fact.derive) collect(*fact.derive, own);
      if (fact.same_as >= 0) own[at(fact.same_as)] = 1;
      of_fact_[i] = std::move(own);
    }
    of_decision_.assign(rules_.decisions.size(), none);
    for (const int decision : rules_.order) {
      Facts& facts = of_decision_[at(decision)];
      for (const Step& step : rules_.decisions[at(decision)].steps) {
        collect(step.when, facts);
        if (step.each >= 0) collect(fact_of(step.each), facts);
        for (const Row& row : step.rows)
          collect(row.when, facts);
      }
    }
    for (const Requirement& rule : rules_.requirements) {
      Facts facts = none;
      collect(rule.applies_when, facts);
      if (rule.unless) collect(*rule.unless, facts);
      of_requirement_.push_back(std::move(facts));
    }
  }

  static Condition fact_of(int fact) {
    Condition condition;
    condition.kind = Condition::Kind::fact_in;
    condition.subject = fact;
    return condition;
  }

  void number_codes(const Decision& rule) {
    std::vector<std::string> known;
    const auto numbers = [&](const std::vector<std::string>& codes) {
      std::vector<int> found;
      for (const std::string& code : codes) {
        const auto place = std::ranges::find(known, code);
        found.push_back(static_cast<int>(place - known.begin()));
        if (place == known.end()) known.push_back(code);
      }
      return found;
    };
    std::vector<StepCodes> steps;
    for (const Step& step : rule.steps) {
      StepCodes codes{numbers(step.codes), {}};
      for (const Row& row : step.rows)
        codes.rows.push_back(numbers(row.codes));
      steps.push_back(std::move(codes));
    }
    codes_.push_back(std::move(steps));
    code_count_.push_back(known.size());
  }

  /// Decides as Walk::decide does, and notes what is possible. @returns the number of outcomes
  std::int64_t decide(Known& known, int decision) {
    const Decision& rule = rules_.decisions[at(decision)];
    if (known.as_of() < rules_.acts[at(rule.act)].in_force) return 1;
    std::vector<char> codes(code_count_[at(decision)], 0);
    Words possible = 0;
    for (std::size_t i = 0; i < rule.steps.size(); ++i) {
      const Step& step = rule.steps[i];
      if (!step.in_force.on(known.as_of())) continue;
      const Truth truth = walk(known, step, codes_[at(decision)][i], codes);
      if (truth != Truth::no) possible |= bit(step.outcome);
      if (truth == Truth::yes) break;
    }
    known.set_possible(decision, possible);
    if (rule.optional) return 1;
    return std::popcount(possible) + std::ranges::count(codes, 1);
  }

  static Truth walk(const Known& known,
                    const Step& step,
                    const StepCodes& of_step,
                    std::vector<char>& codes) {
    const Truth gate = known.test(step.when);
    if (gate == Truth::no) return Truth::no;
    Truth truth = gate;
    if (step.each >= 0) {
      const Value& value = known.value(step.each);
      Truth rows = Truth::no;
      for (std::size_t i = 0; i < step.rows.size(); ++i) {
        const Row& row = step.rows[i];
        if (!row.in_force.on(known.as_of())) continue;
        const Truth holds =
            value.known ? truth_of((value.words & bit(row.word)) != 0) : Truth::unknown;
        const Truth whole = both(holds, known.test(row.when));
        if (whole == Truth::no) continue;
        rows = either(rows, whole);
        for (const int code : of_step.rows[i])
          codes[at(code)] = 1;
      }
      truth = both(gate, rows);
    }
    if (truth != Truth::no)
      for (const int code : of_step.own)
        codes[at(code)] = 1;
    return truth;
  }

  bool is_open(const Known& known, const Requirement& rule) const {
    if (known.as_of() < rules_.acts[at(rule.act)].in_force) return false;
    const Truth holds = known.test(rule.applies_when);
    if (holds == Truth::no || !rule.unless) return holds == Truth::unknown;
    return both(holds, !known.test(*rule.unless)) == Truth::unknown;
  }

  std::int64_t saved_by(int fact, const Value& answer) {
    Known then = now_.with(fact, answer);
    std::int64_t saved = 0;
    for (const int decision : rules_.order) {
      if (of_decision_[at(decision)][at(fact)] == 0) continue;
      saved += counts_[at(decision)] - decide(then, decision);
    }
    for (std::size_t i = 0; i < rules_.requirements.size(); ++i) {
      if (of_requirement_[i][at(fact)] == 0) continue;
      const Requirement& rule = rules_.requirements[i];
      saved += (is_open(now_, rule) ? 1 : 0) - (is_open(then, rule) ? 1 : 0);
    }
    return saved;
  }

  std::vector<Value> answers_of(int fact) const {
    const FactDefinition& definition = rules_.facts[at(fact)];
    const Borders& borders = borders_[at(fact)];
    std::vector<Value> answers;
    const auto add_words = [&](Words words) {
      answers.push_back({true, words, 0, nullptr, nullptr});
    };
    switch (definition.type) {
      case FactType::set:
        add_words(0);
        [[fallthrough]];
      case FactType::boolean:
      case FactType::choice:
        for (std::size_t i = 0; i < definition.words.size(); ++i)
          add_words(bit(static_cast<int>(i)));
        break;
      case FactType::integer:
      case FactType::day:
        if (borders.numbers.empty()) break;
        answers.push_back({true, 0, *borders.numbers.begin() - 1, nullptr, nullptr});
        for (const std::int64_t number : borders.numbers)
          answers.push_back({true, 0, number, nullptr, nullptr});
        break;
      case FactType::text:
        answers.push_back({true, 0, 0, &other_text_, nullptr});
        for (const std::string& text : borders.texts)
          answers.push_back({true, 0, 0, &text, nullptr});
        break;
    }
    return answers;
  }

  const Ruleset& rules_;
  Known now_;
  std::vector<Borders> borders_;
  std::vector<Facts> of_fact_;
  std::vector<Facts> of_decision_;
  std::vector<Facts> of_requirement_;
  std::vector<std::vector<StepCodes>> codes_;  // by decision, by step
  std::vector<std::size_t> code_count_;
  std::vector<std::int64_t> counts_;
  std::string other_text_;  // stands for every text that no rule names
};

}  // namespace

std::vector<MissingFact> most_telling_first(const Ruleset& rules,
                                            std::span<const Fact> facts,
                                            Day as_of,
                                            std::vector<MissingFact> missing) {
  if (missing.empty()) return missing;
  Outlook outlook(rules, facts, as_of);
  for (MissingFact& one : missing) {
    const auto found = rules.fact_index.find(one.fact);
    if (found != rules.fact_index.end()) one.fewer = outlook.fewer(found->second);
  }
  std::ranges::stable_sort(missing, std::ranges::greater{}, [](const MissingFact& one) {
    return std::pair(one.fewer, one.would_decide.size());
  });
  return missing;
}

}  // namespace lockstep::regulations
