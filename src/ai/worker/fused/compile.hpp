// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ai/worker/fused/assembler.hpp"
#include "ai/worker/fused/program.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/result.hpp"

namespace lockstep::ai::fused {

/// The net as a program, or why it is none: a sentence for people ("the operator Sigmoid has no
/// fused form").
/// @param sample_shape sizes behind the batch axis, all of them positive
/// @param is_single    the net insists on a batch of 1
tl::expected<Program, std::string> compile(const Net& net,
                                           const std::vector<std::int64_t>& sample_shape,
                                           bool is_single);

/// The same net as layers over slots, for who computes with them in another way
/// (ai/worker/certify).
tl::expected<Layers, std::string> read_layers(const Net& net,
                                              const std::vector<std::int64_t>& sample_shape,
                                              bool is_single);

}  // namespace lockstep::ai::fused
