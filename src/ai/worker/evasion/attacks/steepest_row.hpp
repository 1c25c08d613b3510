// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "ai/worker/evasion/attacks/table_rows.hpp"

namespace lockstep::ai {

/// The row within the budget that a linear function with this gradient is largest at: exact for
/// Linf, and for L2 with real numbers, where neither relations nor costs of values differ; close to
/// it else. Relations are mended. @param gradient by feature   @param norm Linf or L2
TableRow steepest_row(const RowSpace& space, std::span<const float> gradient, Norm norm);

}  // namespace lockstep::ai
