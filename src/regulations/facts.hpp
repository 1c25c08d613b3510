// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "base/diagnostics.hpp"
#include "domain/fact.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// Whether the facts that the law itself states (a scheme is recognised, ...) may be stated too.
enum class LawFacts { refuse, allow };

/// The facts as the catalogue knows them: words checked, one word made a set where the fact is a
/// set, `none` made the empty set. What does not fit is reported and left out; what is `unknown`
/// stays. Countries are written as the Union writes them (GR becomes EL). In the order given.
/// Facts that cannot be true together are reported too (contradictions.hpp), and stay.
/// Codes: facts.unknown_name, facts.wrong_type, facts.limit, facts.country, facts.unknown_word,
/// facts.word_twice, facts.twice, facts.of_law, facts.contradiction.
std::vector<Fact> fit_facts(const Ruleset& rules,
                            std::span<const Fact> facts,
                            Diagnostics& problems,
                            LawFacts law_facts = LawFacts::refuse);

/// "yes or no", "one of the words a, b, c": what the fact may hold.
std::string what_fits(const FactDefinition& fact);

}  // namespace lockstep::regulations
