// SPDX-License-Identifier: Apache-2.0
// Geometry of the threat: balls of a norm around samples, cut by the bounds of the input.
#pragma once

#include <ATen/core/Tensor.h>

#include "ai/worker/evasion/attack.hpp"
#include "base/random.hpp"

namespace lockstep::ai {

/// The candidates brought into the ball around `x`, then into [low, high].
/// @param candidate [samples, ...]   @param x the same shape
/// Linf: each element alone. L2: the difference is scaled down to epsilon where it is longer;
/// cutting to the bounds afterwards can only bring it nearer to a sample that is inside them.
at::Tensor projected(const at::Tensor& candidate, const at::Tensor& x, const Threat& threat);

/// The direction in which the loss grows fastest for a step of length 1 in the norm from `x`.
/// sign(0) is 0; a gradient that is all zero gives no direction. L1: the step is shared by the
/// elements whose slopes are steepest (`sparse_share`), of those that the bounds let go that way.
/// @param gradient, x [samples, ...]
at::Tensor ascent(const at::Tensor& gradient, const at::Tensor& x, const Threat& threat);

/// The distance of each sample, computed in float64: [samples] float64.
at::Tensor distances(const at::Tensor& a, const at::Tensor& b, Norm norm);

/// A point drawn from the ball around each sample (not yet cut to the bounds): uniform in each
/// element for Linf, uniform in the ball for L2. The draw belongs to (seed, stream, draw, sample).
at::Tensor random_point(const Points& points,
                        const Threat& threat,
                        std::uint64_t seed,
                        std::uint32_t stream,
                        std::uint32_t draw);

}  // namespace lockstep::ai
