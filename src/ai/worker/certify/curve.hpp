// SPDX-License-Identifier: Apache-2.0
// Lines around an S-shaped function over an interval.
#pragma once

#include <ATen/core/Tensor.h>

#include "ai/worker/certify/graph.hpp"

namespace lockstep::ai::certify {

/// lower * z + lower_shift <= f(z) <= upper * z + upper_shift for low <= z <= high.
struct CurveLines {
  at::Tensor lower;
  at::Tensor lower_shift;
  at::Tensor upper;
  at::Tensor upper_shift;
};

/// Where the lines touch the curve, as shares of the way from the first point that they can touch
/// to the end of the interval, in [0, 1].
struct Touches {
  at::Tensor above;
  at::Tensor below;
};

/// The middle where the curve bends one way only, the first point over 0.
Touches usual_touches(const at::Tensor& low, const at::Tensor& high);

/// Above: the chord where f is convex, a tangent where it is concave; over 0 a tangent that is not
/// below f at `low`, or the chord where there is none. Below: the same, mirrored at (0, f(0)). Any
/// touches give lines that hold.
/// @param low, high, touches float64, of shapes that broadcast
/// Source: Zhang et al. 2018, "Efficient neural network robustness certification with general
/// activation functions", arXiv 1811.00866, table 2; Xu et al. 2021, arXiv 2011.13824 (touches that
/// are improved).
CurveLines lines_around(const CurveNode& node,
                        const at::Tensor& low,
                        const at::Tensor& high,
                        const Touches& touches);

}  // namespace lockstep::ai::certify
