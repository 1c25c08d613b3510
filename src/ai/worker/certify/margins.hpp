// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>

#include "ai/worker/certify/bounds.hpp"

namespace lockstep::ai::certify {

enum class Method { ibp, crown_ibp, crown, alpha_crown };

/// All x' within epsilon of each sample that also lie in [0, 1].
/// @param x [samples, ...] inside [0, 1]   @param is_l2 the second norm, else the largest change
Domain ball_around(const at::Tensor& x, double epsilon, bool is_l2);

/// Rows z_y - z_j for all j but y, in their order. @param y [samples] int64
/// @returns [samples, classes - 1, classes]
at::Tensor margin_rows(const at::Tensor& y, std::int64_t classes);

/// Lower bounds of the rows over each domain. With alpha-CROWN, what CROWN left open is improved by
/// `ascent`. @param rows [B, S, outputs] @returns [B, S]
at::Tensor row_bounds(const Graph& graph,
                      const Domain& domain,
                      const at::Tensor& rows,
                      Method method,
                      const Ascent& ascent = {});

}  // namespace lockstep::ai::certify
