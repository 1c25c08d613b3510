// SPDX-License-Identifier: Apache-2.0
// Where LibTorch computes a net: on the processor, or on a device with memory of its own.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ai/worker/nets/operators.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// The device of a name, "cpu" or "cuda", set up so that it answers a question the same each time
/// and in full float32.
/// Error: ai.device where LibTorch has no CUDA, or finds no card.
Result<at::Device> open_device(const std::string& name);

/// How many of an operator's first inputs are brought to a device when one of them lies there
/// already; the others (shapes, axes, bounds) are read by the processor. 0: the operator is
/// computed by the processor alone.
std::size_t inputs_on_device(const OperatorRow& row);

/// As many samples as a device is asked about at a time, a power of two that depends on the size of
/// a sample alone.
/// @param sample_shape sizes behind the batch axis; -1 where they are free
std::int64_t rows_on_device(const std::vector<std::int64_t>& sample_shape);

}  // namespace lockstep::ai
