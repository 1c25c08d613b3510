// SPDX-License-Identifier: Apache-2.0
// The few loops that the fused back end spends its time in. A tile holds up to `tile_lanes` samples
// side by side:
//
//     slot 0   | 0        0        0        ... |     always zero (pads)
//     slot 1   | sample 0 sample 1 sample 2 ... |     one scalar of the net, for each sample
//     slot 2   | sample 0 sample 1 sample 2 ... |
//
// so that every operator is arithmetic between rows, whatever its shape, stride or channel count,
// and no sample's result depends on its neighbours. Built for several instruction sets
// (lanes_avx512.cpp, ...), chosen when the program starts. This header is included by code that is
// compiled for machines better than the one it runs on: plain data only, no inline functions.
#pragma once

#include <cstdint>

namespace lockstep::ai::fused {

inline constexpr int tile_lanes = 32;         ///< samples in a full tile
inline constexpr int lane_group = 16;         ///< a tile has a multiple of this many
inline constexpr int block_width_max = 8;     ///< rows that a block computes together
inline constexpr int sparse_group_max = 128;  ///< columns of `Sparse` that are computed together
inline constexpr int no_activation = -1;

/// y = x > 0 ? min(x, high) : slope * x. ReLU is (0, infinity).
struct Activation {
  float slope;
  float high;
};

/// A row that is written.
struct Target {
  std::int32_t slot;
  std::int16_t activation;  ///< index in the list of activations, or no_activation
  std::int16_t adds;        ///< 1: to what is there
};

/// `length` rows from `slot` on, read with the weights from `tap` on.
struct Run {
  std::int32_t slot;
  std::int32_t tap;
  std::int32_t length;
};

/// targets[i] = bias[i] + sum over taps t of weights[t * width + i] * row(t), for i < width.
struct Block {
  std::int32_t first_target;
  std::int32_t width;
  std::int32_t first_run;
  std::int32_t runs;
  std::int64_t weights;  ///< offset of the block's first weight
  std::int64_t bias;     ///< offset of its first bias; -1: none
};

/// A linear layer, or its transpose.
struct Linear {
  const Block* blocks;
  std::int64_t count;
  const Run* runs;
  const Target* targets;
  const float* weights;
  const float* bias;
};

/// A linear layer whose targets all read the same rows, which lie one after another, computed for
/// each sample from those that are not zero there. Targets are columns, in groups of at most
/// `sparse_group_max`, the last filled up with zeros to a multiple of `lane_group`.
struct Sparse {
  std::int32_t first_source;
  std::int32_t sources;
  std::int32_t first_sum;  ///< slot; from here on there is a spare row for each column of a group
  const Target* targets;
  std::int64_t count;    ///< of targets
  const float* weights;  ///< [group][source][column], on lines of the cache
  const float* bias;     ///< [column]
};

/// Rows of a convolution's input, in lines or squares of four, to the points where products of
/// them are products of polynomials (winograd.hpp). Point p of item i is written to the slot
/// first_target + p * stride + i.
struct ToPoints {
  const std::int32_t* sources;  ///< [count][4 or 4 * 4]
  std::int32_t first_target;
  std::int32_t stride;
  std::int32_t axes;  ///< 1: lines; 2: squares
  std::int64_t count;
};

/// The way back, from products at the points: lines or squares of two or three outputs.
struct FromPoints {
  const Target* targets;  ///< [count][outputs or outputs * outputs]
  const float* bias;      ///< [count]; null: none
  std::int32_t first_source;
  std::int32_t stride;
  std::int32_t axes;
  std::int32_t outputs;
  std::int64_t count;
};

/// target = scale * row(source) + shift.
struct Scaling {
  std::int32_t source;
  Target target;
  float scale;
  float shift;
};

/// Maxima over windows: `window` candidates for each target, -1 where the window leaves the image.
struct Pool {
  const std::int32_t* targets;
  const std::int32_t* candidates;  ///< [count][window]
  std::int64_t count;
  std::int64_t window;
};

/// Where a loop reads and writes. A row is `lanes` floats.
struct Rows {
  const float* source;
  float* target;
  /// Null: activations are applied to what is written. Otherwise the values of the forward pass:
  /// what is written is a gradient, and is multiplied by the activation's derivative there.
  const float* values;
  const Activation* activations;
  int lanes;
};

struct Lanes {
  const char* name;
  void (*linear)(const Linear& linear, const Rows& rows);
  /// @returns false, with no target written, where so few sources are zero that `linear` is faster.
  /// The bits are the same.
  bool (*sparse)(const Sparse& sparse, const Rows& rows);
  void (*to_points)(const ToPoints& points, const Rows& rows);
  void (*from_points)(const FromPoints& points, const Rows& rows);
  void (*scale)(const Scaling* items, std::int64_t count, const Rows& rows);
  void (*max_pool)(const Pool& pool, const Rows& rows);
  /// Adds each target's gradient to the first candidate that has the maximum. Needs `values`.
  void (*max_pool_back)(const Pool& pool, const Rows& rows);
  /// Multiplies rows by their activation's derivative. Needs `values`.
  void (*gate)(const Target* targets, std::int64_t count, const Rows& rows);
};

/// The best of the built instruction sets that this processor has.
const Lanes& best_lanes();

/// All that this processor can run, best first. @param count set to their number, at most 3
const Lanes* const* usable_lanes(int* count);

}  // namespace lockstep::ai::fused
