// SPDX-License-Identifier: Apache-2.0
// Expected calibration error: how far the share of right answers lies from the confidence in them.
//
//     ECE = sum over bins of n_b / n * |right_b / n_b - mean confidence_b|
//
// An error of zero is out of reach of any finite sample: bins stray by chance, and the absolute
// value adds up what should cancel. So the value stands beside the one that a perfectly calibrated
// model would show here. For the interval, answers are drawn anew in each bin at its own rate (the
// mean of the Jeffreys posterior, so that a bin without a wrong answer may have one too). By the
// triangle inequality
//
//     |ECE measured - ECE true| <= sum of n_b / n * |rate drawn - rate|
//
// and the quantile of the right side is the reach of the interval, on both sides. It is wide rather
// than wrong: it never leaves out 0 only because bins are noisy.
//
// Source: Naeini, Cooper and Hauskrecht 2015; bins of equal mass: Nguyen and O'Connor 2015; errors
// by chance: Broecker and Smith 2007, "Increasing the reliability of reliability diagrams".
#include "ai/metrics/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ai/metrics/metrics.hpp"

namespace lockstep::ai {
namespace {

/// Of a sorted list with enough elements: the least that at least a share of `p` do not exceed.
double quantile_of(const std::vector<double>& sorted, double p) {
  const auto count = static_cast<double>(sorted.size());
  const auto rank = static_cast<std::int64_t>(std::ceil(p * count)) - 1;
  return sorted[static_cast<std::size_t>(
      std::clamp<std::int64_t>(rank, 0, static_cast<std::int64_t>(sorted.size()) - 1))];
}

}  // namespace

Binning binning_of(const Slice& slice) {
  const std::size_t samples = slice.index.size();
  Binning binning;
  binning.bin.resize(samples);
  binning.confidence.resize(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const auto sample = static_cast<std::size_t>(slice.index[i]);
    const auto answered = static_cast<std::size_t>(slice.scores.answered[sample]);
    binning.confidence[i] = std::exp(slice.scores.row(slice.index[i])[answered]);
  }
  std::vector<std::uint32_t> order(samples);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return binning.confidence[i]; });
  std::size_t number = 0;  // of the border that ends the bin
  for (std::size_t start = 0, end = 0; start < samples; start = end) {
    while (end <= start)
      end = ++number * samples / reliability_bins;
    while (end < samples && binning.confidence[order[end]] == binning.confidence[order[end - 1]])
      ++end;
    ReliabilityBin bin;
    bin.low = binning.confidence[order[start]];
    bin.high = binning.confidence[order[end - 1]];
    bin.accuracy.total = static_cast<std::int64_t>(end - start);
    for (std::size_t i = start; i < end; ++i) {
      const auto sample = static_cast<std::size_t>(slice.index[order[i]]);
      bin.confidence += binning.confidence[order[i]];
      bin.accuracy.correct += slice.scores.labels[sample] == slice.scores.answered[sample];
      binning.bin[order[i]] = static_cast<std::uint8_t>(binning.bins.size());
    }
    const auto total = static_cast<double>(bin.accuracy.total);
    bin.confidence /= total;
    bin.accuracy.interval95 = clopper_pearson(bin.accuracy.correct, bin.accuracy.total);
    binning.error += std::abs(static_cast<double>(bin.accuracy.correct) / total - bin.confidence) *
                     total / static_cast<double>(samples);
    binning.bins.push_back(bin);
  }
  return binning;
}

Bounded expected_calibration_error(const Subject& subject, std::int64_t) {
  Bounded bounded;
  bounded.samples = subject.slice.samples();
  if (bounded.samples == 0) {
    bounded.why_not = "there are no samples";
    return bounded;
  }
  bounded.value = subject.binning.error;
  bounded.method = "bootstrap of the answers in each bin";
  bounded.least_alpha = 1 / static_cast<double>(subject.resamples.calibration_noise.size() + 1);
  bounded.bounds = [error = subject.binning.error,
                    noise = subject.resamples.calibration_noise](double alpha) {
    const double reach = quantile_of(noise, 1 - alpha);
    return Interval{std::max(0.0, error - reach), std::min(1.0, error + reach)};
  };
  return bounded;
}

}  // namespace lockstep::ai
