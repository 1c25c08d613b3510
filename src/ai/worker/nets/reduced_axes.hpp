// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {

/// The axes along which a Reduce operator takes elements together, from the front: the attribute or
/// the input that names them, or all. None where nothing is reduced. Throws OperatorError.
std::vector<std::int64_t> reduced_axes(const Call& call);

}  // namespace lockstep::ai
