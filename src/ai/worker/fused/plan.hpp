// SPDX-License-Identifier: Apache-2.0
// Layers of a net over rows of a tile (lanes.hpp), and the lists that a loop walks for them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ai/worker/fused/axis.hpp"
#include "ai/worker/fused/lanes.hpp"

namespace lockstep::ai::fused {

using Slots = std::vector<std::int32_t>;

/// A convolution over up to three axes; a matrix product is one without axes.
struct LinearLayer {
  std::array<Sliding, 3> axes;
  std::int64_t groups = 1;
  Slots in;   ///< [channels][positions]
  Slots out;  ///< [channels][positions]
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::vector<float> weight;  ///< [out][in of the group][kernel]
  std::vector<float> bias;    ///< [out]; may be empty
};

/// out[i] = shift[i] + sum over terms of scale[i] * in[i].
struct ScaleLayer {
  struct Term {
    Slots in;
    std::vector<float> scale;
  };

  Slots out;
  std::vector<Term> terms;
  std::vector<float> shift;
};

/// An S-shaped function of each element. There are no loops for it: who computes bounds wants it.
struct CurveLayer {
  enum class Kind { sigmoid, tanh };
  Slots out;
  Slots in;
  Kind kind = Kind::sigmoid;
};

/// out[i] = max over the window's candidates; -1 where the window leaves the image.
struct PoolLayer {
  Slots out;
  Slots candidates;  ///< [out][window]
  std::int64_t window = 0;
};

/// A linear layer's lists; `view` points into them.
struct LinearPlan {
  std::vector<Block> blocks;
  std::vector<Run> runs;
  std::vector<Target> targets;  ///< without activations; the caller sets those and `adds`
  std::vector<float> weights;
  std::vector<float> bias;

  Linear view() const {
    return {blocks.data(),  static_cast<std::int64_t>(blocks.size()),
            runs.data(),    targets.data(),
            weights.data(), bias.data()};
  }
};

/// Rows that are moved to the points where four products take the place of more, or back
/// (winograd.hpp).
struct PointsPlan {
  Slots sources;
  std::int32_t first_target = 0;
  std::int32_t stride = 0;
  std::int32_t axes = 1;

  ToPoints view() const;
};

struct OutputsPlan {
  std::int32_t first_source = 0;
  std::int32_t stride = 0;
  std::vector<Target> targets;  ///< as in LinearPlan
  std::vector<float> bias;      ///< of each item; may be empty
  std::int32_t axes = 1;
  std::int32_t outputs = 1;

  FromPoints view() const;
};

/// Neighbouring positions of a convolution.
struct TilePlan {
  PointsPlan points;
  std::size_t products;  ///< which of the layer's lists
  OutputsPlan outputs;
};

/// All lists of a linear layer: tiles first, each through spare rows; then what is computed one by
/// one.
struct LayerPlan {
  LinearPlan direct;
  std::vector<LinearPlan> products;
  std::vector<TilePlan> tiles;
  std::int64_t slots = 0;  ///< that the rows must have, spare ones included
};

/// The layer, or its transpose: from gradients of the outputs to gradients of the inputs.
/// Nothing when the lists would need more than `plan_bytes_max`.
/// @param first_spare from this slot on, rows are free between the instructions of other layers
enum class Direction { forward, backward };
inline constexpr std::size_t plan_bytes_max = std::size_t{1} << 29;
std::optional<LayerPlan> plan_of(const LinearLayer& layer,
                                 Direction direction,
                                 std::int64_t first_spare);

}  // namespace lockstep::ai::fused
