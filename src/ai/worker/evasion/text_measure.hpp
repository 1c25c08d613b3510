// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ai/protocol.hpp"
#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/nets/text_model.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/measurement.hpp"

namespace lockstep::ai {

/// A text that a person reads, and the one that deceives the model; confirmed alone.
struct TextPair {
  std::int64_t index = 0;  ///< of the sample in the data set
  std::int64_t label = 0;
  std::int64_t predicted = 0;
  std::int64_t edits = 0;
  TextSample changed;
};

struct TextOutcome {
  Measurement measurement;       ///< without paths and digests, which the caller knows
  std::vector<char> is_right;    ///< by sample: the model is right about the text
  std::vector<char> is_broken;   ///< by sample: wrong from the start, or broken and confirmed
  std::vector<TextPair> broken;  ///< by index
};

/// Attacks a classifier of texts. The norm is `edits`; an epsilon is how many, rounded down. Each
/// success is looked at again: its input is made anew from the text where the attack changes
/// characters, its edits are counted, and the model is asked about it alone.
/// Errors: ai.attack, ai.plan, ai.norm, ai.gradients, ai.shape, ai.scores, ai.text (an attack on
/// characters where a text does not give its input), and those of asking the model.
Result<TextOutcome> measure_text_evasion(const TextModel& model,
                                         const TextSet& set,
                                         const EvasionPlan& plan,
                                         int threads,
                                         Progress& progress);

}  // namespace lockstep::ai
