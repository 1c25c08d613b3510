// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ai/metrics/measure.hpp"
#include "ai/worker/data/npz.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// The group of each of the first `count` samples, from an array of texts or whole numbers.
/// @param name of the array; "" takes "groups" where there is one, and else there are no groups
/// Errors: ai.data (the array is missing, of another length, no names, or too many of them).
Result<std::optional<Grouping>> grouping_of(std::span<const NamedArray> arrays,
                                            const std::string& name,
                                            std::int64_t count,
                                            const std::string& file);

}  // namespace lockstep::ai
