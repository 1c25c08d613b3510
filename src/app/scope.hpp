// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "domain/product.hpp"
#include "regulations/evaluate.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// What `lockstep scope` is asked.
struct ScopeRequest {
  std::vector<Fact> facts;  ///< of a product (gather_facts) or of a file of facts
  Day as_of;
  std::vector<std::string> what_if;  ///< "FACT=VALUE"; all of them together make the second view
  std::optional<Day> facts_answered = std::nullopt;  ///< when somebody last stood by the facts
};

/// What follows the id of a requirement where a change is one of its sanction.
inline constexpr std::string_view sanction_suffix = " (sanction)";

/// One thing that the second view has otherwise: a list of codes, an answer, an obligation, a date.
struct ViewChange {
  std::string what;  ///< "codes.cra", "ai.scope", "cra.sbom", "ai.annex_i_from"
  std::string before;
  std::string after;

  bool operator==(const ViewChange&) const = default;
};

struct ScopeReport {
  LegalView view;
  std::optional<LegalView> what_if;
  std::vector<ViewChange> changes;  ///< codes first, then answers, then obligations, then dates
  /// With several what-ifs, in their order: what each of them changes when it stands alone.
  std::vector<std::vector<ViewChange>> alone;
};

/// The facts that a product file states: those under `facts`, and those that other sections say in
/// their own words (the day of placing on the market, the country of the maker) unless `facts` has
/// them. Where both say it and differ, facts.contradiction goes to `problems`.
std::vector<Fact> gather_facts(const Product& product, Diagnostics& problems);

/// Answers which acts, role, class, procedure and dates, and with `what_if` what would be
/// otherwise. All problems of the facts go to `problems`. Errors: input.problems when there are
/// any, facts.what_if when a what-if is no FACT=VALUE or does not fit the fact. What-ifs that
/// together contradict the facts are a warning.
Result<ScopeReport> scope(const regulations::Ruleset& law,
                          const ScopeRequest& request,
                          Diagnostics& problems);

/// The value that a person typed for a fact: "yes", "a, b", "2028-09-04", "unknown" or "not sure".
/// Nothing when it does not fit the fact's type; words are not checked.
std::optional<FactValue> parse_answer(const regulations::FactDefinition& fact,
                                      std::string_view text);

/// What differs between two views of the same ruleset.
std::vector<ViewChange> changes_between(const LegalView& before, const LegalView& after);

}  // namespace lockstep::app
