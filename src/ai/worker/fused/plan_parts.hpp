// SPDX-License-Identifier: Apache-2.0
// What the makers of lists (plan.cpp, winograd.cpp) have in common.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include "ai/worker/fused/plan.hpp"

namespace lockstep::ai::fused {

using Groups = std::array<const AxisGroup*, 3>;

/// One side of a layer.
struct Side {
  const Slots& slots;  ///< [channels][positions]
  std::int64_t channels;
  std::array<std::int64_t, 3> sizes;

  std::int64_t positions() const { return sizes[0] * sizes[1] * sizes[2]; }

  std::int32_t slot(std::int64_t channel, std::int64_t position) const {
    return slots[static_cast<std::size_t>(channel * positions() + position)];
  }

  std::int64_t position(std::int64_t a, std::int64_t b, std::int64_t c) const {
    return (a * sizes[1] + b) * sizes[2] + c;
  }

  /// The channels [first, first + count) in the order of their slots, so that rows are read as they
  /// lie in memory.
  std::vector<std::int64_t> in_order(std::int64_t first, std::int64_t count) const {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), first);
    if (positions() > 0)
      std::ranges::stable_sort(order, {}, [&](std::int64_t channel) { return slot(channel, 0); });
    return order;
  }
};

/// The layer as one direction sees it.
struct View {
  const LinearLayer& layer;
  Direction direction;
  Side target;
  Side source;

  View(const LinearLayer& of, Direction towards)
      : layer(of),
        direction(towards),
        target(towards == Direction::forward ? out_of(of) : in_of(of)),
        source(towards == Direction::forward ? in_of(of) : out_of(of)) {}

  /// @param to, from channels of the whole layer; `k` place in the kernel
  float weight(std::int64_t to, std::int64_t from, std::int64_t k) const {
    const bool is_forward = direction == Direction::forward;
    const std::int64_t in_of_group = layer.in_channels / layer.groups;
    const std::int64_t out = is_forward ? to : from;
    const std::int64_t in = (is_forward ? from : to) % in_of_group;
    return layer.weight[static_cast<std::size_t>((out * in_of_group + in) * kernel_size() + k)];
  }

  std::int64_t kernel_size() const {
    return layer.axes[0].kernel * layer.axes[1].kernel * layer.axes[2].kernel;
  }

  bool has_bias() const { return direction == Direction::forward && !layer.bias.empty(); }

 private:
  static Side in_of(const LinearLayer& layer) {
    const auto& axes = layer.axes;
    return {layer.in, layer.in_channels, {axes[0].inputs, axes[1].inputs, axes[2].inputs}};
  }

  static Side out_of(const LinearLayer& layer) {
    const auto& axes = layer.axes;
    return {layer.out, layer.out_channels, {axes[0].outputs, axes[1].outputs, axes[2].outputs}};
  }
};

/// Widths of the blocks for so many targets.
std::vector<std::int64_t> block_widths(std::int64_t targets);

/// Packs weights as [block][source][target of the block]. @returns where they begin
/// @param weight of a target and a source, by their numbers
template <typename Weight>
std::int64_t pack(LinearPlan& plan,
                  std::int64_t targets,
                  std::int64_t sources,
                  const Weight& weight) {
  const auto begin = static_cast<std::int64_t>(plan.weights.size());
  std::int64_t first = 0;
  for (const std::int64_t width : block_widths(targets)) {
    for (std::int64_t s = 0; s < sources; ++s)
      for (std::int64_t t = first; t < first + width; ++t)
        plan.weights.push_back(weight(t, s));
    first += width;
  }
  return begin;
}

/// Appends the blocks by which every target reads every source.
/// @param weights where they begin, packed; @param has_bias whether the caller adds it next
void append_blocks(LinearPlan& plan,
                   const Slots& targets,
                   const Slots& sources,
                   std::int64_t weights,
                   bool has_bias);

/// Makes the blocks of groups whose products are one by one.
class Planner {
 public:
  explicit Planner(const View& view) : view_(view) {}

  void add(const Groups& axes, std::int64_t group);

  LinearPlan plan;

 private:
  std::vector<std::int64_t> kernel_places(const Groups& axes) const;

  const View& view_;
  std::map<std::array<std::int64_t, 4>, std::int64_t> packs_;  ///< group, patterns -> offset
};

/// Bytes of the lists.
std::size_t bytes_of(const LinearPlan& plan);

}  // namespace lockstep::ai::fused
