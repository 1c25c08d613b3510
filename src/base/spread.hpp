// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

namespace lockstep {

/// Moves `started`, a thread that the calling one has just started, to another core than the
/// caller's, if it is there. Where it may run later is unchanged. Where it cannot be moved, nothing
/// happens.
void spread(std::jthread& started);

}  // namespace lockstep
