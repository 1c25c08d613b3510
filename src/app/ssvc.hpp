// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep ssvc TREE POINT=VALUE...`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/ssvc.hpp"

namespace lockstep::app {

/// The tables that were embedded when the program was built. Errors: ssvc.data (our own).
Result<std::unique_ptr<const SsvcTables>> embedded_ssvc();

/// Reads "POINT=VALUE", several values with commas between them; "unknown" is none.
/// Errors: ssvc.word.
Result<SsvcInput> read_ssvc_input(const std::string& word);

/// Walks the tree. All words that are no "POINT=VALUE" go to `problems`.
/// Errors: ssvc.tree, input.problems, those of decide_ssvc.
Result<SsvcDecision> decide_tree(const SsvcTables& tables,
                                 const std::string& tree,
                                 const std::vector<std::string>& words,
                                 Diagnostics& problems);

/// lockstep/ssvc/1, as pretty text.
std::string ssvc_document(const SsvcDecision& decision, int exit);

/// lockstep/ssvc_trees/1: every tree with what it asks, as pretty text.
std::string ssvc_trees_document(const SsvcTables& tables);

}  // namespace lockstep::app
