// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "regulations/cases.hpp"
#include "regulations/clocks.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// What became of one provision.
struct Covered {
  enum class How {
    ruled,        ///< a rule cites it
    gap,          ///< no rule yet; Provision::gap says why
    informative,  ///< asks for nothing
    context,      ///< read, but cited by a fact of the catalogue only, or by nothing
  };

  int provision = -1;  ///< index in Ruleset::provisions
  How how = How::context;
  std::vector<std::string> rules;  ///< "cra.scope/S1", "cra.sbom", "cra.applies_from"; sorted
  std::vector<std::string> cases;  ///< ids of the cases whose outcome rests on it; sorted
};

/// Every provision, by act, then articles before annexes, numbers as numbers. A case rests on a
/// provision when a step that held, a line that was taken, or a requirement that applied or was
/// excepted cites it.
std::vector<Covered> coverage(const Ruleset& rules,
                              const ClockRules& clocks,
                              std::span<const Case> cases);

std::string_view to_text(Covered::How how);  ///< "ruled", "gap", "informative", "context"

}  // namespace lockstep::regulations
