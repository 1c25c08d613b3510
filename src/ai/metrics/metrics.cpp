// SPDX-License-Identifier: Apache-2.0
#include "ai/metrics/metrics.hpp"

#include <array>
#include <utility>

namespace lockstep::ai {
namespace {

constexpr std::array<Metric, 12> rows{{
    {"accuracy", accuracy},
    {"balanced_accuracy", balanced_accuracy},
    {"precision", precision},
    {"recall", recall},
    {"f1", f1},
    {"macro_f1", macro_f1},
    {"auroc", auroc},
    {"auprc", auprc},
    {"mcc", mcc},
    {"log_loss", log_loss},
    {"brier", brier},
    {"ece", expected_calibration_error},
}};

}  // namespace

std::span<const Metric> metrics() {
  return rows;
}

Subject subject_of(Slice slice, const ResamplingSettings& settings, std::string_view name) {
  Tally tally = tally_of(slice);
  Binning binning = binning_of(slice);
  Resamples resamples = resample(slice, binning, settings, name);
  return {std::move(slice), std::move(tally), std::move(binning), std::move(resamples)};
}

MetricValue value_of(const Metric& metric, std::int64_t class_index, const Bounded& bounded) {
  MetricValue value{std::string(metric.name), class_index,    bounded.value,
                    bounded.samples,          bounded.count,  std::nullopt,
                    bounded.method,           bounded.why_not};
  if (bounded.value && bounded.bounds) value.interval = bounded.bounds(0.025);
  return value;
}

}  // namespace lockstep::ai
