// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.hpp"
#include "domain/supply_check.hpp"

namespace lockstep::documents {

/// lockstep/importer-check/1 or lockstep/distributor-check/1
Json supply_check_json(const SupplyCheckView& view, int exit);

/// The same as a page of Markdown, to be kept or sent.
std::string supply_check_markdown(const SupplyCheckView& view);

}  // namespace lockstep::documents
