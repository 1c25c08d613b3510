// SPDX-License-Identifier: Apache-2.0
// Area under the receiver operating characteristic: the chance that a sample of the class is scored
// above one of another class, ties counting half.
//
// The placement of a positive is the share of negatives below it, that of a negative the share of
// positives above it; both are differences of ranks, so that one sort gives all of them. The area
// is the mean placement of the positives, and its variance that of the placements:
//
//     var = S10 / m + S01 / n        (DeLong, DeLong and Clarke-Pearson 1988; fast: Sun and Xu
//     2014)
//
// Of several classes the area is the mean over the classes, each against the rest; a sample's
// influence on the mean is the sum of its influences on the areas, which are not independent.
//
// The interval is that of the normal distribution, as other tools give it. It is too narrow where
// few samples are misplaced, and has no width where none is. Declared values are then held against
// a bound that holds for every sample: the area is an average over averages of min(m, n)
// independent pairs, for which Bentkus' inequality bounds the tail by e times that of a binomial.
//
// Source: as above; Hoeffding 1963, section 5; Bentkus 2004, "On Hoeffding's inequalities".
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>

#include "ai/metrics/metrics.hpp"
#include "ai/metrics/ranking.hpp"
#include "base/exact_tests.hpp"

namespace lockstep::ai {
namespace {

/// Fewer samples on one side, or fewer misplaced ones, are too few for a normal distribution.
constexpr std::int64_t least_samples = 10;

/// One class against the rest.
struct Area {
  double value = 0;
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
  std::int64_t misplaced = 0;      ///< the smaller of the counts of misplaced samples of both sides
  std::vector<double> placements;  ///< [samples of the slice]

