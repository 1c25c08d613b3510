// SPDX-License-Identifier: Apache-2.0
// Convolutions with fewer products. Three neighbouring outputs of a kernel of two weights,
//
//     y0 = x0 w0 + x1 w1     y1 = x1 w0 + x2 w1     y2 = x2 w0 + x3 w1,
//
// need six products as they stand and four this way:
//
//     m0 = (x0 - x2) w0              m1 = (x1 + x2) (w0 + w1) / 2
//     m3 = (x3 - x1) w1              m2 = (x2 - x1) (w0 - w1) / 2
//     y0 = m0 + m1 + m2              y1 = m1 - m2              y2 = m1 + m2 + m3
//
// and with the same points 0, 1, -1 and infinity two outputs of a kernel of three. Sums of weights
// are made once; those of x serve all output channels, and those of m come after the sum over input
// channels. Along two axes 16 products do for 36. A stride of s is s kernels of stride 1, each with
// every s-th weight, on every s-th position; going backward they are s kinds of targets.
//
// Here a tile is a square of such outputs, or a line of them at the image's border, where what is
// left over is computed one by one: rows to points, products, rows from points, through spare rows
// that the next tile uses again, so that they stay in the cache. Whether a layer is computed like
// this is settled by its shape, and points are so few and so simple that results lose no more than
// the order of a sum does.
//
// Source: Winograd 1980, "Arithmetic complexity of computations", chapter IV; for layers of nets:
// Lavin and Gray 2016, arXiv 1509.09308.
#pragma once

#include <optional>

#include "ai/worker/fused/plan_parts.hpp"

namespace lockstep::ai::fused {

/// Whether tiles need clearly less arithmetic than the layer one by one.
bool tiles_pay(const View& view);

/// The layer in tiles. Nothing when the lists would need more than `plan_bytes_max`.
std::optional<LayerPlan> tiled_plan_of(const View& view, std::int64_t first_spare);

}  // namespace lockstep::ai::fused
