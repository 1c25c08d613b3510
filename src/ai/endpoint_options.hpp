// SPDX-License-Identifier: Apache-2.0
// How a worker is to ask a model behind an address, as values of the protocol (protocol.hpp).
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/endpoint.hpp"

namespace lockstep::ai {

/// To JSON and back. Errors of the reader: ai.protocol.
Json to_json(const EndpointOptions& options);
Result<EndpointOptions> read_endpoint_options(const Json& json);

}  // namespace lockstep::ai
