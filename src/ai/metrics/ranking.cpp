// SPDX-License-Identifier: Apache-2.0
#include "ai/metrics/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <span>

namespace lockstep::ai {
namespace {

/// The logarithm of the odds of the class: ranks as its probability does, but keeps apart what a
/// probability rounds to 1.
double log_odds(std::span<const double> row, std::size_t c) {
  double top = -std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < row.size(); ++k)
    if (k != c) top = std::max(top, row[k]);
  double sum = 0;
  for (std::size_t k = 0; k < row.size(); ++k)
    if (k != c) sum += std::exp(row[k] - top);
  return row[c] - top - std::log(sum);
}

}  // namespace

std::optional<Bounded> too_many_classes(const Subject& subject) {
  if (subject.slice.scores.classes <= auroc_classes_max) return std::nullopt;
  Bounded bounded;
  bounded.why_not = fmt::format("is measured up to {} classes", auroc_classes_max);
  return bounded;
}

std::vector<Ranked> ranked(const Slice& slice, std::int64_t class_index) {
  std::vector<Ranked> all;
  all.reserve(slice.index.size());
  for (std::uint32_t i = 0; i < slice.index.size(); ++i) {
    const std::int32_t sample = slice.index[i];
    all.push_back({log_odds(slice.scores.row(sample), static_cast<std::size_t>(class_index)), i,
                   slice.scores.labels[static_cast<std::size_t>(sample)] == class_index});
  }
  std::ranges::sort(all, {}, &Ranked::score);
  return all;
}

}  // namespace lockstep::ai
