// SPDX-License-Identifier: Apache-2.0
// The family of metrics: one row each in metrics.cpp. A row gives the value of a metric on some
// samples, and how to bound it; everything else is made from the rows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/metrics/resampling.hpp"
#include "ai/metrics/scores.hpp"
#include "base/statistics.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// Samples with what several metrics need of them, made once.
struct Subject {
  Slice slice;
  Tally tally;
  Binning binning;
  Resamples resamples;
};

/// @param name of the group, "" for all samples; it chooses the random numbers
Subject subject_of(Slice slice, const ResamplingSettings& settings, std::string_view name);

/// Both one-sided bounds, each of which fails with a probability of at most alpha.
/// @param alpha in (0, 0.5]
using Bounds = std::function<Interval(double alpha)>;

/// One metric of some samples, before it is written down.
struct Bounded {
  std::optional<double> value;  ///< nothing when it is not defined
  std::int64_t samples = 0;     ///< that it rests on
  std::optional<Count> count;   ///< where the value rises with a share of a count alone
  double (*share_of)(double value) = nullptr;  ///< the share at which the metric has that value
  Bounds bounds;                               ///< empty when none can be trusted
  double least_alpha = 1e-9;  ///< the least that the bounds can tell from a smaller one
  std::string method;         ///< of the bounds
  std::string why_not;        ///< why there is no value, or no bounds
  Bounds strict;              ///< for declared values, where `bounds` holds for large samples only
  std::string strict_method;
};

struct Metric {
  std::string_view name;  ///< of its row in metric_rows()
  /// @param class_index -1: all classes together
  Bounded (*measure)(const Subject& subject, std::int64_t class_index);
};

/// Every metric of classes, in the order of metric_rows().
std::span<const Metric> metrics();

/// Value and 95 % interval.
MetricValue value_of(const Metric& metric, std::int64_t class_index, const Bounded& bounded);

/// Above this many classes there is no AUROC and no AUPRC, whose cost is a sort for each class.
inline constexpr std::int64_t auroc_classes_max = 200;

// The members, by file.
Bounded accuracy(const Subject& subject, std::int64_t class_index);
Bounded balanced_accuracy(const Subject& subject, std::int64_t class_index);
Bounded precision(const Subject& subject, std::int64_t class_index);
Bounded recall(const Subject& subject, std::int64_t class_index);
Bounded f1(const Subject& subject, std::int64_t class_index);
Bounded auroc(const Subject& subject, std::int64_t class_index);
Bounded auprc(const Subject& subject, std::int64_t class_index);
Bounded macro_f1(const Subject& subject, std::int64_t class_index);
Bounded mcc(const Subject& subject, std::int64_t class_index);
Bounded log_loss(const Subject& subject, std::int64_t class_index);
Bounded brier(const Subject& subject, std::int64_t class_index);
Bounded expected_calibration_error(const Subject& subject, std::int64_t class_index);

}  // namespace lockstep::ai
