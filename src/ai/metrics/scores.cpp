// SPDX-License-Identifier: Apache-2.0
#include "ai/metrics/scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check.hpp"

namespace lockstep::ai {
namespace {

using Row = std::span<const double>;

bool is_distribution(Row row) {
  double sum = 0;
  for (const double p : row) {
    if (p < 0 || p > 1 + 1e-5) return false;
    sum += p;
  }
  return std::abs(sum - 1) < 1e-4;
}

/// Logarithms of the probabilities of one row.
void write_logs(Row row, bool are_probabilities, std::span<double> out) {
  if (are_probabilities) {
    for (std::size_t c = 0; c < row.size(); ++c)
      out[c] = std::log(std::clamp(row[c], std::numeric_limits<double>::epsilon(), 1.0));
    return;
  }
  const double top = *std::ranges::max_element(row);
  double sum = 0;
  for (const double z : row)
    sum += std::exp(z - top);
  const double scale = top + std::log(sum);
  for (std::size_t c = 0; c < row.size(); ++c)
    out[c] = row[c] - scale;
}

}  // namespace

Scores scores_of(std::span<const double> outputs,
                 std::int64_t classes,
                 std::span<const std::int64_t> labels) {
  const auto width = static_cast<std::size_t>(classes);
  LS_CHECK(classes >= 2 && outputs.size() == width * labels.size(), "[samples, classes] scores");
  Scores scores;
  scores.classes = classes;
  scores.log_p.resize(outputs.size());
  scores.are_probabilities = !labels.empty();
  for (std::size_t i = 0; i < labels.size() && scores.are_probabilities; ++i)
    scores.are_probabilities = is_distribution(outputs.subspan(i * width, width));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    LS_CHECK(0 <= labels[i] && labels[i] < classes, "labels are classes");
    const Row row = outputs.subspan(i * width, width);
    write_logs(row, scores.are_probabilities, std::span(scores.log_p).subspan(i * width, width));
    scores.labels.push_back(static_cast<std::int32_t>(labels[i]));
    scores.answered.push_back(
        static_cast<std::int32_t>(std::ranges::max_element(row) - row.begin()));
  }
  return scores;
}

Slice all_of(const Scores& scores) {
  Slice slice{scores, std::vector<std::int32_t>(scores.labels.size())};
  std::iota(slice.index.begin(), slice.index.end(), 0);
  return slice;
}

Tally::Tally(std::int64_t classes)
    : truth(static_cast<std::size_t>(classes)),
      answered(static_cast<std::size_t>(classes)),
      right(static_cast<std::size_t>(classes)) {}

void Tally::add(std::int32_t label, std::int32_t answer, std::int64_t times) {
  truth[static_cast<std::size_t>(label)] += times;
  answered[static_cast<std::size_t>(answer)] += times;
  samples += times;
  if (label != answer) return;
  right[static_cast<std::size_t>(label)] += times;
  correct += times;
}

void Tally::clear() {
  std::ranges::fill(truth, 0);
  std::ranges::fill(answered, 0);
  std::ranges::fill(right, 0);
  samples = 0;
  correct = 0;
}

Tally tally_of(const Slice& slice) {
  Tally tally(slice.scores.classes);
  for (const std::int32_t i : slice.index)
    tally.add(slice.scores.labels[static_cast<std::size_t>(i)],
              slice.scores.answered[static_cast<std::size_t>(i)]);
  return tally;
}

}  // namespace lockstep::ai
