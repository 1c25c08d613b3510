// SPDX-License-Identifier: Apache-2.0
// What the commands of advisory data answer in the same way.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "domain/finding.hpp"

namespace lockstep::frontends {

Json source_json(const DataSource& source);
Json sources_json(const std::vector<DataSource>& sources);

/// A table of sources, entries and newest days.
std::string sources_text(const std::vector<DataSource>& sources, int width);

/// All errors, the first few warnings and notes, and how many more there were: an export of a
/// hundred thousand records repeats the same doubt many times.
Diagnostics shortened(const Diagnostics& problems);

}  // namespace lockstep::frontends
