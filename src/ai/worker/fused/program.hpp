// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ai/worker/fused/plan.hpp"
#include "ai/worker/fused/sparse.hpp"

namespace lockstep::ai::fused {

/// What one step of a program does, and with which of its lists.
struct Instruction {
  enum class Kind { linear, product, to_points, from_points, scale, pool, pool_back, gate, zero };
  Kind kind;
  std::size_t list;
};

/// A classifier as a list of loops over tiles (lanes.hpp): scores, and their gradient to the input.
/// A sample's numbers depend on nothing but the sample: not on the batch, the tile or the thread.
/// Running it changes nothing in it.
class Program {
 public:
  /// For `count` samples from `first` on, with scores `z`: writes the gradient of a loss by the
  /// scores to `dz`. Both are [count][classes].
  using Loss = std::function<void(
      std::int64_t first, std::int64_t count, std::int64_t classes, const float* z, float* dz)>;

  std::int64_t features() const { return static_cast<std::int64_t>(inputs_.size()); }

  std::int64_t classes() const { return static_cast<std::int64_t>(outputs_.size()); }

  /// @param x [samples][features]; @param z [samples][classes], written
  void logits(const float* x, std::int64_t samples, float* z, const Lanes& lanes) const;

  /// As logits; then the gradient of the loss by the input. @param dx [samples][features], written
  void gradient(const float* x,
                std::int64_t samples,
                float* z,
                const Loss& loss,
                float* dx,
                const Lanes& lanes) const;

 private:
  friend class Assembler;
  struct Tile;

  /// A matrix product in both forms.
  struct Product {
    SparsePlan sparse;
    LinearPlan dense;
  };

  void run(const std::vector<Instruction>& steps, Tile& tile, bool is_backward) const;
  void load(const float* x, std::int64_t count, Tile& tile) const;

  std::int64_t slots_ = 1;
  Slots inputs_;   ///< of each feature
  Slots outputs_;  ///< of each class
  std::vector<Activation> activations_;
  std::vector<LinearPlan> linears_;
  std::vector<Product> products_;
  std::vector<PointsPlan> points_;
  std::vector<OutputsPlan> outputs_of_points_;
  std::vector<std::vector<Scaling>> scalings_;
  std::vector<PoolLayer> pools_;
  std::vector<std::vector<Target>> gates_;
  std::vector<Slots> zeros_;
  std::vector<Instruction> forward_;
  std::vector<Instruction> backward_;
};

}  // namespace lockstep::ai::fused
