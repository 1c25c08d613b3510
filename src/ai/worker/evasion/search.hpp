// SPDX-License-Identifier: Apache-2.0
// Attacks written for one sample (seat.hpp), run for many. run_searches keeps some dozens of them
// going, puts their questions together into batches, and lets each go on with its own answer. A
// sample that is done makes room for the next, so batches stay full to the end; samples may be at
// different steps, restarts and targets; and no sample can depend on another, because none is in
// sight.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <vector>

#include "ai/worker/evasion/attack.hpp"
#include "ai/worker/evasion/seat.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// What searches brought, and what they cost.
struct Found {
  at::Tensor candidates;      ///< [points, ...]; the sample itself where a search offered nothing
  std::vector<Trace> traces;  ///< by point
  std::int64_t forward = 0;
  std::int64_t backward = 0;
};

/// Runs one search for each point. Threads take the next point from one list. Where LibTorch
/// answers, whose numbers depend on the batch, each fixed part of the points is one thread's own,
/// so that the number of threads changes nothing.
Result<Found> run_searches(const Classifier& classifier,
                           const Points& points,
                           const Threat& threat,
                           const AttackOptions& options,
                           SearchFunction search,
                           int threads,
                           Progress& progress);

}  // namespace lockstep::ai
