// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/axis.hpp"

#include <map>
#include <utility>

namespace lockstep::ai::fused {
namespace {

void number_patterns(std::vector<AxisGroup>& groups) {
  std::map<std::pair<std::size_t, std::vector<std::int32_t>>, int> patterns;
  for (AxisGroup& group : groups)
    group.pattern =
        patterns
            .try_emplace({group.targets.size(), group.kernel}, static_cast<int>(patterns.size()))
            .first->second;
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

}  // namespace lockstep::ai::fused
