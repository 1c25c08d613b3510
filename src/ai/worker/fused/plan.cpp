// SPDX-License-Identifier: Apache-2.0
// A linear layer becomes blocks: up to eight targets that read the same rows. For a convolution
// those are channels of one position; going backward through a stride of 2, the channels of the
// four positions that the same outputs reach. Positions in the middle of an image share their
// weights, packed as [row][target]; positions at its border have shorter lists and weights of their
// own.
#include "ai/worker/fused/plan.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace lockstep::ai::fused {
namespace {

/// The layer as one direction sees it.
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

struct Weights {
  const LinearLayer& layer;
  Direction direction;
  std::int64_t kernel_size;

  /// @param target, source channels of the whole layer; `k` place in the kernel
  float at(std::int64_t target, std::int64_t source, std::int64_t k) const {
    const bool is_forward = direction == Direction::forward;
    const std::int64_t out = is_forward ? target : source;
    const std::int64_t in = (is_forward ? source : target) % in_of_group();
    return layer.weight[static_cast<std::size_t>((out * in_of_group() + in) * kernel_size + k)];
  }

  std::int64_t in_of_group() const { return layer.in_channels / layer.groups; }
};

using Groups = std::array<const AxisGroup*, 3>;

struct Planner {
  const LinearLayer& layer;
  Direction direction;
  Side target;
  Side source;
  Weights weights;
  LinearPlan plan;
  std::map<std::array<std::int64_t, 4>, std::int64_t> packs;  ///< group, patterns -> offset

  /// Places in the kernel for each pair of target and source positions, -1 where none.
  std::vector<std::int64_t> kernel_places(const Groups& axes) const {
    std::vector<std::int64_t> places;
    const std::array<std::size_t, 3> sources{axes[0]->sources.size(), axes[1]->sources.size(),
                                             axes[2]->sources.size()};
    for (std::size_t a = 0; a < axes[0]->targets.size(); ++a)
      for (std::size_t b = 0; b < axes[1]->targets.size(); ++b)
        for (std::size_t c = 0; c < axes[2]->targets.size(); ++c)
          for (std::size_t x = 0; x < sources[0]; ++x)
            for (std::size_t y = 0; y < sources[1]; ++y)
              for (std::size_t z = 0; z < sources[2]; ++z) {
                const std::int64_t i = axes[0]->kernel[a * sources[0] + x];
                const std::int64_t j = axes[1]->kernel[b * sources[1] + y];
                const std::int64_t k = axes[2]->kernel[c * sources[2] + z];
                places.push_back(i < 0 || j < 0 || k < 0
                                     ? -1
                                     : (i * layer.axes[1].kernel + j) * layer.axes[2].kernel + k);
              }
    return places;
  }

  static std::vector<std::int64_t> positions(const Side& side,
                                             const std::vector<std::int32_t>& a,
                                             const std::vector<std::int32_t>& b,
                                             const std::vector<std::int32_t>& c) {
    std::vector<std::int64_t> all;
    for (const std::int32_t i : a)
      for (const std::int32_t j : b)
        for (const std::int32_t k : c)
          all.push_back(side.position(i, j, k));
    return all;
  }

  /// [block][row][target in the block], and where it begins.
  std::int64_t pack(const Groups& axes,
                    std::size_t positions,
                    const std::vector<std::int64_t>& to,
                    const std::vector<std::int64_t>& from,
                    const std::vector<std::int64_t>& widths) {
    const auto begin = static_cast<std::int64_t>(plan.weights.size());
    const std::vector<std::int64_t> places = kernel_places(axes);
    const std::size_t sources = positions == 0 ? 0 : places.size() / positions;
    std::size_t first = 0;
    for (const std::int64_t width : widths) {
      for (std::size_t s = 0; s < sources; ++s)
        for (const std::int64_t channel : from)
          for (std::size_t i = first; i < first + static_cast<std::size_t>(width); ++i) {
            const std::int64_t k = places[i / to.size() * sources + s];
            plan.weights.push_back(k < 0 ? 0 : weights.at(to[i % to.size()], channel, k));
          }
      first += static_cast<std::size_t>(width);
    }
    return begin;
  }

