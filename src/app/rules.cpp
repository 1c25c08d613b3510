// SPDX-License-Identifier: Apache-2.0
#include "app/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/embedded_law.hpp"
#include "app/scope.hpp"
#include "base/text.hpp"
#include "regulations/facts.hpp"

namespace lockstep::app {
namespace {

template <typename Known>
void check_word(const std::string& word,
                const std::vector<std::string>& known,
                const Known& says,
                Diagnostics& problems) {
  if (std::ranges::find(known, word) != known.end()) return;
  std::string message = says(word);
  if (const auto near = nearest(word, known)) message += fmt::format("; did you mean '{}'?", *near);
  problems.error("product.word", std::move(message));
}

void check_evidence(const regulations::Ruleset& law,
                    const Product& product,
                    Diagnostics& problems) {
  std::vector<std::string> kinds;
  for (const auto& kind : law.evidence_kinds)
    kinds.push_back(kind.kind);
  std::vector<std::string> requirements;
  for (const auto& requirement : law.requirements)
    requirements.push_back(requirement.id);
  for (const Evidence& entry : product.evidence) {
    const auto about = [&](std::string_view what) {
      return [&entry, what](const std::string& word) {
        return fmt::format("evidence '{}': there is no {} '{}'", entry.id, what, quotable(word));
      };
    };
    check_word(entry.kind, kinds, about("kind of evidence"), problems);
    for (const std::string& id : entry.shows)
      check_word(id, requirements, about("requirement"), problems);
  }
}

/// data/union_acts.yaml, without the acts that work by another form of declaration.
Result<std::vector<SectorAct>> load_declared_acts() {
  TRY(const auto trees, embedded_trees("union_acts.yaml"));
  std::vector<SectorAct> acts;
  for (const regulations::SourceFile& file : trees)
    for (const Json& row : file.tree["acts"].items())
      if (row["declaration"].string_or("") == "eu")
        acts.push_back(
            {row["word"].string_or(""), row["title"].string_or(""), row["oj"].string_or("")});
  return acts;
}

}  // namespace

std::vector<SectorAct> sector_acts_of(const Rules& rules, std::span<const Fact> facts) {
  const auto fact = std::ranges::find(facts, "product.union_acts", &Fact::name);
  if (fact == facts.end()) return {};
  const auto* words = std::get_if<std::vector<std::string>>(&fact->value);
  std::vector<SectorAct> named;
  for (const SectorAct& act : rules.declared_acts)
    if (words != nullptr && std::ranges::find(*words, act.word) != words->end())
      named.push_back(act);
  return named;
}

Result<Rules> load_rules() {
  Rules rules;
  rules.law = embedded_law();
  TRY(auto trees, embedded_trees("risks/"));
  std::vector<risks::RuleFile> files;
  for (regulations::SourceFile& tree : trees)
    files.push_back({std::move(tree.path), std::move(tree.tree)});
  TRY(rules.risks, risks::load_risk_rules(files));
  TRY(rules.declared_acts, load_declared_acts());
  return rules;
}

Result<std::vector<Fact>> facts_of(const Rules& rules,
                                   const Product& product,
                                   Diagnostics& problems) {
  std::vector<Fact> facts = gather_facts(product, problems);
  facts = regulations::fit_facts(rules.law, facts, problems);
  check_evidence(rules.law, product, problems);
  if (problems.has_errors())
    return fail(
        ErrorKind::input, "input.problems",
        fmt::format("{} problems in the product file; nothing was judged", problems.error_count()),
        {product.path, 0, 0});
  return facts;
}

}  // namespace lockstep::app
