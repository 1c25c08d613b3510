// SPDX-License-Identifier: Apache-2.0
// Cases are the tests of the law, and the law's data is not done without them: each step of each
// decision must be seen to hold, not to hold and to be unknown, each line of its table must be seen
// to be taken, and each requirement must be seen to apply, not to apply and to be unsettled.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "regulations/cases.hpp"
#include "regulations/evaluate.hpp"

namespace lockstep::regulations {
namespace {

/// Which of no, unknown and yes has been seen.
struct Seen {
  bool truths[3] = {false, false, false};

  void add(Truth truth) { truths[static_cast<std::size_t>(truth)] = true; }

  bool has(Truth truth) const { return truths[static_cast<std::size_t>(truth)]; }
};

std::string listed(std::vector<std::string> words) {
  std::ranges::sort(words);
  return words.empty() ? "nothing" : join(words, ", ");
}

constexpr std::string_view conflict_states[] = {"applies", "overridden", "does_not_apply",
                                                "unsettled"};

std::string state_of(const Conflict& conflict) {
  if (conflict.applies == Truth::no) return "does_not_apply";
  if (conflict.applies == Truth::unknown) return "unsettled";
  return conflict.stated ? "overridden" : "applies";
}

/// A case held against the view of its facts.
class Comparison {
 public:
  std::vector<std::string> of(const Case& one, const LegalView& view) {
    compare_codes(one, view);
    compare_answers(one, view);
    compare_obligations(one, view);
    compare_conflicts(one, view);
    return std::move(found_);
  }

 private:
  void wrong(std::string_view of,
             const std::vector<std::string>& expected,
             const std::vector<std::string>& found) {
    found_.push_back(fmt::format("{}: expected {}, found {}", of, listed(expected), listed(found)));
  }

  void compare(std::string_view of,
               const std::vector<std::string>& expected,
               const std::vector<std::string>& found) {
    if (listed(expected) != listed(found)) wrong(of, expected, found);
  }

  void compare_codes(const Case& one, const LegalView& view) {
    const ScopeCodes& codes = view.codes;
    for (const auto& [list, expected] : one.codes) {
      if (list == "cra") {
        compare(list, expected, codes.cra);
      } else if (list == "cra_routes") {
        compare(list, expected, codes.cra_routes);
      } else if (list == "ai_act") {
        compare(list, expected, codes.ai_act);
      } else if (list == "nis2") {
        compare(list, expected, codes.nis2);
      } else if (list == "article_12") {
        compare(list, expected, {codes.article_12});
      } else {
        wrong("codes", {list}, {});
      }
    }
  }

  void compare_answers(const Case& one, const LegalView& view) {
    for (const auto& [id, expected] : one.answers) {
      const auto found = std::ranges::find(view.answers, id, &Answer::id);
      if (found == view.answers.end()) {
        wrong("answers", {id}, {});
      } else {
        compare(id, expected, possible_outcomes(*found));
      }
    }
  }

  void compare_obligations(const Case& one, const LegalView& view) {
    const auto check = [&](const std::vector<std::string>& ids, Truth expected) {
      for (const std::string& id : ids) {
        const auto found = std::ranges::find(view.obligations, id, &Obligation::id);
        if (found == view.obligations.end()) {
          wrong("requirements", {id}, {});
        } else if (found->applies != expected) {
          wrong(id + " applies", {std::string(lockstep::to_text(expected))},
                {std::string(lockstep::to_text(found->applies))});
        }
      }
    };
    check(one.applies, Truth::yes);
    check(one.does_not_apply, Truth::no);
    check(one.unsettled, Truth::unknown);
  }

  void compare_conflicts(const Case& one, const LegalView& view) {
    for (const auto& [id, expected] : one.conflicts) {
      const auto found = std::ranges::find(view.conflicts, id, &Conflict::id);
      compare(id, {expected}, {found == view.conflicts.end() ? "" : state_of(*found)});
    }
  }

  std::vector<std::string> found_;
};

class CaseCheck {
 public:
  CaseCheck(const Ruleset& rules, Diagnostics& problems)
      : rules_(rules), evaluator_(rules), problems_(problems) {}

  void run(const Case& one) {
    const LegalView& view = evaluator_.evaluate(one.facts, one.as_of);
    for (const std::string& difference : differences(one, view))
      problems_.error("regulation.case_wrong", fmt::format("case {}: {}", one.id, difference),
                      one.where);
    note_conflicts(one, view);
    for (const Answer& answer : view.answers)
      note_answer(one, answer);
    for (const Obligation& obligation : view.obligations) {
      requirements_[obligation.id].add(obligation.applies);
    }
  }

