// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// The law that was read and checked when the program was built.
regulations::Ruleset embedded_law();

/// The embedded files whose path begins with `prefix`, as trees, sorted by path. The build has read
/// them, so that an error here is our own (ErrorKind::internal).
Result<std::vector<regulations::SourceFile>> embedded_trees(std::string_view prefix);

}  // namespace lockstep::app
