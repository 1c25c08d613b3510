// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/assess.hpp"
#include "frontends/cli/command.hpp"

namespace lockstep::frontends {

/// The request that assess, risk and docs share, from their arguments. Errors: usage.*.
Result<app::AssessRequest> assess_request(const Arguments& arguments,
                                          const Environment& environment);

}  // namespace lockstep::frontends
