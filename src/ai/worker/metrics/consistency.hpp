// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <string>
#include <vector>

#include "ai/worker/evasion/campaign.hpp"
#include "base/result.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// [policy] So many of the first samples are answered in each of the ways.
inline constexpr std::int64_t consistency_samples = 1000;

/// What other scores of the same samples say. @param first, again [samples, classes]
Consistency held_against(std::string against, const at::Tensor& first, const at::Tensor& again);

/// The same samples in other batches, on another number of threads and by the other back end: how
/// far any class score moves, and how many samples change their class. A score that moves by more
/// than a hundredth of the largest one fails; a class that changes is a remark.
Result<std::vector<Consistency>> check_consistency(const Campaign& campaign);

}  // namespace lockstep::ai
