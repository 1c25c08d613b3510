// SPDX-License-Identifier: Apache-2.0
// How a classifier of pictures does when nobody attacks it, but sensors, weather and storage spoil
// what it sees (AI Act, Article 15(4): errors, faults and inconsistencies of the environment).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/measurement.hpp"

namespace lockstep {

/// One corruption at one severity.
struct CorruptionCell {
  std::string corruption;
  int severity = 1;  ///< 1 to 5
  Accuracy accuracy;
  std::optional<std::int64_t> baseline_correct;  ///< of the other model on the same pictures
};

/// The errors of a model in units of those of another one, in percent.
/// Source: Hendrycks and Dietterich 2019, arXiv 1903.12261, section 4.
struct CorruptionErrors {
  FileRef baseline;
  AnsweredBy answered_by;
  Accuracy baseline_clean;
  /// Mean over corruptions of the errors over all severities; nothing when the baseline has none.
  std::optional<double> mce;
  /// The same of what the errors rise above those without corruption.
  std::optional<double> relative_mce;
};

struct CorruptionReport {
  FileRef model;
  FileRef data;
  std::int64_t samples = 0;
  std::uint64_t seed = 0;
  std::string table;  ///< of parameters: "small" for pictures below 64 pixels a side, "large"
  Accuracy clean;
  std::vector<CorruptionCell> cells;  ///< corruption after corruption, severities rising
  double mean = 0;                    ///< of the accuracies of all cells
  /// Of the mean over all pictures of this kind: the same pictures are in every cell, so their
  /// number is what counts.
  /// Source: Hoeffding 1963, "Probability inequalities for sums of bounded random variables".
  Interval mean_interval95;
  std::optional<CorruptionErrors> errors;  ///< when another model was measured beside it
  AnsweredBy answered_by;
  double seconds = 0;  ///< wall time; left out of every digest
  std::string worker_version;
};

/// The cell with the lowest accuracy, the first of equals; null when there is none.
const CorruptionCell* worst_cell(const CorruptionReport& report);

/// The mean with its interval, and the errors against the baseline, from the cells.
void summarise(CorruptionReport& report);

}  // namespace lockstep
