// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/protocol.hpp"
#include "base/json.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Attacks a classifier of texts, as `data_options.text` describes them, and writes the pairs of
/// texts to the file of examples where one is asked for.
/// Errors: those of reading the model and the texts, and of measure_text_evasion.
Result<Json> evade_texts(const WorkerRequest& request, Progress& progress);

/// The metrics of a classifier of texts. Errors: those of reading the model and the texts, and of
/// measure_text_metrics; ai.text where another model is to be compared with.
Result<Json> measure_texts(const WorkerRequest& request, Progress& progress);

}  // namespace lockstep::ai
