// SPDX-License-Identifier: Apache-2.0
// What a worker says about a model, as values of the protocol (protocol.hpp).
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/model_description.hpp"

namespace lockstep::ai {

/// To JSON and back, without the path. Errors of the reader: ai.protocol.
Json to_json(const ModelDescription& description);
Result<ModelDescription> read_description(const Json& json);

}  // namespace lockstep::ai
