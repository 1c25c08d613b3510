// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/evasion/distances.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lockstep::ai {
namespace {

/// The finite ones of them, rising.
std::vector<double> finite(std::vector<double> distances) {
  std::erase(distances, Trace::none);
  std::ranges::sort(distances);
  return distances;
}

std::vector<Distances::After> marks_of(const std::vector<Trace>& traces) {
  std::vector<Distances::After> all;
  const auto longest = std::ranges::max_element(traces, {}, &Trace::asked);
  if (longest == traces.end()) return all;
  for (std::size_t i = 0; i < question_marks.size(); ++i) {
    if (longest->asked < question_marks[i]) break;
    std::vector<double> distances;
    for (const Trace& trace : traces)
      distances.push_back(trace.after[i]);
    distances = finite(std::move(distances));
    all.push_back({question_marks[i], static_cast<std::int64_t>(distances.size()),
                   distances.empty() ? 0 : median_of(distances)});
  }
  return all;
}

}  // namespace

double median_of(std::span<const double> rising) {
  const std::size_t half = rising.size() / 2;
  return rising.size() % 2 == 1 ? rising[half] : (rising[half - 1] + rising[half]) / 2;
}

bool is_within(double distance, double epsilon) {
  return distance <= epsilon * (1 + 1e-6) + 1e-7;
}

void Reach::add(const AttackRow& row,
                const std::vector<std::int64_t>& tried,
                const AttackTally& tally) {
  if (row.goal != Goal::nearest) return;
  for (const std::int64_t i : tried)
    is_attacked[static_cast<std::size_t>(i)] = 1;
  for (const Nearest& found : tally.nearest) {
    double& there = distance[static_cast<std::size_t>(found.index)];
    there = std::min(there, found.distance);
  }
  if (row.sees != Sees::gradients) traces = tally.traces;
}

std::vector<double> tenths_of(const Reach& reach) {
  const std::vector<double> rising = finite(reach.distance);
  std::vector<double> sizes;
  for (std::size_t tenth = 1; tenth <= 10 && !rising.empty(); ++tenth) {
    const double distance = rising[(tenth * rising.size() + 9) / 10 - 1];
    if (!(distance > 0)) continue;
    const double unit = std::pow(10, std::floor(std::log10(distance)) - 2);
    const double size = std::ceil(distance / unit) * unit;
    if (sizes.empty() || size > sizes.back()) sizes.push_back(size);
  }
  return sizes;
}

std::optional<Distances> summary_of(const Reach& reach) {
  Distances all;
  all.attacked = std::ranges::count(reach.is_attacked, 1);
  if (all.attacked == 0) return std::nullopt;
  std::vector<double> distances = finite(reach.distance);
  all.fooled = static_cast<std::int64_t>(distances.size());
  all.after = marks_of(reach.traces);
  if (distances.empty()) return all;
  all.mean = std::accumulate(distances.begin(), distances.end(), 0.0) /
             static_cast<double>(distances.size());
  all.median = median_of(distances);
  distances.resize(static_cast<std::size_t>(all.attacked), Trace::none);
  if (median_of(distances) < Trace::none) all.median_attacked = median_of(distances);
  return all;
}

}  // namespace lockstep::ai
