// SPDX-License-Identifier: Apache-2.0
#pragma once

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
};

/// The rules that were embedded when the program was built. They are checked by tests, so that an
/// error here is our own (ErrorKind::internal).
Result<Rules> load_rules();

/// Holds the product file against the catalogues: fact names and values, kinds of evidence, ids of
/// requirements. All problems go to `problems`. Errors: input.problems when there are any.
Result<> check_product(const Rules& rules, const Product& product, Diagnostics& problems);

}  // namespace lockstep::app