  void add(const Groups& axes, std::int64_t group) {
    const std::int64_t targets_of_group = target.channels / layer.groups;
    const std::int64_t sources_of_group = source.channels / layer.groups;
    const auto to = target.in_order(group * targets_of_group, targets_of_group);
    const auto from = source.in_order(group * sources_of_group, sources_of_group);
    const auto to_positions =
        positions(target, axes[0]->targets, axes[1]->targets, axes[2]->targets);
    const auto from_positions =
        positions(source, axes[0]->sources, axes[1]->sources, axes[2]->sources);

    const auto count = static_cast<std::int64_t>(to_positions.size() * to.size());
    const std::int64_t blocks = (count + block_width_max - 1) / block_width_max;
    std::vector<std::int64_t> widths;
    for (std::int64_t i = 0; i < blocks; ++i)
      widths.push_back(count * (i + 1) / blocks - count * i / blocks);

    const auto [found, is_new] = packs.try_emplace(
        {group, axes[0]->pattern, axes[1]->pattern, axes[2]->pattern}, std::int64_t{0});
    if (is_new) found->second = pack(axes, to_positions.size(), to, from, widths);

    const auto first_run = static_cast<std::int32_t>(plan.runs.size());
    std::int32_t tap = 0;
    for (const std::int64_t position : from_positions)
      for (const std::int64_t channel : from) {
        const std::int32_t slot = source.slot(channel, position);
        const bool continues = tap > 0 && plan.runs.back().slot + plan.runs.back().length == slot;
        if (continues)
          ++plan.runs.back().length;
        else
          plan.runs.push_back({slot, tap, 1});
        ++tap;
      }
    const auto runs = static_cast<std::int32_t>(plan.runs.size()) - first_run;
    std::int64_t offset = found->second;
    auto first_target = static_cast<std::int32_t>(plan.targets.size());
    const bool has_bias = direction == Direction::forward && !layer.bias.empty();
    for (const std::int64_t width : widths) {
      plan.blocks.push_back({first_target, static_cast<std::int32_t>(width), first_run, runs,
                             offset, has_bias ? static_cast<std::int64_t>(first_target) : -1});
      offset += width * tap;
      first_target += static_cast<std::int32_t>(width);
    }
    for (const std::int64_t position : to_positions)
      for (const std::int64_t channel : to) {
        plan.targets.push_back({target.slot(channel, position), no_activation, 0});
        if (has_bias) plan.bias.push_back(layer.bias[static_cast<std::size_t>(channel)]);
      }
  }
};

bool is_within_limit(const LinearPlan& plan) {
  return plan.weights.size() * sizeof(float) + plan.runs.size() * sizeof(Run) +
             plan.blocks.size() * sizeof(Block) + plan.targets.size() * sizeof(Target) <=
         plan_bytes_max;
}

}  // namespace

std::optional<LinearPlan> plan_of(const LinearLayer& layer, Direction direction) {
  const auto& axes = layer.axes;
  const Side in{layer.in, layer.in_channels, {axes[0].inputs, axes[1].inputs, axes[2].inputs}};
  const Side out{
      layer.out, layer.out_channels, {axes[0].outputs, axes[1].outputs, axes[2].outputs}};
  const bool is_forward = direction == Direction::forward;
  Planner planner{layer,
                  direction,
                  is_forward ? out : in,
                  is_forward ? in : out,
                  {layer, direction, axes[0].kernel * axes[1].kernel * axes[2].kernel},
                  {},
                  {}};
  std::array<std::vector<AxisGroup>, 3> groups;
  for (std::size_t i = 0; i < 3; ++i)
    groups[i] = is_forward ? forward_groups(axes[i]) : backward_groups(axes[i]);
  for (const AxisGroup& a : groups[0])
    for (const AxisGroup& b : groups[1])
      for (const AxisGroup& c : groups[2])
        for (std::int64_t group = 0; group < layer.groups; ++group) {
          planner.add({&a, &b, &c}, group);
          if (!is_within_limit(planner.plan)) return std::nullopt;
        }
  return std::move(planner.plan);
}

}  // namespace lockstep::ai::fused
