// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ai/worker/nets/model.hpp"
#include "ai/worker/nets/net.hpp"
#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {

struct Net::Step {
  const OperatorRow* row = nullptr;
  Node node;
  std::int64_t opset = 0;
  std::vector<int> inputs;   ///< slots; -1 where an input is left out
  std::vector<int> outputs;  ///< slots; -1 where nobody wants the output
  std::vector<int> dropped;  ///< slots whose last use this is
  std::vector<std::pair<std::string, Net>> graphs;
  std::size_t on_device = 0;  ///< inputs that are brought to the net's device (device.hpp)
  std::shared_ptr<Prepared> prepared = std::make_shared<Prepared>();
};

/// Computes one node with its row. Half precision is computed in float32 and rounded back; unsigned
/// integers are wrapped (net.cpp). Throws what operators and LibTorch throw.
Values compute(const Net::Step& step,
               Values inputs,
               const Call::RunGraph* run_graph = nullptr,
               Chance* chance = nullptr);

}  // namespace lockstep::ai
