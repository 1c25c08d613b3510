// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/certify/curve.hpp"

#include <ATen/ATen.h>
#include <utility>

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

constexpr int bisections = 50;
constexpr double narrow = 1e-8;  ///< intervals in which a chord and a tangent are the same line

Tensor of(const CurveNode& node, const Tensor& z) {
  return node.is_tanh ? z.tanh() : z.sigmoid();
}

Tensor slope_of(const CurveNode& node, const Tensor& z) {
  const Tensor y = of(node, z);
  return node.is_tanh ? 1 - y * y : y * (1 - y);
}

/// The first point d > 0 whose tangent is not below f at `low`, as near as bisection comes; `high`
/// where there is none.
Tensor first_touch(const CurveNode& node, const Tensor& low, const Tensor& high) {
  const Tensor start = of(node, low);
  Tensor below = at::zeros_like(high);
  Tensor above = high.clamp_min(0);
  for (int i = 0; i < bisections; ++i) {
    const Tensor middle = (below + above) * 0.5;
    const Tensor at_low = of(node, middle) - slope_of(node, middle) * (middle - low);
    const Tensor is_over = at_low.ge(start);
    above = at::where(is_over, middle, above);
    below = at::where(is_over, below, middle);
  }
  return above;
}

/// The line above, as slope and shift. @param share of the way to `high`
std::pair<Tensor, Tensor> above(const CurveNode& node,
                                const Tensor& low,
                                const Tensor& high,
                                const Tensor& share) {
  const Tensor width = high - low;
  const Tensor chord =
      at::where(width.gt(narrow), (of(node, high) - of(node, low)) / width.clamp_min(narrow),
                slope_of(node, (low + high) * 0.5));
  const Tensor first = at::where(low.ge(0), low, first_touch(node, low, high));
  // The tangent at `high` itself passes below (low, f(low)) where no point before it touches.
  const Tensor at_low = of(node, first) - slope_of(node, first) * (first - low);
  const Tensor is_chord = high.le(0).logical_or(at_low.lt(of(node, low)).logical_and(low.lt(0)));
  const Tensor point = at::where(is_chord, high, first + share * (high - first));
  const Tensor slope = at::where(is_chord, chord, slope_of(node, point));
  return {slope, of(node, point) - slope * point};
}

}  // namespace

Touches usual_touches(const Tensor& low, const Tensor& high) {
  const Tensor none = at::zeros_like(low);
  const Tensor half = at::full_like(low, 0.5);
  return {at::where(low.ge(0), half, none), at::where(high.le(0), half, none)};
}

CurveLines lines_around(const CurveNode& node,
                        const Tensor& low,
                        const Tensor& high,
                        const Touches& touches) {
  auto [upper, upper_shift] = above(node, low, high, touches.above);
  auto [lower, mirrored] = above(node, -high, -low, touches.below);
  const double middle = node.is_tanh ? 0 : 0.5;
  return {std::move(lower), 2 * middle - mirrored, std::move(upper), std::move(upper_shift)};
}

}  // namespace lockstep::ai::certify
