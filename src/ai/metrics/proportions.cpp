// SPDX-License-Identifier: Apache-2.0
// Metrics that are shares of counts, with exact bounds.
//
// Accuracy, recall and precision are k successes in n trials: the bounds are those of Clopper and
// Pearson. F1 is one too, in disguise: with J = TP / (TP + FP + FN), the share of true positives
// among the samples that are of the class or are said to be,
//
//     F1 = 2 TP / (2 TP + FP + FN) = 2 J / (1 + J)
//
// rises with J, so that the bounds of J give those of F1. Balanced accuracy is the mean of K
// independent shares r_c, each with a lower bound l_c; then (Zou and Donner 2008)
//
//     mean - sqrt(sum of (r_c - l_c)^2) / K
//
// bounds the mean from below, and is not of zero width when no error was seen.
//
// Source: Clopper and Pearson 1934; Zou and Donner 2008, "Construction of confidence intervals
// about effect measures", Statistics in Medicine 27.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "ai/metrics/metrics.hpp"
#include "base/exact_tests.hpp"

namespace lockstep::ai {
namespace {

double unchanged(double value) {
  return value;
}

double f1_of_share(double share) {
  return 2 * share / (1 + share);
}

double share_of_f1(double f1) {
  return f1 / (2 - f1);
}

Bounded none(std::string why) {
  Bounded bounded;
  bounded.why_not = std::move(why);
  return bounded;
}

Bounded share(std::int64_t k, std::int64_t n, std::string why_not) {
  if (n == 0) return none(std::move(why_not));
  Bounded bounded;
  bounded.value = static_cast<double>(k) / static_cast<double>(n);
  bounded.samples = n;
  bounded.count = Count{k, n};
  bounded.share_of = unchanged;
  bounded.bounds = [k, n](double alpha) {
    return Interval{lower_bound(k, n, 1 - alpha), upper_bound(k, n, 1 - alpha)};
  };
  bounded.method = "Clopper-Pearson";
  return bounded;
}

std::size_t at(std::int64_t class_index) {
  return static_cast<std::size_t>(class_index);
}

}  // namespace

Bounded accuracy(const Subject& subject, std::int64_t) {
  return share(subject.tally.correct, subject.tally.samples, "there are no samples");
}

Bounded precision(const Subject& subject, std::int64_t class_index) {
  const std::size_t c = at(class_index);
  return share(subject.tally.right[c], subject.tally.answered[c], "the class is never answered");
}

Bounded recall(const Subject& subject, std::int64_t class_index) {
  const std::size_t c = at(class_index);
  return share(subject.tally.right[c], subject.tally.truth[c], "no sample is of the class");
}

Bounded f1(const Subject& subject, std::int64_t class_index) {
  const std::size_t c = at(class_index);
  const Tally& tally = subject.tally;
  const std::int64_t right = tally.right[c];
  const std::int64_t concerned = tally.truth[c] + tally.answered[c] - right;
  Bounded bounded = share(right, concerned, "no sample is of the class, or said to be");
  if (!bounded.value) return bounded;
  bounded.value = f1_of_share(*bounded.value);
  bounded.share_of = share_of_f1;
  bounded.bounds = [of_share = std::move(bounded.bounds)](double alpha) {
    const Interval interval = of_share(alpha);
    return Interval{f1_of_share(interval.low), f1_of_share(interval.high)};
  };
  bounded.method = "Clopper-Pearson, of TP / (TP + FP + FN)";
  return bounded;
}

Bounded balanced_accuracy(const Subject& subject, std::int64_t) {
  std::vector<Count> recalls;
  for (std::size_t c = 0; c < subject.tally.truth.size(); ++c)
    if (subject.tally.truth[c] > 0)
      recalls.push_back({subject.tally.right[c], subject.tally.truth[c]});
  if (recalls.empty()) return none("there are no samples");
  const auto classes = static_cast<double>(recalls.size());
  double sum = 0;
  for (const Count& one : recalls)
    sum += static_cast<double>(one.successes) / static_cast<double>(one.trials);
  Bounded bounded;
  bounded.value = sum / classes;
  bounded.samples = subject.tally.samples;
  bounded.method = "Zou-Donner, from Clopper-Pearson";
  bounded.bounds = [recalls, classes, mean = sum / classes](double alpha) {
    double below = 0;
    double above = 0;
    for (const auto& [k, n] : recalls) {
      const double rate = static_cast<double>(k) / static_cast<double>(n);
      below += std::pow(rate - lower_bound(k, n, 1 - alpha), 2);
      above += std::pow(upper_bound(k, n, 1 - alpha) - rate, 2);
    }
    return Interval{std::max(0.0, mean - std::sqrt(below) / classes),
                    std::min(1.0, mean + std::sqrt(above) / classes)};
  };
  return bounded;
}

}  // namespace lockstep::ai
