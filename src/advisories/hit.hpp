// SPDX-License-Identifier: Apache-2.0
// What asking for one component comes to, before it is made into findings.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/evaluate.hpp"
#include "advisories/index.hpp"
#include "base/result.hpp"
#include "domain/advisory.hpp"

namespace lockstep::advisories {

/// A record that touches the component.
struct Hit {
  std::uint32_t record = 0;
  std::string_view id;  ///< in the index, and lives as long as it does
  Evaluation evaluation;
  std::vector<ScoredSeverity> severity;  ///< of the entry
};

/// The ids of the records that could not be asked, by reason.
using Open = std::map<std::string, std::set<std::string>>;

/// Takes out what better records have decided: hits and open records about the weaknesses of those,
/// whether they touch the component or not. A weakness is known by all its ids; those of
/// distributions name the CVEs that they stand for under `upstream`.
/// @param decided records by number, without those that could not be evaluated
/// Errors: data.index.
Result<> remove_decided(std::span<const std::uint32_t> decided,
                        const AdvisoryIndex& index,
                        std::vector<Hit>& hits,
                        Open& open);

}  // namespace lockstep::advisories
