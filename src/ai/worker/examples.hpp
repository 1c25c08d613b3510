// SPDX-License-Identifier: Apache-2.0
// The inputs that deceived a net, as evidence that a person can look at and run again.
#pragma once

#include <string>

#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "base/result.hpp"
#include "domain/attack_details.hpp"

namespace lockstep::ai {

/// What became of each class, and of each broken sample. Every example is put back on the grid that
/// the data have (pixels of 8 bits, rows of the table), and the net is asked again there.
/// @param norm linf, l2 or l1, of the distances
/// Errors: those of running the net.
Result<AttackDetails> details_of(const Classifier& classifier,
                                 const DataSet& set,
                                 const Samples& samples,
                                 const EvasionOutcome& outcome,
                                 const std::string& norm);

/// An .npz with, for each example, `x` (what the net got), `y` (the right class), `original` and
/// `index` (its sample in the data). Given as --data it breaks every sample at once.
/// Errors: npz.archive.
Result<std::string> write_examples(const Samples& samples, const EvasionOutcome& outcome);

}  // namespace lockstep::ai
