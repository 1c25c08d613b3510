// SPDX-License-Identifier: Apache-2.0
// The bootstrap: samples drawn from the samples, as often as it takes to see how much a metric
// moves. Every draw is a counter-based random number that belongs to (seed, group, resample), so
// that the same seed gives the same intervals everywhere.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ai/metrics/calibration.hpp"
#include "ai/metrics/scores.hpp"
#include "base/statistics.hpp"

namespace lockstep::ai {

struct ResamplingSettings {
  std::uint64_t seed = 1;
  std::int64_t resamples = 2000;
};

/// The metrics of every resample, each list sorted.
struct Resamples {
  std::vector<double> mcc;
  std::vector<double> macro_f1;
  std::vector<double> log_loss;
  std::vector<double> brier;
  /// How far the bins of a model as well calibrated as this one stray by chance.
  std::vector<double> calibration_noise;
  /// The calibration error of a model whose every confidence is right.
  std::vector<double> calibrated_error;
};

/// Cost: O(resamples * (samples + classes)).
/// @param name of the group; chooses the random numbers
Resamples resample(const Slice& slice,
                   const Binning& binning,
                   const ResamplingSettings& settings,
                   std::string_view name);

/// -ln p of the right class, and squared error of the probabilities (of the second class alone when
/// there are two).
double loss_of(const Scores& scores, std::int32_t sample);
double squared_error_of(const Scores& scores, std::int32_t sample);

/// Matthews' correlation of classes and answers; nothing when either is always the same class.
/// Source: Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation
/// coefficient".
std::optional<double> correlation(const Tally& tally);

/// Mean F1 of the classes that occur or are answered. Cost: O(classes).
double mean_f1(const Tally& tally);

/// The bias-corrected and accelerated interval.
/// @param value of the metric   @param sorted its values in the resamples
/// @param acceleration from the jackknife   @param alpha of each side
/// Source: Efron 1987, "Better bootstrap confidence intervals".
Interval bca(double value, const std::vector<double>& sorted, double acceleration, double alpha);

/// The acceleration of a mean of numbers, and of a metric of a tally: a sixth of the skewness of
/// what is left out, one sample at a time.
double acceleration_of_mean(const std::vector<double>& numbers);
double acceleration(const Slice& slice, const Tally& tally, double (*metric)(const Tally&));

}  // namespace lockstep::ai
