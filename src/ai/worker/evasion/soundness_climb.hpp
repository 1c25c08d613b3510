// SPDX-License-Identifier: Apache-2.0
// Checks on the climb itself: is the gradient that of the function, and does the loss do what a
// climb must do?
#pragma once

#include <vector>

#include "ai/worker/evasion/soundness.hpp"

namespace lockstep::ai {

/// finite_differences, more_steps, nested_balls and converged (soundness.cpp). For nets with
/// samples that they get right. Errors: those of running the net.
Result<std::vector<SoundnessCheck>> check_climb(const Campaign& campaign, const Measured& measured);

}  // namespace lockstep::ai
