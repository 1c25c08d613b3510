// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/protocol.hpp"
#include "base/progress.hpp"

namespace lockstep::ai {

/// The result for a request: what the worker does, without pipes. Errors: those of the files, of
/// the net and of the plan; ai.digest when a digest is not the expected one.
Result<Json> answer(const WorkerRequest& request, Progress& progress);

}  // namespace lockstep::ai
