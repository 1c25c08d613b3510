// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// A page of `lockstep explain`: what kind of thing the id names, and what there is to say.
struct Explanation {
  struct Section {
    std::string heading;  ///< "Question", "Why asked", "Shown by", ...
    std::vector<std::string> lines;
  };

  std::string id;
  std::string kind;  ///< "fact", "decision", "step", "requirement", "code", "provision", "state",
                     ///< "evidence kind", "error", "term", "test", "declared value"
  std::string title;
  std::vector<Section> sections;
};

/// Explains a fact, decision, step (cra.scope/S5), requirement, outcome code (IN:I-3), provision
/// (cra/art_14 or eu-2024-2847/art_14; lists what stands below it), evidence kind, state, error
/// code or term of the glossary. `rows` are the embedded errors/, states.yaml and glossary.yaml.
/// Errors: usage.explain (with the nearest id).
Result<Explanation> explain(const regulations::Ruleset& law,
                            const std::vector<regulations::SourceFile>& rows,
                            std::string_view id);

/// The files that `explain` wants as `rows`. Errors: as embedded_law.
Result<std::vector<regulations::SourceFile>> explain_rows();

}  // namespace lockstep::app