  void report_missing() const {
    for (const Decision& rule : rules_.decisions) {
      for (const Step& step : rule.steps)
        report_step(rule, step);
    }
    for (const Requirement& rule : rules_.requirements) {
      const auto found = requirements_.find(rule.id);
      const Seen seen = found == requirements_.end() ? Seen{} : found->second;
      const auto missing = [&](Truth truth, std::string_view what) {
        if (seen.has(truth)) return;
        problems_.error("regulation.case_missing",
                        fmt::format("no case shows that {} {}", rule.id, what), rule.where);
      };
      missing(Truth::yes, "applies");
      missing(Truth::no, "does not apply");
      missing(Truth::unknown, "is unsettled");
    }
    for (const ConflictRule& rule : rules_.conflicts) {
      for (const std::string_view state : conflict_states) {
        if (conflicts_.contains(rule.id + "/" + std::string(state))) continue;
        problems_.error("regulation.case_missing",
                        fmt::format("no case shows {}: {}", rule.id, state), rule.where);
      }
    }
  }

 private:
  /// Notes the state of each conflict that the case names.
  void note_conflicts(const Case& one, const LegalView& view) {
    for (const auto& [id, expected] : one.conflicts) {
      const auto found = std::ranges::find(view.conflicts, id, &Conflict::id);
      if (found != view.conflicts.end()) conflicts_[id + "/" + state_of(*found)] = true;
    }
  }

  void note_answer(const Case& one, const Answer& answer) {
    const Decision* rule = rules_.find_decision(answer.id);
    for (const DecisionStep& walked : answer.steps) {
      steps_[answer.id + "/" + walked.id].add(walked.answer);
      const auto step = std::ranges::find(rule->steps, walked.id, &Step::id);
      if (walked.answer != Truth::yes || step->each < 0) continue;
      note_rows(one, *step, answer.id + "/" + walked.id);
    }
  }

  void note_rows(const Case& one, const Step& step, const std::string& id) {
    const FactDefinition& fact = rules_.facts[static_cast<std::size_t>(step.each)];
    const auto stated = std::ranges::find(one.facts, fact.name, &Fact::name);
    if (stated == one.facts.end()) return;
    const auto taken = [&](const std::string& word) {
      if (const auto* text = std::get_if<std::string>(&stated->value)) return *text == word;
      const auto* list = std::get_if<std::vector<std::string>>(&stated->value);
      return list != nullptr && std::ranges::find(*list, word) != list->end();
    };
    for (const Row& row : step.rows) {
      const std::string& word = fact.words[static_cast<std::size_t>(row.word)].word;
      if (row.in_force.on(one.as_of) && taken(word)) rows_[id + "/" + word] = true;
    }
  }

  void report_step(const Decision& rule, const Step& step) const {
    const std::string id = rule.id + "/" + step.id;
    const auto found = steps_.find(id);
    const Seen seen = found == steps_.end() ? Seen{} : found->second;
    const auto missing = [&](Truth truth, std::string_view what) {
      if (seen.has(truth)) return;
      problems_.error("regulation.case_missing", fmt::format("no case shows {} {}", id, what),
                      rule.where);
    };
    missing(Truth::yes, "to hold");
    const bool open = step.when.kind == Condition::Kind::always && step.each < 0;
    if (open) return;
    missing(Truth::no, "not to hold");
    missing(Truth::unknown, "to be unknown");
    if (step.each < 0) return;
    const FactDefinition& fact = rules_.facts[static_cast<std::size_t>(step.each)];
    for (const Row& row : step.rows) {
      const std::string& word = fact.words[static_cast<std::size_t>(row.word)].word;
      if (step.in_force.until && row.in_force.from && *step.in_force.until < *row.in_force.from) {
        continue;
      }
      if (rows_.contains(id + "/" + word)) continue;
      problems_.error("regulation.case_missing",
                      fmt::format("no case takes the line '{}' of {}", word, id), rule.where);
    }
  }

  const Ruleset& rules_;
  Evaluator evaluator_;
  Diagnostics& problems_;
  std::map<std::string, Seen> steps_;
  std::map<std::string, bool> rows_;
  std::map<std::string, Seen> requirements_;
  std::map<std::string, bool> conflicts_;  ///< "conflict.removal_of_logs/applies"
};

}  // namespace

std::vector<std::string> possible_outcomes(const Answer& answer) {
  std::vector<std::string> outcomes;
  for (const DecisionStep& step : answer.steps) {
    if (step.answer == Truth::no) continue;
    if (std::ranges::find(outcomes, step.outcome) == outcomes.end()) {
      outcomes.push_back(step.outcome);
    }
  }
  return outcomes;
}

std::vector<std::string> differences(const Case& one, const LegalView& view) {
  return Comparison().of(one, view);
}

void check_cases(std::span<const Case> cases, const Ruleset& rules, Diagnostics& problems) {
  CaseCheck check(rules, problems);
  for (const Case& one : cases)
    check.run(one);
  check.report_missing();
}

}  // namespace lockstep::regulations
