// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ai/metrics/scores.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// Bins of the reliability diagram.
inline constexpr std::int64_t reliability_bins = 15;

/// Samples in bins of about equally many by the confidence of the answer, which is the probability
/// of the class answered. Equal confidences share a bin, so that the order of the samples does not
/// matter.
struct Binning {
  std::vector<std::uint8_t> bin;   ///< [samples of the slice]
  std::vector<double> confidence;  ///< [samples of the slice]
  std::vector<ReliabilityBin> bins;
  double error = 0;  ///< mean over the samples of |accuracy - confidence| of their bin
};

Binning binning_of(const Slice& slice);

}  // namespace lockstep::ai
