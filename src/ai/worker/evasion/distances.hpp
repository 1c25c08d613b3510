// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ai/worker/evasion/campaign.hpp"
#include "domain/measurement.hpp"

namespace lockstep::ai {

/// What attacks for the nearest point found, by sample.
struct Reach {
  explicit Reach(std::int64_t samples)
      : is_attacked(static_cast<std::size_t>(samples), 0),
        distance(static_cast<std::size_t>(samples), Trace::none) {}

  std::vector<char> is_attacked;
  std::vector<double> distance;  ///< confirmed; infinite where there is no point
  std::vector<Trace> traces;     ///< of the last attack that saw no gradients

  /// Adds what an attack found. @param tried the samples that it was given
  void add(const AttackRow& row, const std::vector<std::int64_t>& tried, const AttackTally& tally);
};

/// The middle of numbers that rise, or the mean of the two middle ones. @pre not empty
double median_of(std::span<const double> rising);

/// Sizes of the change at which a further tenth of the confirmed points falls, rounded up to three
/// digits, rising: what a curve needs.
std::vector<double> tenths_of(const Reach& reach);

/// Counts, mean and medians; empty when no attack looked for the nearest point.
std::optional<Distances> summary_of(const Reach& reach);

/// How far a point may be and still count as within epsilon: rounding of the last bit is forgiven.
bool is_within(double distance, double epsilon);

}  // namespace lockstep::ai
