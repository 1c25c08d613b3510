// SPDX-License-Identifier: Apache-2.0
// Temperature scaling: all scores divided by one number T > 0, which changes no answer and makes
// all confidences smaller or larger. The log loss is convex in b = 1 / T, with the derivative
//
//     mean over samples of  sum over classes of p_c(b) z_c  -  z_right
//
// so that its root is found by halving, within factors of 1000 either way. It is fitted on one half
// of the samples and looked at on the other: on its own half it could only look better.
//
// Source: Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks", arXiv
// 1706.04599.
#include "ai/metrics/temperature.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "ai/metrics/calibration.hpp"
#include "ai/metrics/resampling.hpp"

namespace lockstep::ai {
namespace {

constexpr double factor_most = 1000;
constexpr int halvings = 32;

using Places = std::vector<std::int32_t>;

Places every_second(const Scores& scores, std::int32_t first) {
  Places places;
  for (std::int32_t i = first; i < static_cast<std::int32_t>(scores.samples()); i += 2)
    places.push_back(i);
  return places;
}

/// Of the log loss by b, summed over the samples.
double slope(const Scores& scores, const Places& places, double b) {
  double sum = 0;
  for (const std::int32_t place : places) {
    const auto row = scores.row(place);
    const double top = *std::ranges::max_element(row);
    double weight = 0;
    double weighted = 0;
    for (const double z : row) {
      const double p = std::exp(b * (z - top));
      weight += p;
      weighted += p * (z - top);
    }
    const auto right = static_cast<std::size_t>(scores.labels[static_cast<std::size_t>(place)]);
    sum += weighted / weight - (row[right] - top);
  }
  return sum;
}

/// These samples alone, with their scores multiplied by b.
Scores at_places(const Scores& scores, const Places& places, double b) {
  std::vector<double> outputs;
  std::vector<std::int64_t> labels;
  for (const std::int32_t place : places) {
    for (const double z : scores.row(place))
      outputs.push_back(b * z);
    labels.push_back(scores.labels[static_cast<std::size_t>(place)]);
  }
  return scores_of(outputs, scores.classes, labels);
}

double log_loss_of(const Scores& scores) {
  double sum = 0;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(scores.samples()); ++i)
    sum += loss_of(scores, i);
  return sum / static_cast<double>(scores.samples());
}

std::int64_t wrong_among(const Scores& scores, const Places& places) {
  return std::ranges::count_if(places, [&](std::int32_t i) {
    const auto place = static_cast<std::size_t>(i);
    return scores.answered[place] != scores.labels[place];
  });
}

}  // namespace

std::optional<TemperatureScaling> scaled(const Scores& scores) {
  const Places fitted = every_second(scores, 0);
  const Places looked = every_second(scores, 1);
  if (looked.empty() || wrong_among(scores, fitted) < scaling_errors_min) return std::nullopt;
  double low = 1 / factor_most;
  double high = factor_most;
  if (slope(scores, fitted, low) >= 0 || slope(scores, fitted, high) <= 0) return std::nullopt;
  for (int i = 0; i < halvings; ++i) {
    const double middle = std::sqrt(low * high);
    (slope(scores, fitted, middle) < 0 ? low : high) = middle;
  }
  const double b = std::sqrt(low * high);
  const Scores before = at_places(scores, looked, 1);
  const Scores after = at_places(scores, looked, b);
  TemperatureScaling scaling;
  scaling.temperature = 1 / b;
  scaling.fitted = std::ssize(fitted);
  scaling.looked = std::ssize(looked);
  scaling.error_before = binning_of(all_of(before)).error;
  scaling.error_after = binning_of(all_of(after)).error;
  scaling.log_loss_before = log_loss_of(before);
  scaling.log_loss_after = log_loss_of(after);
  return scaling;
}

}  // namespace lockstep::ai
