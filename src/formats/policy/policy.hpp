// SPDX-License-Identifier: Apache-2.0
// The policy file of the release gate (docs/gate-policy.md).
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/gate_policy.hpp"

namespace lockstep::formats {

/// Reads a policy. All problems, in file order, go to `problems`; what could be read is returned.
/// Whether its answers fit its tree of SSVC is known only where the trees are.
/// Errors: yaml.*, policy.format when it is no policy. Codes in `problems`: product.* for keys and
/// values, policy.rule, policy.passes.
Result<GatePolicy> read_policy(std::string_view bytes,
                               const std::string& path,
                               Diagnostics& problems);

}  // namespace lockstep::formats