  std::int64_t pairs() const { return std::min(positives, negatives); }
};

/// Nothing when one of the sides is empty.
std::optional<Area> area_of(const Slice& slice, std::int64_t class_index) {
  const std::vector<Ranked> all = ranked(slice, class_index);
  Area area;
  area.positives = std::ranges::count_if(all, &Ranked::is_positive);
  area.negatives = static_cast<std::int64_t>(all.size()) - area.positives;
  if (area.pairs() == 0) return std::nullopt;
  area.placements.resize(all.size());
  const auto m = static_cast<double>(area.positives);
  const auto n = static_cast<double>(area.negatives);
  double positives_below = 0;
  double negatives_below = 0;
  std::int64_t misplaced_positives = 0;
  std::int64_t misplaced_negatives = 0;
  double sum = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    double tied_positives = 0;
    for (; end < all.size() && all[end].score == all[i].score; ++end)
      tied_positives += all[end].is_positive;
    const double tied_negatives = static_cast<double>(end - i) - tied_positives;
    for (; i < end; ++i) {
      double& placement = area.placements[all[i].place];
      if (all[i].is_positive) {
        placement = (negatives_below + tied_negatives / 2) / n;
        misplaced_positives += placement < 1;
        sum += placement;
      } else {
        placement = 1 - (positives_below + tied_positives / 2) / m;
        misplaced_negatives += placement < 1;
      }
    }
    positives_below += tied_positives;
    negatives_below += tied_negatives;
  }
  area.value = sum / m;
  area.misplaced = std::min(misplaced_positives, misplaced_negatives);
  return area;
}

/// S10 / m + S01 / n
double variance(const Slice& slice, const Area& area, std::int64_t class_index) {
  double positives = 0;
  double negatives = 0;
  for (std::size_t i = 0; i < slice.index.size(); ++i) {
    const double square = std::pow(area.placements[i] - area.value, 2);
    const bool is_positive =
        slice.scores.labels[static_cast<std::size_t>(slice.index[i])] == class_index;
    (is_positive ? positives : negatives) += square;
  }
  const auto m = static_cast<double>(area.positives);
  const auto n = static_cast<double>(area.negatives);
  return positives / (m * (m - 1)) + negatives / (n * (n - 1));
}

/// Adds what each sample moves the area by, times the number of samples.
void add_influence(const Slice& slice,
                   const Area& area,
                   std::int64_t class_index,
                   std::vector<double>& influence) {
  const auto samples = static_cast<double>(slice.index.size());
  for (std::size_t i = 0; i < slice.index.size(); ++i) {
    const bool is_positive =
        slice.scores.labels[static_cast<std::size_t>(slice.index[i])] == class_index;
    const std::int64_t side = is_positive ? area.positives : area.negatives;
    influence[i] += (area.placements[i] - area.value) * samples / static_cast<double>(side);
  }
}

Bounds normal_bounds(double value, double deviation) {
  return [=](double alpha) {
    const double reach = normal_quantile(1 - alpha) * deviation;
    return Interval{std::max(0.0, value - reach), std::min(1.0, value + reach)};
  };
}

void set_bounds(Bounded& bounded, double variance, std::int64_t misplaced, Bounds strict) {
  if (misplaced < least_samples) {
    bounded.strict = strict;
    bounded.strict_method = "Bentkus, over independent pairs";
  }
  if (variance > 0) {
    bounded.bounds = normal_bounds(*bounded.value, std::sqrt(variance));
    bounded.method = "DeLong";
  } else {
    bounded.bounds = std::move(strict);
    bounded.method = bounded.strict_method;
  }
}

Bounded one_against_rest(const Subject& subject, std::int64_t class_index) {
  Bounded bounded;
  const auto area = area_of(subject.slice, class_index);
  if (!area) {
    bounded.why_not = "needs samples of the class and of another";
    return bounded;
  }
  bounded.value = area->value;
  bounded.samples = subject.slice.samples();
  if (area->pairs() < least_samples) {
    bounded.why_not =
        fmt::format("{} samples on one side are too few for an interval", area->pairs());
    return bounded;
  }
  set_bounds(bounded, variance(subject.slice, *area, class_index), area->misplaced,
             [value = area->value, pairs = area->pairs()](double alpha) {
               return bounded_mean(value, pairs, alpha);
             });
  return bounded;
}

/// The mean of bounds of which each fails with alpha / their number.
Bounds mean_of_bounds(std::vector<std::pair<double, std::int64_t>> areas) {
  return [areas = std::move(areas)](double alpha) {
    const auto count = static_cast<double>(areas.size());
    Interval sum{0, 0};
    for (const auto& [value, pairs] : areas) {
      const Interval one = bounded_mean(value, pairs, alpha / count);
      sum.low += one.low / count;
      sum.high += one.high / count;
    }
    return sum;
  };
}

Bounded mean_over_classes(const Subject& subject) {
  Bounded bounded;
  std::vector<double> influence(subject.slice.index.size());
  std::vector<std::pair<double, std::int64_t>> areas;
  std::int64_t misplaced = std::numeric_limits<std::int64_t>::max();
  double sum = 0;
  for (std::int64_t c = 0; c < subject.slice.scores.classes; ++c) {
    const auto area = area_of(subject.slice, c);
    if (!area) continue;
    add_influence(subject.slice, *area, c, influence);
    areas.emplace_back(area->value, area->pairs());
    misplaced = std::min(misplaced, area->misplaced);
    sum += area->value;
  }
  if (areas.size() < 2) {
    bounded.why_not = "needs samples of at least two classes";
    return bounded;
  }
  const auto count = static_cast<double>(areas.size());
  const auto samples = static_cast<double>(subject.slice.samples());
  bounded.value = sum / count;
  bounded.samples = subject.slice.samples();
  const std::int64_t pairs =
      std::ranges::min(areas, {}, [](const auto& one) { return one.second; }).second;
  if (pairs < least_samples) {
    bounded.why_not =
        fmt::format("{} samples of the rarest class are too few for an interval", pairs);
    return bounded;
  }
  double squares = 0;
  for (const double one : influence)
    squares += one * one;
  set_bounds(bounded, squares / std::pow(count * samples, 2), misplaced,
             mean_of_bounds(std::move(areas)));
  return bounded;
}

}  // namespace

Bounded auroc(const Subject& subject, std::int64_t class_index) {
  if (auto refused = too_many_classes(subject)) return *std::move(refused);
  const std::int64_t classes = subject.slice.scores.classes;
  if (class_index >= 0) return one_against_rest(subject, class_index);
  return classes == 2 ? one_against_rest(subject, 1) : mean_over_classes(subject);
}

}  // namespace lockstep::ai
