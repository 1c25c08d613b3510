// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ai/data_options.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Draws the examples of such a file into a folder, for people: pictures as NUMBER-original.png,
/// NUMBER-perturbed.png and NUMBER-difference.png (grey where nothing changed, the largest change
/// at full strength); rows of a table as rows.csv, each original before its perturbed row,
/// and as original.csv and adversarial.csv, which the same description reads.
/// @param bytes, file the .npz   @param options of the data that were attacked
/// Errors: npz.*, ai.columns, ai.shape, file.unwritable. Returns the files, in order; none when the
/// samples are neither pictures nor rows.
Result<std::vector<std::string>> draw_examples(const std::string& bytes,
                                               const std::string& file,
                                               const DataOptions& options,
                                               const std::string& folder);

}  // namespace lockstep::ai
