// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/explain.hpp"
#include "base/files.hpp"

namespace lockstep::app {

/// The page of an advisory, by any id of its weakness, also of a withdrawn one; nothing when the
/// data here does not know the id, or when there is no data. Errors: data.index.
Result<std::optional<Explanation>> explain_advisory(const std::string& id,
                                                    const std::string& data_folder,
                                                    const Files& files);

/// The page of a risk's rule, by the id of a risk ("evasion.reader") or of the rule ("evasion");
/// nothing when no rule has that name. Errors: risk.rules.
Result<std::optional<Explanation>> explain_risk(const std::string& id);

}  // namespace lockstep::app
