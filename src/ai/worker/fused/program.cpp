// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/program.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

namespace lockstep::ai::fused {
namespace {

constexpr std::align_val_t alignment{64};

struct Freed {
  void operator()(float* memory) const { ::operator delete[](memory, alignment); }
};

using Memory = std::unique_ptr<float[], Freed>;

Memory memory_of(std::int64_t floats) {
  return Memory(static_cast<float*>(
      ::operator new[](static_cast<std::size_t>(floats) * sizeof(float), alignment)));
}

}  // namespace

/// The rows of some samples: values, and gradients where they are asked for.
struct Program::Tile {
  Tile(std::int64_t slots, bool has_gradients, const Lanes& set)
      : lanes(set),
        values(memory_of(slots * tile_lanes)),
        gradients(has_gradients ? memory_of(slots * tile_lanes) : Memory()) {}

  const Lanes& lanes;
  Memory values;
  Memory gradients;
  int width = tile_lanes;
};

void Program::load(const float* x, std::int64_t count, Tile& tile) const {
  tile.width = count > lane_group ? tile_lanes : lane_group;
  float* rows = tile.values.get();
  std::fill_n(rows, tile.width, 0.0F);
  const std::int64_t features = this->features();
  // In squares: both sides would otherwise walk over memory with large strides.
  constexpr std::int64_t square = 16;
  for (std::int64_t f = 0; f < features; f += square) {
    const std::int64_t end = std::min(f + square, features);
    for (std::int64_t lane = 0; lane < tile.width; lane += square)
      for (std::int64_t i = f; i < end; ++i) {
        float* row = rows +
                     static_cast<std::int64_t>(inputs_[static_cast<std::size_t>(i)]) * tile.width +
                     lane;
        for (std::int64_t k = 0; k < square; ++k)
          row[k] = lane + k < count ? x[(lane + k) * features + i] : 0.0F;
      }
  }
}

void Program::run(const std::vector<Instruction>& steps, Tile& tile, bool is_backward) const {
  float* target = is_backward ? tile.gradients.get() : tile.values.get();
  const Rows rows{target, target, is_backward ? tile.values.get() : nullptr, activations_.data(),
                  tile.width};
  for (const Instruction& step : steps) {
    switch (step.kind) {
      case Instruction::Kind::linear:
        tile.lanes.linear(linears_[step.list].view(), rows);
        break;
      case Instruction::Kind::scale: {
        const auto& items = scalings_[step.list];
        tile.lanes.scale(items.data(), static_cast<std::int64_t>(items.size()), rows);
        break;
      }
      case Instruction::Kind::pool:
      case Instruction::Kind::pool_back: {
        const PoolLayer& layer = pools_[step.list];
        const Pool pool{layer.out.data(), layer.candidates.data(),
                        static_cast<std::int64_t>(layer.out.size()), layer.window};
        (is_backward ? tile.lanes.max_pool_back : tile.lanes.max_pool)(pool, rows);
        break;
      }
      case Instruction::Kind::gate: {
        const auto& targets = gates_[step.list];
        tile.lanes.gate(targets.data(), static_cast<std::int64_t>(targets.size()), rows);
        break;
      }
      case Instruction::Kind::zero:
        for (const std::int32_t slot : zeros_[step.list])
          std::fill_n(target + static_cast<std::int64_t>(slot) * tile.width, tile.width, 0.0F);
        break;
    }
  }
}

namespace {

/// Rows to [count][slots.size()].
void unload(const float* rows, int width, const Slots& slots, std::int64_t count, float* to) {
  const auto columns = static_cast<std::int64_t>(slots.size());
  constexpr std::int64_t square = 16;
  for (std::int64_t f = 0; f < columns; f += square) {
    const std::int64_t end = std::min(f + square, columns);
    for (std::int64_t lane = 0; lane < count; ++lane)
      for (std::int64_t i = f; i < end; ++i)
        to[lane * columns + i] =
            rows[static_cast<std::int64_t>(slots[static_cast<std::size_t>(i)]) * width + lane];
  }
}

}  // namespace

void Program::logits(const float* x, std::int64_t samples, float* z, const Lanes& lanes) const {
  Tile tile(slots_, false, lanes);
  for (std::int64_t first = 0; first < samples; first += tile_lanes) {
    const std::int64_t count = std::min<std::int64_t>(tile_lanes, samples - first);
    load(x + first * features(), count, tile);
    run(forward_, tile, false);
    unload(tile.values.get(), tile.width, outputs_, count, z + first * classes());
  }
}

void Program::gradient(const float* x,
                       std::int64_t samples,
                       float* z,
                       const Loss& loss,
                       float* dx,
                       const Lanes& lanes) const {
  Tile tile(slots_, true, lanes);
  std::vector<float> seed(static_cast<std::size_t>(tile_lanes * classes()));
  for (std::int64_t first = 0; first < samples; first += tile_lanes) {
    const std::int64_t count = std::min<std::int64_t>(tile_lanes, samples - first);
    load(x + first * features(), count, tile);
    run(forward_, tile, false);
    float* scores = z + first * classes();
    unload(tile.values.get(), tile.width, outputs_, count, scores);
    loss(first, count, classes(), scores, seed.data());
    for (std::int64_t c = 0; c < classes(); ++c) {
      float* row = tile.gradients.get() +
                   static_cast<std::int64_t>(outputs_[static_cast<std::size_t>(c)]) * tile.width;
      for (std::int64_t lane = 0; lane < tile.width; ++lane)
        row[lane] = lane < count ? seed[static_cast<std::size_t>(lane * classes() + c)] : 0.0F;
    }
    run(backward_, tile, true);
    unload(tile.gradients.get(), tile.width, inputs_, count, dx + first * features());
  }
}

}  // namespace lockstep::ai::fused
