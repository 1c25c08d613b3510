// SPDX-License-Identifier: Apache-2.0
// What asking for one component comes to, before it is made into findings.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/evaluate.hpp"
#include "domain/advisory.hpp"

namespace lockstep::advisories {

/// A record that touches the component.
struct Hit {
  std::uint32_t record = 0;
  std::string_view id;  ///< in the index, and lives as long as it does
  Evaluation evaluation;
  std::vector<PublishedSeverity> severity;  ///< of the entry
};

/// The ids of the records that could not be asked, by reason.
using Open = std::map<std::string, std::set<std::string>>;

}  // namespace lockstep::advisories
