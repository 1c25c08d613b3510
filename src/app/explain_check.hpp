// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/explain.hpp"

namespace lockstep::app {

/// The page of an item of a check ("importer.support_end") or of a contradiction, or nothing when
/// the id names none. Errors: as embedded_checks.
Result<std::optional<Explanation>> explain_check(const std::string& id);

}  // namespace lockstep::app
