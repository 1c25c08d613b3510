// SPDX-License-Identifier: Apache-2.0
// Candidates as rows of a table: what the judge makes of them before it asks the net.
#pragma once

#include <ATen/core/Tensor.h>
#include <span>
#include <string>

#include "ai/tabular.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/evasion/threat.hpp"
#include "base/result.hpp"
#include "domain/measurement.hpp"

namespace lockstep::ai {

/// The row that a candidate stands for.
struct RowCandidate {
  at::Tensor x;              ///< its features [1, ...]
  bool is_possible = false;  ///< somebody can make it from the sample, at whatever distance
  double distance = 0;       ///< between the rows, over the scaled features
};

/// The row nearest to a candidate that keeps types, ranges, groups, directions, and what may not
/// change, with relations mended; then nothing is believed: it is encoded, read back from the
/// features that the net gets, and held against the description.
/// @param candidate, x [1, ...]; @pre the threat has a table
RowCandidate row_of(const at::Tensor& candidate, const at::Tensor& x, const Threat& threat);

/// What changed in the rows that broke samples, and how many samples are no possible rows.
/// @pre the samples have a table
TableChanges table_changes(std::span<const Confirmed> confirmed, const Samples& samples);

/// Whether each sample is the features of a row: what the description makes of it and back is the
/// same to 1 part in 10,000. Errors: ai.columns, with up to 20 features that are not.
Result<> check_rows(const at::Tensor& x, const TabularSchema& table, const std::string& file);

}  // namespace lockstep::ai
