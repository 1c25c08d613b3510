// SPDX-License-Identifier: Apache-2.0
// What a classifier said about samples whose classes are known, as plain arrays: all that metrics
// need. Nothing here knows of a model or of a tensor.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lockstep::ai {

/// The answers of one classifier to a set of samples.
struct Scores {
  std::int64_t classes = 0;
  std::vector<double> log_p;           ///< [samples, classes], natural logarithm
  std::vector<std::int32_t> labels;    ///< [samples] in [0, classes)
  std::vector<std::int32_t> answered;  ///< [samples], the class of the largest score, ties: first
  bool are_probabilities = false;      ///< of what was given

  std::int64_t samples() const { return static_cast<std::int64_t>(labels.size()); }

  std::span<const double> row(std::int32_t sample) const {
    return std::span(log_p).subspan(
        static_cast<std::size_t>(sample) * static_cast<std::size_t>(classes),
        static_cast<std::size_t>(classes));
  }
};

/// Scores become logarithms of probabilities by the softmax in float64; rows that all lie in [0, 1]
/// and sum to 1 (within 1e-4) are probabilities already. A probability of 0 counts as 2^-52, the
/// least that log loss knows.
/// @param outputs [samples, classes], finite; classes >= 2   @param labels [samples], in range
Scores scores_of(std::span<const double> outputs,
                 std::int64_t classes,
                 std::span<const std::int64_t> labels);

/// Some of the samples: all of them, or a group.
struct Slice {
  const Scores& scores;
  std::vector<std::int32_t> index;  ///< rising

  std::int64_t samples() const { return static_cast<std::int64_t>(index.size()); }
};

Slice all_of(const Scores& scores);

/// How often each class occurs, is answered, and is answered rightly.
struct Tally {
  std::vector<std::int64_t> truth;
  std::vector<std::int64_t> answered;
  std::vector<std::int64_t> right;
  std::int64_t samples = 0;
  std::int64_t correct = 0;

  explicit Tally(std::int64_t classes);
  void add(std::int32_t label, std::int32_t answer, std::int64_t times = 1);
  void clear();
};

Tally tally_of(const Slice& slice);

}  // namespace lockstep::ai
