// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ai/metrics/resampling.hpp"
#include "ai/metrics/scores.hpp"
#include "base/result.hpp"
#include "domain/metrics.hpp"

namespace lockstep::ai {

/// Which group each sample belongs to.
struct Grouping {
  std::string name;                ///< of the array or column: "groups"
  std::vector<std::string> names;  ///< of the groups, sorted
  std::vector<std::int32_t> of;    ///< [samples], indices into `names`
};

/// [policy] A group of fewer samples is not judged.
inline constexpr std::int64_t group_samples_min = 30;

/// Groups beyond this many are refused: an array of ids is no grouping.
inline constexpr std::size_t groups_max = 200;

/// Above this many classes the confusion matrix is left out.
inline constexpr std::int64_t confusion_classes_max = 100;

struct MetricsSettings {
  ResamplingSettings resampling;
  std::vector<DeclaredMetric> declared;
  std::int64_t family = 0;  ///< values declared of the model, if more than `declared`
};

/// Every metric of all samples, of each class and of each group, and what the samples say of each
/// declared value. Fills what needs no model: values, confusion, calibration, groups, declared.
/// Errors: ai.declared when a declared value names a metric, class or group that is not there.
Result<Metrics> measure(const Scores& scores,
                        const std::optional<Grouping>& grouping,
                        const MetricsSettings& settings);

}  // namespace lockstep::ai
