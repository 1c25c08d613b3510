// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "ai/protocol.hpp"
#include "ai/worker/nets/model.hpp"
#include "base/progress.hpp"

namespace lockstep::ai {

/// The result for a request: what the worker does, without pipes. Errors: those of the files, of
/// the net and of the plan; ai.digest when a digest is not the expected one.
Result<Json> answer(const WorkerRequest& request, Progress& progress);

/// What a model is, without running it.
ModelDescription describe(const Model& model);

}  // namespace lockstep::ai
