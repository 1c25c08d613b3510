// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Runs `work(i)` for i in [0, count) on up to `threads` threads of one core each. What a piece
/// does may not depend on the other pieces; then the result does not depend on the number of
/// threads. Progress counts finished pieces times `size`. Returns the error of the lowest piece
/// that failed.
Result<> run_shards(std::size_t count,
                    std::size_t size,
                    int threads,
                    Progress& progress,
                    const std::function<Result<>(std::size_t)>& work);

}  // namespace lockstep::ai
