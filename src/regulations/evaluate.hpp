// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/fact.hpp"
#include "domain/obligation.hpp"
#include "domain/state.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What evidence there is: its kind, whether it holds, and the requirements that it names.
struct EvidenceState {
  std::string id;
  std::string kind;  ///< a word of data/evidence_kinds.yaml
  State state = State::not_checked;
  std::vector<std::string> shows;
};

/// Everything that the law says about these facts on this day. The facts must have passed
/// app::check_facts: names of the catalogue, fitting values, each name once. Facts that the
/// ruleset does not know are passed over.
///
/// The same arguments give the same view; the order of the facts and of the evidence does not
/// matter. A further known fact never adds a possible outcome.
///
/// For many products, `Evaluator` gives the same in a fifth of the time.
LegalView evaluate(const Ruleset& rules,
                   std::span<const Fact> facts,
                   Day as_of,
                   std::span<const EvidenceState> evidence = {});

/// The same for one product after another, in the memory of the one before.
class Evaluator {
 public:
  /// The rules must outlive this.
  explicit Evaluator(const Ruleset& rules);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  /// As `evaluate`. The view stands until the next call.
  const LegalView& evaluate(std::span<const Fact> facts,
                            Day as_of,
                            std::span<const EvidenceState> evidence = {});

 private:
  friend LegalView evaluate(const Ruleset&,
                            std::span<const Fact>,
                            Day,
                            std::span<const EvidenceState>);
  class Judge;
  std::unique_ptr<Judge> judge_;
};

}  // namespace lockstep::regulations
