// SPDX-License-Identifier: Apache-2.0
// What holds for models that can only be asked, behind an address.
#pragma once

#include <vector>

#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/evasion/soundness.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Whether the model can be asked for what an attack wants of it. Error: ai.gradients.
Result<> check_reach(const Classifier& classifier, const AttackRow& row);

/// What a measurement of such a model cannot say, and how often it was asked.
std::vector<SoundnessCheck> black_box_limits(const Endpoint& endpoint);

}  // namespace lockstep::ai
