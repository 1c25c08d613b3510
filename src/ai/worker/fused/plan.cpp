// SPDX-License-Identifier: Apache-2.0
// A linear layer becomes blocks: up to eight targets that read the same rows. For a convolution
// those are channels of one position; going backward through a stride of 2, the channels of the
// four positions that the same outputs reach. Positions in the middle of an image share their
// weights, packed as [row][target]; positions at its border have shorter lists and weights of their
// own. Where four products do for more (winograd.hpp), only the border is left for that.
#include "ai/worker/fused/plan.hpp"

#include <algorithm>

#include "ai/worker/fused/plan_parts.hpp"
#include "ai/worker/fused/winograd.hpp"

namespace lockstep::ai::fused {
namespace {

std::vector<std::int64_t> positions(const Side& side,
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

/// [position][channel]
Slots slots_at(const Side& side,
               const std::vector<std::int64_t>& positions,
               const std::vector<std::int64_t>& channels) {
  Slots slots;
  for (const std::int64_t position : positions)
    for (const std::int64_t channel : channels)
      slots.push_back(side.slot(channel, position));
  return slots;
}

}  // namespace

ToPoints PointsPlan::view() const {
  return {sources.data(), first_target, stride, axes, std::ssize(sources) / (axes == 2 ? 16 : 4)};
}

FromPoints OutputsPlan::view() const {
  const std::int64_t each = axes == 2 ? outputs * outputs : outputs;
  return {targets.data(),
          bias.empty() ? nullptr : bias.data(),
          first_source,
          stride,
          axes,
          outputs,
          std::ssize(targets) / each};
}

std::vector<std::int64_t> block_widths(std::int64_t targets) {
  const std::int64_t blocks = (targets + block_width_max - 1) / block_width_max;
  std::vector<std::int64_t> widths;
  for (std::int64_t i = 0; i < blocks; ++i)
    widths.push_back(targets * (i + 1) / blocks - targets * i / blocks);
  return widths;
}

void append_blocks(LinearPlan& plan,
                   const Slots& targets,
                   const Slots& sources,
                   std::int64_t weights,
                   bool has_bias) {
  const auto first_run = static_cast<std::int32_t>(plan.runs.size());
  std::int32_t tap = 0;
  for (const std::int32_t slot : sources) {
    const bool continues = tap > 0 && plan.runs.back().slot + plan.runs.back().length == slot;
    if (continues)
      ++plan.runs.back().length;
    else
      plan.runs.push_back({slot, tap, 1});
    ++tap;
  }
  const auto runs = static_cast<std::int32_t>(plan.runs.size()) - first_run;
  auto first_target = static_cast<std::int32_t>(plan.targets.size());
  for (const std::int64_t width : block_widths(std::ssize(targets))) {
    plan.blocks.push_back({first_target, static_cast<std::int32_t>(width), first_run, runs, weights,
                           has_bias ? static_cast<std::int64_t>(first_target) : -1});
    weights += width * tap;
    first_target += static_cast<std::int32_t>(width);
  }
  for (const std::int32_t slot : targets)
    plan.targets.push_back({slot, no_activation, 0});
}

/// Places in the kernel for each pair of target and source positions, -1 where none.
std::vector<std::int64_t> Planner::kernel_places(const Groups& axes) const {
  const auto& sliding = view_.layer.axes;
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
                                   : (i * sliding[1].kernel + j) * sliding[2].kernel + k);
            }
  return places;
}

void Planner::add(const Groups& axes, std::int64_t group) {
  const LinearLayer& layer = view_.layer;
  const std::int64_t targets_of_group = view_.target.channels / layer.groups;
  const std::int64_t sources_of_group = view_.source.channels / layer.groups;
  const auto to = view_.target.in_order(group * targets_of_group, targets_of_group);
  const auto from = view_.source.in_order(group * sources_of_group, sources_of_group);
  const auto to_positions =
      positions(view_.target, axes[0]->targets, axes[1]->targets, axes[2]->targets);
  const auto from_positions =
      positions(view_.source, axes[0]->sources, axes[1]->sources, axes[2]->sources);
  const Slots targets = slots_at(view_.target, to_positions, to);
  const Slots sources = slots_at(view_.source, from_positions, from);
  const auto [found, is_new] = packs_.try_emplace(
      {group, axes[0]->pattern, axes[1]->pattern, axes[2]->pattern}, std::int64_t{0});
  if (is_new) {
    const std::vector<std::int64_t> places = kernel_places(axes);
    const auto channels = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
    found->second =
        pack(plan, std::ssize(targets), std::ssize(sources), [&](std::int64_t t, std::int64_t s) {
          const std::int64_t pair =
              t / channels(to) * std::ssize(from_positions) + s / channels(from);
          const std::int64_t k = places[static_cast<std::size_t>(pair)];
          return k < 0 ? 0.0F
                       : view_.weight(to[static_cast<std::size_t>(t % channels(to))],
                                      from[static_cast<std::size_t>(s % channels(from))], k);
        });
  }
  append_blocks(plan, targets, sources, found->second, view_.has_bias());
  if (!view_.has_bias()) return;
  for (std::size_t i = 0; i < to_positions.size(); ++i)
    for (const std::int64_t channel : to)
      plan.bias.push_back(layer.bias[static_cast<std::size_t>(channel)]);
}

std::size_t bytes_of(const LinearPlan& plan) {
  return plan.weights.size() * sizeof(float) + plan.runs.size() * sizeof(Run) +
         plan.blocks.size() * sizeof(Block) + plan.targets.size() * sizeof(Target);
}

std::optional<LayerPlan> plan_of(const LinearLayer& layer,
                                 Direction direction,
                                 std::int64_t first_spare) {
  const View view(layer, direction);
  if (tiles_pay(view)) return tiled_plan_of(view, first_spare);
  std::array<std::vector<AxisGroup>, 3> groups;
  for (std::size_t i = 0; i < 3; ++i)
    groups[i] = direction == Direction::forward ? forward_groups(layer.axes[i])
                                                : backward_groups(layer.axes[i]);
  Planner planner(view);
  for (const AxisGroup& a : groups[0])
    for (const AxisGroup& b : groups[1])
      for (const AxisGroup& c : groups[2])
        for (std::int64_t group = 0; group < layer.groups; ++group) {
          planner.add({&a, &b, &c}, group);
          if (bytes_of(planner.plan) > plan_bytes_max) return std::nullopt;
        }
  return LayerPlan{std::move(planner.plan), {}, {}, first_spare};
}

}  // namespace lockstep::ai::fused
