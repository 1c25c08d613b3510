// SPDX-License-Identifier: Apache-2.0
// From facts and evidence to the legal view: the decisions first (walk.cpp), then for each
// requirement whether it applies and whether the evidence shows it, then the dates that matter and
// the facts that are missing, the one that decides most first.
//
// Evidence shows a requirement when every kind that it asks for is there and holds (or one of
// them, where one is enough). A kind that failed makes it unmet. Evidence that is missing, stale,
// too weak or not checked leaves it unknown: nothing ever becomes met by silence.
#include "regulations/evaluate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "regulations/index.hpp"
#include "regulations/walk.hpp"

namespace lockstep::regulations {
namespace {

void add_new(std::vector<std::string>& list, const std::string& text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

/// The evidence in a defined order, by kind.
class EvidenceByKind {
 public:
  EvidenceByKind(const Ruleset& rules, std::span<const EvidenceState> evidence)
      : rules_(rules), of_kind_(rules.evidence_kinds.size()) {
    for (const EvidenceState& one : evidence) {
      const auto found = rules.kind_index.find(one.kind);
      if (found != rules.kind_index.end()) of_kind_[at(found->second)].push_back(&one);
    }
    for (auto& list : of_kind_) {
      std::ranges::sort(list, {}, [](const EvidenceState* one) { return one->id; });
    }
  }

  /// Whether the kind holds for the requirement; notes what was used and what is in the way. What
  /// is stale counts as if it were not there; what is undecided leaves the kind undecided, whatever
  /// else holds.
  Truth shows(int kind, Obligation& obligation) const {
    const EvidenceKind& definition = rules_.evidence_kinds[at(kind)];
    Truth truth = Truth::unknown;
    bool is_open = false;
    for (const EvidenceState* one : of_kind_[at(kind)]) {
      if (definition.named && std::ranges::find(one->shows, obligation.id) == one->shows.end()) {
        continue;
      }
      if (one->state == State::fail) {
        truth = Truth::no;
      } else if (one->state == State::pass || one->state == State::warn) {
        if (truth == Truth::unknown) truth = Truth::yes;
      } else {
        obligation.because.push_back(
            fmt::format("{} {} is {}", definition.kind, one->id, lockstep::to_text(one->state)));
        is_open = is_open || (one->state != State::stale && one->state != State::not_applicable);
        continue;
      }
      add_new(obligation.evidence, one->id);
      obligation.because.push_back(fmt::format("{} {} {}", definition.kind, one->id,
                                               one->state == State::fail ? "fails" : "holds"));
    }
    if (truth == Truth::yes && is_open) truth = Truth::unknown;
    if (truth == Truth::unknown) obligation.missing.push_back("evidence:" + definition.kind);
    return truth;
  }

 private:
  const Ruleset& rules_;
  std::vector<std::vector<const EvidenceState*>> of_kind_;
};

Obligation::Met met_by(const Requirement& rule,
                       const EvidenceByKind& evidence,
                       Obligation& obligation) {
  Truth truth = rule.any_shows ? Truth::no : Truth::yes;
  bool failed = false;
  bool shown = false;
  for (const int kind : rule.shown_by) {
    const Truth one = evidence.shows(kind, obligation);
    failed = failed || one == Truth::no;
    shown = shown || one == Truth::yes;
    truth = rule.any_shows ? either(truth, one) : both(truth, one);
  }
  if (failed) return Obligation::Met::unmet;
  if (truth != Truth::yes) return Obligation::Met::unknown;
  if (rule.any_shows && shown)
    std::erase_if(obligation.missing,
                  [](const std::string& text) { return text.starts_with("evidence:"); });
  return Obligation::Met::met;
}

/// Whether the requirement applies, with the reasons or the missing facts.
Truth applies(const Requirement& rule,
              const Walk& walk,
              Obligation& obligation,
              std::vector<int>& missing) {
  if (!walk.in_force(rule.act)) {
    obligation.because.emplace_back("the act is not in force on that day");
    return Truth::no;
  }
  const Truth holds = walk.test(rule.applies_when);
  if (holds == Truth::no || !rule.unless) {
    walk.add_reasons(rule.applies_when, obligation.because);
    walk.add_missing(rule.applies_when, missing);
    return holds;
  }
  const Truth excepted = walk.test(*rule.unless);
  if (excepted != Truth::unknown) walk.add_reasons(*rule.unless, obligation.because);
  if (excepted == Truth::yes) {
    for (const std::string& path : rule.unless_cites)
      add_new(obligation.cites, path);
    return Truth::no;
  }
  walk.add_reasons(rule.applies_when, obligation.because);
  walk.add_missing(rule.applies_when, missing);
  walk.add_missing(*rule.unless, missing);
  return both(holds, !excepted);
}

/// Puts the sanction of the maker's class in place; while the class is open, the first stays.
void choose_sanction(const Ruleset& rules, const Requirement& rule, const Walk& walk, Duty& duty) {
  for (const int i : rule.sanctions) {
    const Sanction& sanction = rules.acts[at(rule.act)].sanctions[at(i)];
    if (walk.test(sanction.when) == Truth::no) continue;
    duty.sanction = sanction.says;
    duty.sanction_eur = sanction.eur;
    return;
  }
  duty.sanction = rule.duty.sanction;
  duty.sanction_eur = rule.duty.sanction_eur;
}

/// What an obligation says of the law, whatever the product.
Obligation obligation_of(const Ruleset& rules, const Requirement& rule) {
  Obligation obligation;
  obligation.id = rule.id;
  obligation.act = rules.acts[at(rule.act)].id;
  obligation.says = rule.says;
  obligation.group = rule.group;
  obligation.cites = rule.cites;
  obligation.owed_by = rule.owed_by;
  obligation.crosswalk = rule.crosswalk;
  obligation.basis = rules.basis_word(rule.basis);
  obligation.duty = rule.duty;
  for (const int kind : rule.shown_by) {
    obligation.evidence_kinds.push_back(rules.evidence_kinds[at(kind)].kind);
  }
  return obligation;
}

/// Judges one product; `missing` are the facts that keep open whether the obligation applies.
void judge(const Ruleset& rules,
           const Requirement& rule,
           const Walk& walk,
           const EvidenceByKind& evidence,
           Obligation& obligation,
           std::vector<int>& missing) {
  obligation.cites.resize(rule.cites.size());  // those of an exception were added behind
  obligation.applies_from.reset();
  obligation.evidence.clear();
  obligation.because.clear();
  obligation.missing.clear();
  missing.clear();
  choose_sanction(rules, rule, walk, obligation.duty);
  obligation.applies = applies(rule, walk, obligation, missing);
  if (obligation.applies != Truth::unknown) missing.clear();
  if (obligation.applies == Truth::no) {
    obligation.state = Obligation::Met::does_not_apply;
    return;
  }
  if (rule.applies_from >= 0) obligation.applies_from = walk.day_of(rule.applies_from);
  if (obligation.applies == Truth::unknown) {
    obligation.state = Obligation::Met::unknown;
    walk.name(missing, obligation.missing);
    obligation.because.clear();
    return;
  }
  obligation.state = met_by(rule, evidence, obligation);
}

Conflict conflict_of(const Ruleset& rules, const ConflictRule& rule) {
  Conflict conflict;
  conflict.id = rule.id;
  conflict.provisions = rule.provisions;
  conflict.collides = rule.collides;
  conflict.stated_in = rules.facts[at(rule.stated_in)].name;
  return conflict;
}

void judge(const ConflictRule& rule,
           const Walk& walk,
           Conflict& conflict,
           std::vector<int>& missing) {
  const std::string* stated = walk.text_of(rule.stated_in);
  conflict.resolution = stated != nullptr ? *stated : rule.ours;
  conflict.stated = stated != nullptr;
  conflict.applies = walk.test(rule.applies_when);
  conflict.because.clear();
  walk.add_reasons(rule.applies_when, conflict.because);
  missing.clear();
  walk.add_missing(rule.applies_when, missing);
  walk.name(missing, conflict.missing);
}

std::vector<std::string>* list_of(ScopeCodes& codes, CodeList list) {
  switch (list) {
    case CodeList::cra:
      return &codes.cra;
    case CodeList::cra_routes:
      return &codes.cra_routes;
    case CodeList::ai_act:
      return &codes.ai_act;
    case CodeList::nis2:
      return &codes.nis2;
    case CodeList::none:
    case CodeList::article_12:
      break;
  }
  return nullptr;
}

ScopeCodes gather_codes(const Ruleset& rules, const Walk& walk) {
  ScopeCodes codes;
  for (std::size_t i = 0; i < rules.decisions.size(); ++i) {
    const Decision& rule = rules.decisions[i];
    const Decided& decided = walk.decided(static_cast<int>(i));
    if (rule.optional && !decided.settled) continue;
    if (rule.list == CodeList::article_12) {
      for (const std::string& code : walk.answer(static_cast<int>(i)).codes) {
        codes.article_12 += (codes.article_12.empty() ? "" : " or ") + code;
      }
    } else if (auto* list = list_of(codes, rule.list)) {
      for (const std::string& code : walk.answer(static_cast<int>(i)).codes)
        add_new(*list, code);
    }
  }
  if (codes.article_12.empty()) codes.article_12 = "not_applicable";
  return codes;
}

/// Acts with nothing but clocks have no part in the view of a product.
bool has_rules(const Ruleset& rules, int act) {
  return std::ranges::find(rules.decisions, act, &Decision::act) != rules.decisions.end() ||
         std::ranges::find(rules.requirements, act, &Requirement::act) != rules.requirements.end();
}

}  // namespace

/// The view of one product after another. What it says of the law is filled in once.
class Evaluator::Judge {
 public:
  explicit Judge(const Ruleset& rules) : rules_(rules), walk_(rules), of_fact_(rules.facts.size()) {
    for (std::size_t i = 0; i < rules.acts.size(); ++i) {
      const Act& act = rules.acts[i];
      speaks_.push_back(has_rules(rules, static_cast<int>(i)));
      if (speaks_.back()) view_.acts.push_back({act.id, act.short_title, act.title, act.oj});
    }
    for (const Requirement& rule : rules.requirements)
      view_.obligations.push_back(obligation_of(rules, rule));
    for (const ConflictRule& rule : rules.conflicts)
      view_.conflicts.push_back(conflict_of(rules, rule));
    open_.resize(view_.obligations.size());
    open_conflicts_.resize(view_.conflicts.size());
  }

