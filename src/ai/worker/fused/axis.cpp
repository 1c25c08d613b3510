// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/axis.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace lockstep::ai::fused {
namespace {

void number_patterns(std::vector<AxisGroup>& groups) {
  std::map<std::pair<std::array<std::int64_t, 3>, std::vector<std::int32_t>>, int> patterns;
  for (AxisGroup& group : groups)
    group.pattern =
        patterns
            .try_emplace({{group.target_entries(), group.products, group.taps}, group.kernel},
                         static_cast<int>(patterns.size()))
            .first->second;
}

constexpr std::int64_t tile_products = 4;

/// How many neighbours of one kind a position reads, if that is a number that tiles are made for;
/// otherwise 0.
std::int64_t taps_of(const Sliding& axis) {
  const std::int64_t taps = (axis.kernel + axis.stride - 1) / axis.stride;
  return axis.dilation == 1 && (taps == 2 || taps == 3) ? taps : 0;
}

AxisGroup empty_tile(std::int64_t taps) {
  AxisGroup tile;
  tile.products = tile_products;
  tile.outputs = tile_products + 1 - taps;
  tile.taps = taps;
  return tile;
}

std::int32_t inside(std::int64_t position, std::int64_t size) {
  return static_cast<std::int32_t>(position >= 0 && position < size ? position : -1);
}

/// Adds the groups to `tiles`, without targets in [first, end).
void append_others(std::vector<AxisGroup>& tiles,
                   const std::vector<AxisGroup>& groups,
                   std::int64_t first,
                   std::int64_t end) {
  for (const AxisGroup& group : groups) {
    AxisGroup others;
    others.sources = group.sources;
    for (std::size_t t = 0; t < group.targets.size(); ++t) {
      if (group.targets[t] >= first && group.targets[t] < end) continue;
      others.targets.push_back(group.targets[t]);
      const auto row = group.kernel.begin() + static_cast<std::ptrdiff_t>(t * group.sources.size());
      others.kernel.insert(others.kernel.end(), row, row + std::ssize(group.sources));
    }
    if (!others.targets.empty()) tiles.push_back(std::move(others));
  }
}

}  // namespace

std::vector<AxisGroup> forward_groups(const Sliding& axis) {
  std::vector<AxisGroup> groups;
  for (std::int64_t output = 0; output < axis.outputs; ++output) {
    AxisGroup& group = groups.emplace_back();
    group.targets.push_back(static_cast<std::int32_t>(output));
    for (std::int64_t k = 0; k < axis.kernel; ++k) {
      const std::int64_t input = output * axis.stride + k * axis.dilation - axis.before;
      if (input < 0 || input >= axis.inputs) continue;
      group.sources.push_back(static_cast<std::int32_t>(input));
      group.kernel.push_back(static_cast<std::int32_t>(k));
    }
  }
  number_patterns(groups);
  return groups;
}

std::vector<AxisGroup> backward_groups(const Sliding& axis) {
  std::vector<AxisGroup> groups;
  std::map<std::vector<std::int32_t>, std::size_t> by_sources;
  for (std::int64_t input = 0; input < axis.inputs; ++input) {
    std::vector<std::int32_t> sources;
    std::vector<std::int32_t> kernel;
    // From the kernel's end, so that the outputs come in ascending order.
    for (std::int64_t k = axis.kernel; k-- > 0;) {
      const std::int64_t start = input + axis.before - k * axis.dilation;
      if (start < 0 || start % axis.stride != 0 || start / axis.stride >= axis.outputs) continue;
      sources.push_back(static_cast<std::int32_t>(start / axis.stride));
      kernel.push_back(static_cast<std::int32_t>(k));
    }
    const auto [found, is_new] = by_sources.try_emplace(sources, groups.size());
    if (is_new) groups.emplace_back().sources = std::move(sources);
    AxisGroup& group = groups[found->second];
    group.targets.push_back(static_cast<std::int32_t>(input));
    group.kernel.insert(group.kernel.end(), kernel.begin(), kernel.end());
  }
  number_patterns(groups);
  return groups;
}

// With i = stride * q + phase - before, the output o reads of each phase the neighbours from q = o
// on, by the places stride * (q - o) + phase of the kernel: a kernel of stride 1 for each phase.
std::vector<AxisGroup> tiled_forward_groups(const Sliding& axis) {
  const std::int64_t taps = taps_of(axis);
  if (taps == 0) return forward_groups(axis);
  std::vector<AxisGroup> groups;
  const std::int64_t outputs = tile_products + 1 - taps;
  std::int64_t first = 0;
  for (; first + outputs <= axis.outputs; first += outputs) {
    AxisGroup& tile = groups.emplace_back(empty_tile(taps));
    for (std::int64_t o = first; o < first + outputs; ++o)
      tile.targets.push_back(static_cast<std::int32_t>(o));
    for (std::int64_t phase = 0; phase < axis.stride; ++phase) {
      for (std::int64_t q = first; q < first + tile_products; ++q)
        tile.sources.push_back(inside(axis.stride * q + phase - axis.before, axis.inputs));
      for (std::int64_t j = 0; j < taps; ++j)
        tile.kernel.push_back(inside(axis.stride * j + phase, axis.kernel));
    }
  }
  append_others(groups, forward_groups(axis), 0, first);
  number_patterns(groups);
  return groups;
}

// The same seen from the inputs: q of each phase is read by the outputs q - j.
std::vector<AxisGroup> tiled_backward_groups(const Sliding& axis) {
  const std::int64_t taps = taps_of(axis);
  if (taps == 0) return backward_groups(axis);
  std::vector<AxisGroup> groups;
  const std::int64_t outputs = tile_products + 1 - taps;
  const std::int64_t begin = (axis.before + axis.stride - 1) / axis.stride;
  std::int64_t first = begin;
  for (; axis.stride * (first + outputs) - axis.before <= axis.inputs; first += outputs) {
    AxisGroup& tile = groups.emplace_back(empty_tile(taps));
    for (std::int64_t o = first + 1 - taps; o < first + 1 - taps + tile_products; ++o)
      tile.sources.push_back(inside(o, axis.outputs));
    for (std::int64_t phase = 0; phase < axis.stride; ++phase) {
      for (std::int64_t q = first; q < first + outputs; ++q)
        tile.targets.push_back(static_cast<std::int32_t>(axis.stride * q + phase - axis.before));
      for (std::int64_t j = taps; j-- > 0;)
        tile.kernel.push_back(inside(axis.stride * j + phase, axis.kernel));
    }
  }
  append_others(groups, backward_groups(axis), axis.stride * begin - axis.before,
                axis.stride * first - axis.before);
  number_patterns(groups);
  return groups;
}

}  // namespace lockstep::ai::fused
