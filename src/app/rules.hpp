// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/product.hpp"
#include "regulations/ruleset.hpp"
#include "risks/rules_data.hpp"

namespace lockstep::app {

/// Everything that is data of this program: the law, and how risks are rated.
struct Rules {
  regulations::Ruleset law;
  risks::RiskRules risks;
  std::vector<SectorAct> declared_acts;  ///< Union acts that want an EU declaration of conformity
};

/// Those of the declared acts that the fact product.union_acts names.
std::vector<SectorAct> sector_acts_of(const Rules& rules, std::span<const Fact> facts);

/// The rules that were embedded when the program was built. They are checked by tests, so that an
/// error here is our own (ErrorKind::internal).
Result<Rules> load_rules();

/// The facts of a product file, with those that it states elsewhere (the day of placing on the
/// market, the maker's country), held against the catalogue; also its kinds of evidence and the
/// requirements that they name. All problems go to `problems`.
/// Errors: input.problems when there are any.
Result<std::vector<Fact>> facts_of(const Rules& rules,
                                   const Product& product,
                                   Diagnostics& problems);

}  // namespace lockstep::app
