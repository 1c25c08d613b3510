// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <vector>

#include "ai/worker/evasion/campaign.hpp"
#include "domain/measurement.hpp"

namespace lockstep::ai {

/// What the checks look at: the campaign, and what it measured.
struct Measured {
  at::Tensor logits;                   ///< of the clean samples [samples, classes]
  std::vector<std::int64_t> right;     ///< samples that the net got right
  std::vector<std::int64_t> standing;  ///< of them, those that no attack broke
  std::vector<AttackRun> runs;         ///< attacks that ran, each on what the former left standing
  Threat threat;
  std::uint64_t seed = 1;
  int passes = 1;  ///< that attacks average over the net's randomness
};

/// Of the samples that are right: above it, what a weaker attack finds says that the attacks were
/// too weak.
inline constexpr double beaten_share = 0.005;

/// The first `count` of them, or all.
std::vector<std::int64_t> first_of(const std::vector<std::int64_t>& all, std::size_t count);

/// Checks on the measurement itself: would these attacks have found what there is to find?
/// Errors: those of running the net.
Result<std::vector<SoundnessCheck>> check_soundness(const Campaign& campaign,
                                                    const Measured& measured);

}  // namespace lockstep::ai
