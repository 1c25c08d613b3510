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

#include "regulations/walk.hpp"

namespace lockstep::regulations {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

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

  /// Whether the kind holds for the requirement; notes what was used and what is in the way.
  Truth shows(int kind, Obligation& obligation) const {
    const EvidenceKind& definition = rules_.evidence_kinds[at(kind)];
    Truth truth = Truth::unknown;
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
        continue;
      }
      add_new(obligation.evidence, one->id);
      obligation.because.push_back(fmt::format("{} {} {}", definition.kind, one->id,
                                               one->state == State::fail ? "fails" : "holds"));
    }
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
}

Obligation judge(const Ruleset& rules,
                 const Requirement& rule,
                 const Walk& walk,
                 const EvidenceByKind& evidence) {
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
  choose_sanction(rules, rule, walk, obligation.duty);
  for (const int kind : rule.shown_by) {
    obligation.evidence_kinds.push_back(rules.evidence_kinds[at(kind)].kind);
  }
  std::vector<int> missing;
  const Truth truth = applies(rule, walk, obligation, missing);
  obligation.applies = truth;
  if (truth == Truth::no) {
    obligation.state = Obligation::Met::does_not_apply;
    return obligation;
  }
  if (rule.applies_from >= 0) obligation.applies_from = walk.day_of(rule.applies_from);
  if (truth == Truth::unknown) {
    obligation.missing = walk.names(missing);
    obligation.because.clear();
    return obligation;
  }
  obligation.state = met_by(rule, evidence, obligation);
  return obligation;
}

Conflict judge(const Ruleset& rules, const ConflictRule& rule, const Walk& walk) {
  Conflict conflict;
  conflict.id = rule.id;
  conflict.provisions = rule.provisions;
  conflict.collides = rule.collides;
  conflict.resolution = rule.ours;
  conflict.stated_in = rules.facts[at(rule.stated_in)].name;
  if (const std::string* stated = walk.text_of(rule.stated_in)) {
    conflict.resolution = *stated;
    conflict.stated = true;
  }
  conflict.applies = walk.test(rule.applies_when);
  walk.add_reasons(rule.applies_when, conflict.because);
  std::vector<int> missing;
  walk.add_missing(rule.applies_when, missing);
  conflict.missing = walk.names(missing);
  return conflict;
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
      for (const std::string& code : decided.answer.codes) {
        codes.article_12 += (codes.article_12.empty() ? "" : " or ") + code;
      }
    } else if (auto* list = list_of(codes, rule.list)) {
      for (const std::string& code : decided.answer.codes)
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

std::vector<LegalDate> gather_dates(const Ruleset& rules, const Walk& walk) {
  std::vector<LegalDate> dates;
  for (std::size_t i = 0; i < rules.dates.size(); ++i) {
    const NamedDate& named = rules.dates[i];
    if (!named.first_of.empty() || !walk.in_force(named.act)) continue;
    if (!has_rules(rules, named.act)) continue;
    if (walk.test(named.when) == Truth::no) continue;
    const auto day = walk.day_of(static_cast<int>(i));
    if (!day) continue;
    dates.push_back({*day, rules.acts[at(named.act)].id, named.what,
                     named.cites.empty() ? "" : named.cites.front()});
  }
  std::ranges::stable_sort(dates, {}, &LegalDate::day);
  return dates;
}

/// For each missing fact the answers and obligations that wait for it; the longest list first.
std::vector<MissingFact> rank_missing(const Ruleset& rules,
                                      const Walk& walk,
                                      const LegalView& view) {
  std::vector<MissingFact> of_fact(rules.facts.size());
  const auto note = [&](const std::vector<std::string>& missing, const std::string& id) {
    for (const std::string& name : missing) {
      const auto found = rules.fact_index.find(name);
      if (found != rules.fact_index.end()) of_fact[at(found->second)].would_decide.push_back(id);
    }
  };
  for (std::size_t i = 0; i < rules.decisions.size(); ++i) {
    const Answer& answer = walk.decided(static_cast<int>(i)).answer;
    if (!rules.decisions[i].optional) note(answer.missing, answer.id);
  }
  for (const Obligation& obligation : view.obligations)
    note(obligation.missing, obligation.id);
  for (const Conflict& conflict : view.conflicts)
    note(conflict.missing, conflict.id);
  std::vector<MissingFact> ranked;
  for (std::size_t i = 0; i < of_fact.size(); ++i) {
    if (of_fact[i].would_decide.empty()) continue;
    of_fact[i].fact = rules.facts[i].name;
    of_fact[i].question = rules.facts[i].ask;
    ranked.push_back(std::move(of_fact[i]));
  }
  std::ranges::stable_sort(ranked, std::ranges::greater{},
                           [](const MissingFact& fact) { return fact.would_decide.size(); });
  return ranked;
}

}  // namespace

LegalView evaluate(const Ruleset& rules,
                   std::span<const Fact> facts,
                   Day as_of,
                   std::span<const EvidenceState> evidence) {
  const Walk walk(rules, facts, as_of);
  const EvidenceByKind by_kind(rules, evidence);
  LegalView view;
  view.as_of = as_of;
  for (std::size_t i = 0; i < rules.acts.size(); ++i) {
    const Act& act = rules.acts[i];
    if (has_rules(rules, static_cast<int>(i)))
      view.acts.push_back({act.id, act.short_title, act.title, act.oj});
  }
  view.codes = gather_codes(rules, walk);
  for (const Requirement& rule : rules.requirements) {
    view.obligations.push_back(judge(rules, rule, walk, by_kind));
  }
  for (const ConflictRule& rule : rules.conflicts)
    view.conflicts.push_back(judge(rules, rule, walk));
  view.dates = gather_dates(rules, walk);
  view.missing_facts = rank_missing(rules, walk, view);
  for (std::size_t i = 0; i < rules.decisions.size(); ++i) {
    view.answers.push_back(walk.decided(static_cast<int>(i)).answer);
    view.answers.back().optional = rules.decisions[i].optional;
  }
  return view;
}

}  // namespace lockstep::regulations
