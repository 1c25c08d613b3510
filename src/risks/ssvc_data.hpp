// SPDX-License-Identifier: Apache-2.0
// Reads the decision tables of data/ssvc.
#pragma once

#include <memory>
#include <span>

#include "base/result.hpp"
#include "domain/ssvc.hpp"
#include "risks/rules_data.hpp"

namespace lockstep::risks {

/// Reads points.yaml and one file per table (all others). A table has one outcome for every
/// combination of the answers of its points, no more and no less.
/// Errors: ssvc.data, with the place.
Result<std::unique_ptr<const SsvcTables>> load_ssvc_tables(std::span<const RuleFile> files);

}  // namespace lockstep::risks