  LegalView& run(std::span<const Fact> facts, Day as_of, std::span<const EvidenceState> evidence) {
    if (!view_.answers.empty()) view_.answers.swap(walk_.answers());
    walk_.start(facts, as_of);
    const EvidenceByKind by_kind(rules_, evidence);
    view_.as_of = as_of;
    view_.codes = gather_codes(rules_, walk_);
    for (std::size_t i = 0; i < view_.obligations.size(); ++i)
      judge(rules_, rules_.requirements[i], walk_, by_kind, view_.obligations[i], open_[i]);
    for (std::size_t i = 0; i < view_.conflicts.size(); ++i)
      judge(rules_.conflicts[i], walk_, view_.conflicts[i], open_conflicts_[i]);
    gather_dates();
    rank_missing();
    view_.answers.swap(walk_.answers());
    return view_;
  }

 private:
  void gather_dates() {
    view_.dates.clear();
    for (std::size_t i = 0; i < rules_.dates.size(); ++i) {
      const NamedDate& named = rules_.dates[i];
      if (!named.first_of.empty() || !walk_.in_force(named.act) || !speaks_[at(named.act)])
        continue;
      if (walk_.test(named.when) == Truth::no) continue;
      const auto day = walk_.day_of(static_cast<int>(i));
      if (!day) continue;
      view_.dates.push_back({*day, rules_.acts[at(named.act)].id, named.what,
                             named.cites.empty() ? "" : named.cites.front()});
    }
    std::ranges::stable_sort(view_.dates, {}, &LegalDate::day);
  }

