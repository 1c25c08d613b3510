// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/worker/evasion/search.hpp"

namespace lockstep::ai {

Search<bool> search_apgd_ce(Seat& seat);
Search<bool> search_apgd_dlr(Seat& seat);
Search<bool> search_apgd_t(Seat& seat);

}  // namespace lockstep::ai
