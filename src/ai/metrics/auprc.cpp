// SPDX-License-Identifier: Apache-2.0
// Area under the curve of precision against recall, as average precision: samples in the order of
// falling score, those of equal score together; the mean over the samples of the class of the
// precision up to their score. Without the class among the samples it is not defined.
//
// The interval is the logit one: ln(A / (1 - A)) is nearly normal with the variance
// 1 / (m A (1 - A)) for m samples of the class. It has no width where A is 1, where there then is
// none. Of several classes the value is the mean over those that occur, each against the rest, and
// its interval the mean of theirs, each wide enough that all hold at once (Bonferroni).
//
// Source: Davis and Goadrich 2006, "The relationship between precision-recall and ROC curves";
// Boyd, Eng and Page 2013, "Area under the precision-recall curve: point estimates and confidence
// intervals".
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "ai/metrics/metrics.hpp"
#include "ai/metrics/ranking.hpp"
#include "base/exact_tests.hpp"

namespace lockstep::ai {
namespace {

/// Fewer samples of the class are too few for a normal distribution.
constexpr std::int64_t least_positives = 10;

struct Area {
  double value = 0;
  std::int64_t positives = 0;
};

/// Nothing where no sample is of the class.
std::optional<Area> area_of(const Slice& slice, std::int64_t class_index) {
  const std::vector<Ranked> all = ranked(slice, class_index);
  Area area;
  area.positives = std::ranges::count_if(all, &Ranked::is_positive);
  if (area.positives == 0) return std::nullopt;
  double above = 0;
  double positives_above = 0;
  for (std::size_t end = all.size(); end > 0;) {
    std::size_t i = end;
    double tied = 0;
    for (; i > 0 && all[i - 1].score == all[end - 1].score; --i)
      tied += all[i - 1].is_positive;
    above += static_cast<double>(end - i);
    positives_above += tied;
    area.value += tied * positives_above / above;
    end = i;
  }
  area.value /= static_cast<double>(area.positives);
  return area;
}

/// @pre the area is neither 0 nor 1
Interval logit_interval(const Area& area, double alpha) {
  const double logit = std::log(area.value / (1 - area.value));
  const double deviation =
      1 / std::sqrt(static_cast<double>(area.positives) * area.value * (1 - area.value));
  const double reach = normal_quantile(1 - alpha) * deviation;
  return {1 / (1 + std::exp(reach - logit)), 1 / (1 + std::exp(-reach - logit))};
}

std::string why_no_interval(const Area& area) {
  if (area.positives < least_positives)
    return fmt::format("{} samples of the class are too few for an interval", area.positives);
  if (area.value >= 1) return "no sample is misplaced: the interval would have no width";
  return "";
}

Bounded mean_of(std::vector<Area> areas, std::int64_t samples) {
  Bounded bounded;
  bounded.samples = samples;
  if (areas.empty()) {
    bounded.why_not = "no sample is of the class";
    return bounded;
  }
  const auto count = static_cast<double>(areas.size());
  double sum = 0;
  for (const Area& area : areas) {
    sum += area.value;
    if (bounded.why_not.empty()) bounded.why_not = why_no_interval(area);
  }
  bounded.value = sum / count;
  if (!bounded.why_not.empty()) return bounded;
  bounded.method = areas.size() == 1 ? "logit" : "logit, mean over the classes";
  bounded.bounds = [areas = std::move(areas), count](double alpha) {
    Interval mean{0, 0};
    for (const Area& area : areas) {
      const Interval one = logit_interval(area, alpha / count);
      mean.low += one.low / count;
      mean.high += one.high / count;
    }
    return mean;
  };
  return bounded;
}

}  // namespace

Bounded auprc(const Subject& subject, std::int64_t class_index) {
  if (auto refused = too_many_classes(subject)) return *std::move(refused);
  const std::int64_t classes = subject.slice.scores.classes;
  std::vector<Area> areas;
  const bool is_one = class_index >= 0 || classes == 2;
  const std::int64_t only = class_index >= 0 ? class_index : 1;
  for (std::int64_t c = is_one ? only : 0; c < (is_one ? only + 1 : classes); ++c)
    if (const auto area = area_of(subject.slice, c)) areas.push_back(*area);
  return mean_of(std::move(areas), subject.slice.samples());
}

}  // namespace lockstep::ai
