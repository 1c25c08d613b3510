// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/fused/sparse.hpp"

#include <algorithm>
#include <cmath>

#include "ai/worker/fused/plan_parts.hpp"

namespace lockstep::ai::fused {
namespace {

constexpr std::int64_t lines_max = sparse_group_max / lane_group;  ///< of a group
constexpr std::int64_t targets_min = 32;
constexpr std::int64_t weights_min = 4096;

/// Whether every target reads the same rows, one after another.
bool is_product(const LinearPlan& plan) {
  return !plan.blocks.empty() && plan.blocks.front().runs == 1 &&
         std::ranges::all_of(plan.blocks, [&](const Block& block) {
           return block.first_run == plan.blocks.front().first_run;
         });
}

std::size_t place(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

Sparse SparsePlan::view() const {
  return {first_source,
          sources,
          first_sum,
          targets.data(),
          std::ssize(targets),
          weights.front().columns.data(),
          bias.front().columns.data()};
}

std::int64_t SparsePlan::slots() const {
  return first_sum + std::min(std::ssize(bias), lines_max) * lane_group;
}

std::optional<SparsePlan> sparse_plan_of(const LinearPlan& plan, std::int64_t first_spare) {
  if (!is_product(plan)) return std::nullopt;
  const Run& run = plan.runs[place(plan.blocks.front().first_run)];
  const std::int64_t targets = std::ssize(plan.targets);
  const std::int64_t lines = (targets + lane_group - 1) / lane_group;
  const std::size_t bytes = place(lines) * place(run.length) * sizeof(Line);
  if (targets < targets_min || targets * run.length < weights_min ||
      bytes_of(plan) + bytes > plan_bytes_max ||
      !std::ranges::all_of(plan.weights, [](float weight) { return std::isfinite(weight); }))
    return std::nullopt;
  SparsePlan made{run.slot,
                  run.length,
                  static_cast<std::int32_t>(first_spare),
                  plan.targets,
                  std::vector<Line>(place(lines * run.length)),
                  std::vector<Line>(place(lines))};
  for (const Block& block : plan.blocks)
    for (std::int64_t i = 0; i < block.width; ++i) {
      const std::int64_t target = block.first_target + i;
      const std::int64_t line = target / lane_group;
      const std::size_t column = place(target % lane_group);
      if (block.bias >= 0)
        made.bias[place(line)].columns[column] = plan.bias[place(block.bias + i)];
      const std::int64_t group = line / lines_max * lines_max;
      const std::int64_t width = std::min(lines - group, lines_max);
      for (std::int64_t s = 0; s < run.length; ++s)
        made.weights[place(group * run.length + s * width + line - group)].columns[column] =
            plan.weights[place(block.weights + (run.tap + s) * block.width + i)];
    }
  return made;
}

}  // namespace lockstep::ai::fused
