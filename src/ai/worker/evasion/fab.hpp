// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/worker/evasion/search.hpp"

namespace lockstep::ai {

Search<bool> search_fab_t(Seat& seat);

}  // namespace lockstep::ai
