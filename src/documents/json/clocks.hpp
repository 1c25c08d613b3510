// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "domain/deadline.hpp"

namespace lockstep::documents {

/// lockstep/clocks/1
Json clocks_json(const ClockView& view, int exit);

}  // namespace lockstep::documents
