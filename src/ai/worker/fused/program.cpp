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

constexpr std::int64_t square = 4;

typedef float Four __attribute__((vector_size(square * sizeof(float)), aligned(4)));
typedef std::int32_t Order __attribute__((vector_size(square * sizeof(std::int32_t))));

/// Writes column i of a square of four rows from `x` on, `stride` apart, to `to(i)`.
template <typename To>
void transpose(const float* x, std::int64_t stride, const To& to) {
  const auto row = [&](std::int64_t i) { return *reinterpret_cast<const Four*>(x + i * stride); };
  const Four a = __builtin_shuffle(row(0), row(1), Order{0, 4, 1, 5});
  const Four b = __builtin_shuffle(row(0), row(1), Order{2, 6, 3, 7});
  const Four c = __builtin_shuffle(row(2), row(3), Order{0, 4, 1, 5});
  const Four d = __builtin_shuffle(row(2), row(3), Order{2, 6, 3, 7});
  *reinterpret_cast<Four*>(to(0)) = __builtin_shuffle(a, c, Order{0, 1, 4, 5});
  *reinterpret_cast<Four*>(to(1)) = __builtin_shuffle(a, c, Order{2, 3, 6, 7});
  *reinterpret_cast<Four*>(to(2)) = __builtin_shuffle(b, d, Order{0, 1, 4, 5});
  *reinterpret_cast<Four*>(to(3)) = __builtin_shuffle(b, d, Order{2, 3, 6, 7});
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
  const auto row_of = [&](std::int64_t feature) {
    return rows +
           static_cast<std::int64_t>(inputs_[static_cast<std::size_t>(feature)]) * tile.width;
  };
  // In squares: both sides would otherwise walk over memory with large strides.
  std::int64_t whole = 0;
  for (; whole + square <= features; whole += square) {
    std::int64_t lane = 0;
    for (; lane + square <= count; lane += square) {
      transpose(x + lane * features + whole, features,
                [&](std::int64_t i) { return row_of(whole + i) + lane; });
    }
    for (; lane < tile.width; ++lane)
      for (std::int64_t i = whole; i < whole + square; ++i)
        row_of(i)[lane] = lane < count ? x[lane * features + i] : 0.0F;
  }
  for (; whole < features; ++whole)
    for (std::int64_t lane = 0; lane < tile.width; ++lane)
      row_of(whole)[lane] = lane < count ? x[lane * features + whole] : 0.0F;
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
      case Instruction::Kind::product: {
        const Product& product = products_[step.list];
        if (!tile.lanes.sparse(product.sparse.view(), rows))
          tile.lanes.linear(product.dense.view(), rows);
        break;
      }
      case Instruction::Kind::to_points:
        tile.lanes.to_points(points_[step.list].view(), rows);
        break;
      case Instruction::Kind::from_points:
        tile.lanes.from_points(outputs_of_points_[step.list].view(), rows);
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
  const auto row_of = [&](std::int64_t column) {
    return rows + static_cast<std::int64_t>(slots[static_cast<std::size_t>(column)]) * width;
  };
  std::int64_t whole = 0;
  for (; whole + square <= columns; whole += square) {
    const bool is_even = row_of(whole + 1) - row_of(whole) == width &&
                         row_of(whole + 2) - row_of(whole) == 2 * width &&
                         row_of(whole + 3) - row_of(whole) == 3 * width;
    std::int64_t lane = 0;
    for (; is_even && lane + square <= count; lane += square)
      transpose(row_of(whole) + lane, width,
                [&](std::int64_t i) { return to + (lane + i) * columns + whole; });
    for (; lane < count; ++lane)
      for (std::int64_t i = whole; i < whole + square; ++i)
        to[lane * columns + i] = row_of(i)[lane];
  }
  for (; whole < columns; ++whole)
    for (std::int64_t lane = 0; lane < count; ++lane)
      to[lane * columns + whole] = row_of(whole)[lane];
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
