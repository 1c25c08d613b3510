// SPDX-License-Identifier: Apache-2.0
// Which rule stands for which provision, read backwards from the citations of the rules, and which
// case rests on it, read from the citations of what the case's evaluation came to.
#include "regulations/coverage.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "regulations/evaluate.hpp"

namespace lockstep::regulations {
namespace {

using Names = std::set<std::string>;
using ByProvision = std::map<std::pair<std::string, std::string>, Names>;

const std::string& act_id(const Ruleset& rules, int act) {
  return rules.acts[static_cast<std::size_t>(act)].id;
}

class Citations {
 public:
  void note(const std::string& act, const std::vector<std::string>& cites, const std::string& by) {
    for (const std::string& cite : cites) {
      const Citation citation = citation_of(cite, act);
      found_[{citation.act, citation.path}].insert(by);
    }
  }

  std::vector<std::string> of(const std::string& act, const std::string& path) const {
    const auto found = found_.find({act, path});
    if (found == found_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }

 private:
  ByProvision found_;
};

Citations by_rules(const Ruleset& rules, const ClockRules& clocks) {
  Citations found;
  for (const Clock& clock : clocks.clocks) {
    const std::string& act = act_id(rules, clock.act);
    found.note(act, clock.cites, clock.id);
    found.note(act, clock.at_noon_cites, clock.id);
    if (clock.instead) found.note(act, clock.instead->cites, clock.id);
  }
  for (const Act& act : rules.acts)
    for (const Sanction& sanction : act.sanctions)
      found.note(act.id, sanction.cites, act.id + "/" + sanction.id);
  for (const NamedDate& date : rules.dates)
    found.note(act_id(rules, date.act), date.cites, date.id);
  for (const FactDefinition& fact : rules.facts) {
    if (!fact.is_switch()) continue;
    for (const Citation& cite : fact.cites)
      found.note(cite.act, {cite.path}, fact.name);
  }
  for (const Decision& rule : rules.decisions) {
    const std::string& act = act_id(rules, rule.act);
    found.note(act, rule.cites, rule.id);
    for (const Step& step : rule.steps) {
      const std::string name = rule.id + "/" + step.id;
      found.note(act, step.cites, name);
      for (const Row& row : step.rows)
        found.note(act, row.cites, name);
    }
  }
  for (const ConflictRule& rule : rules.conflicts)
    for (const Citation& cite : rule.provisions)
      found.note(cite.act, {cite.path}, rule.id);
  for (const Requirement& rule : rules.requirements) {
    const std::string& act = act_id(rules, rule.act);
    found.note(act, rule.cites, rule.id);
    found.note(act, rule.unless_cites, rule.id);
  }
  return found;
}

/// Whether the requirement's exception decided, which adds the exception's citations.
bool is_excepted(const Requirement& rule, const Obligation& obligation) {
  return obligation.applies == Truth::no && obligation.cites.size() > rule.cites.size();
}

Citations by_cases(const Ruleset& rules, std::span<const Case> cases) {
  Citations found;
  for (const Case& one : cases) {
    const LegalView view = evaluate(rules, one.facts, one.as_of);
    for (const Answer& answer : view.answers)
      for (const DecisionStep& step : answer.steps)
        if (step.answer == Truth::yes) found.note(answer.act, step.cites, one.id);
    for (std::size_t i = 0; i < view.obligations.size(); ++i) {
      const Obligation& obligation = view.obligations[i];
      if (obligation.applies == Truth::yes || is_excepted(rules.requirements[i], obligation))
        found.note(obligation.act, obligation.cites, one.id);
    }
  }
  return found;
}

int number_of(std::string_view text) {
  constexpr std::array<std::string_view, 13> roman = {
      "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII"};
  const auto found = std::ranges::find(roman, text);
  if (found != roman.end()) return static_cast<int>(found - roman.begin()) + 1;
  int number = 0;
  for (const char c : text) {
    constexpr int number_max = 100'000;
    if (c < '0' || c > '9' || number > number_max) break;
    number = number * 10 + (c - '0');
  }
  return number;
}

/// Recitals, then articles, then annexes; "par_5a" after "par_5".
std::vector<std::tuple<int, int, std::string>> order_of(std::string_view path) {
  std::vector<std::tuple<int, int, std::string>> key;
  for (const std::string_view piece : split(path, '/')) {
    const std::size_t line = std::min(piece.find('_'), piece.size());
    const std::string_view number = piece.substr(std::min(line + 1, piece.size()));
    const int kind = piece.starts_with("art") ? 1 : piece.starts_with("anx") ? 2 : 0;
    key.emplace_back(kind, number_of(number), number);
  }
  return key;
}

}  // namespace

std::vector<Covered> coverage(const Ruleset& rules,
                              const ClockRules& clocks,
                              std::span<const Case> cases) {
  const Citations ruled = by_rules(rules, clocks);
  const Citations cased = by_cases(rules, cases);
  std::vector<Covered> all;
  for (std::size_t i = 0; i < rules.provisions.size(); ++i) {
    const Provision& provision = rules.provisions[i];
    const std::string& act = act_id(rules, provision.act);
    Covered one{static_cast<int>(i), Covered::How::context, ruled.of(act, provision.path),
                cased.of(act, provision.path)};
    if (!one.rules.empty()) {
      one.how = Covered::How::ruled;
    } else if (!provision.gap.empty()) {
      one.how = Covered::How::gap;
    } else if (provision.informative) {
      one.how = Covered::How::informative;
    }
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, {}, [&](const Covered& one) {
    const Provision& provision = rules.provisions[static_cast<std::size_t>(one.provision)];
    return std::pair(provision.act, order_of(provision.path));
  });
  return all;
}

std::string_view to_text(Covered::How how) {
  switch (how) {
    case Covered::How::ruled:
      return "ruled";
    case Covered::How::gap:
      return "gap";
    case Covered::How::informative:
      return "informative";
    case Covered::How::context:
      return "context";
  }
  return "context";
}

}  // namespace lockstep::regulations