  void note(const std::vector<int>& missing, const std::string& id) {
    for (const int fact : missing)
      of_fact_[at(fact)].push_back(&id);
  }

  /// For each missing fact the answers and obligations that wait for it; the longest list first.
  void rank_missing() {
    for (auto& waiting : of_fact_)
      waiting.clear();
    for (std::size_t i = 0; i < rules_.decisions.size(); ++i) {
      if (!rules_.decisions[i].optional)
        note(walk_.decided(static_cast<int>(i)).missing, rules_.decisions[i].id);
    }
    for (std::size_t i = 0; i < open_.size(); ++i)
      note(open_[i], rules_.requirements[i].id);
    for (std::size_t i = 0; i < open_conflicts_.size(); ++i)
      note(open_conflicts_[i], rules_.conflicts[i].id);
    std::vector<std::size_t> ranked;
    for (std::size_t i = 0; i < of_fact_.size(); ++i)
      if (!of_fact_[i].empty()) ranked.push_back(i);
    std::ranges::stable_sort(ranked, std::ranges::greater{},
                             [&](std::size_t fact) { return of_fact_[fact].size(); });
    view_.missing_facts.resize(ranked.size());
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      MissingFact& missing = view_.missing_facts[i];
      missing.fact = rules_.facts[ranked[i]].name;
      missing.question = rules_.facts[ranked[i]].ask;
      missing.would_decide.resize(of_fact_[ranked[i]].size());
      std::ranges::transform(of_fact_[ranked[i]], missing.would_decide.begin(),
                             [](const std::string* id) { return *id; });
    }
  }

  const Ruleset& rules_;
  Walk walk_;
  LegalView view_;
  std::vector<bool> speaks_;                      // by act, whether it has rules of its own
  std::vector<std::vector<int>> open_;            // by obligation, the facts that it waits for
  std::vector<std::vector<int>> open_conflicts_;  // likewise by conflict
  std::vector<std::vector<const std::string*>> of_fact_;  // by fact, the ids that wait for it
};

Evaluator::Evaluator(const Ruleset& rules) : judge_(std::make_unique<Judge>(rules)) {}

Evaluator::~Evaluator() = default;

const LegalView& Evaluator::evaluate(std::span<const Fact> facts,
                                     Day as_of,
                                     std::span<const EvidenceState> evidence) {
  return judge_->run(facts, as_of, evidence);
}

LegalView evaluate(const Ruleset& rules,
                   std::span<const Fact> facts,
                   Day as_of,
                   std::span<const EvidenceState> evidence) {
  Evaluator::Judge judge(rules);
  return std::move(judge.run(facts, as_of, evidence));
}

}  // namespace lockstep::regulations
