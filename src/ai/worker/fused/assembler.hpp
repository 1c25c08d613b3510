// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ai/worker/fused/program.hpp"

namespace lockstep::ai::fused {

/// One layer of a net, in the order of the forward pass, with the activation of what it writes.
struct Layer {
  std::variant<LinearLayer, ScaleLayer, PoolLayer, CurveLayer> is;
  std::optional<Activation> activation;  ///< never on a pool or a curve
};

/// What a compiler has found out about a net.
struct Layers {
  std::int64_t slots = 1;
  Slots inputs;
  Slots outputs;  ///< each once, and written by a layer without an activation
  std::vector<Layer> layers;
  std::string without_loops;  ///< why there is no program; "" where there may be one
};

/// Makes the program: instructions forward, and backward with every gradient stored by its first
/// writer, added to by the others, and gated by its last. Nothing when the lists would be too long.
std::optional<Program> assemble(const Layers& layers);

}  // namespace lockstep::ai::fused
