// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <vector>

#include "ai/protocol.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/evasion/campaign.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// What was measured, and for each sample what became of it.
struct EvasionOutcome {
  Measurement measurement;           ///< without paths and digests, which the caller knows
  std::vector<char> is_right;        ///< by sample: the net is right about the clean sample
  std::vector<char> is_broken;       ///< by sample: wrong from the start, or broken and confirmed
  std::vector<Confirmed> confirmed;  ///< what broke them, at the plan's own epsilon; by index
};

/// Attacks the net as the plan says and counts what holds. Nothing that an attack returns is
/// believed: candidates are clipped to the threat here, judged here, and every success is looked at
/// again alone.
/// Errors: ai.attack (no such attack), ai.plan (a number outside its range), ai.norm, ai.shape,
/// ai.no_columns, ai.columns, ai.no_target, and
/// those of running the net.
Result<EvasionOutcome> measure_evasion(const Classifier& classifier,
                                       const Samples& samples,
                                       const EvasionPlan& plan,
                                       int threads,
                                       Progress& progress);

}  // namespace lockstep::ai
