// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "ai/worker/evasion/attack.hpp"

namespace lockstep::ai {

std::unique_ptr<Attack> make_fgsm(const AttackOptions& options);

}  // namespace lockstep::ai
