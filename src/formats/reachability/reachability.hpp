// SPDX-License-Identifier: Apache-2.0
// What a tool that analyses calls found about the code of components (docs/gate-policy.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/gate_policy.hpp"

namespace lockstep::formats {

/// Entries that cannot be read are reported and left out.
/// Errors: yaml.*, reachability.format. Codes in `problems`: product.*, reachability.entry.
Result<std::vector<Reachability>> read_reachability(std::string_view bytes,
                                                    const std::string& path,
                                                    Diagnostics& problems);

}  // namespace lockstep::formats
