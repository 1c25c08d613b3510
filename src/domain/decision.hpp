// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "domain/vex.hpp"

namespace lockstep {

/// What a person decided about a flaw in a component.
struct Decision {
  std::string vulnerability;  ///< any id of the flaw
  std::string component;  ///< package URL, without a version all versions; "" for all that have it
  decltype(VexStatement::status) status = VexStatement::UnderInvestigation{};
  std::string notes;
  std::string by;  ///< who decided
  /// Who accepts the risk that stays with an affected product, and until when; else empty.
  std::string accepted_by;
  std::optional<Day> accepted_until;
  Position where;
};

}  // namespace lockstep
