// SPDX-License-Identifier: Apache-2.0
// What a reader of this room accepts at most. A document over a limit is an error that names it.
#pragma once

#include <cstddef>

#include "base/json.hpp"

namespace lockstep::formats {

/// A product file or a file of facts: written by a person, so small.
inline constexpr TreeLimits product_limits{
    .bytes = std::size_t{4} << 20U, .depth = 24, .nodes = 200'000};

}  // namespace lockstep::formats
