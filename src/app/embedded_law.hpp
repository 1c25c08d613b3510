// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "regulations/ruleset.hpp"

namespace lockstep::app {

/// The law that was embedded when the program was built; the tests have checked it, so that an
/// error here is our own (ErrorKind::internal).
Result<regulations::Ruleset> embedded_law();

/// The embedded files whose path begins with `prefix`, as trees, sorted by path.
/// Errors: as embedded_law.
Result<std::vector<regulations::SourceFile>> embedded_trees(std::string_view prefix);

}  // namespace lockstep::app
