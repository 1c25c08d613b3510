// SPDX-License-Identifier: Apache-2.0
// What the use cases need to ask a model behind an address.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/endpoint.hpp"

namespace lockstep::ai {
struct WorkerRequest;
struct WorkerSetup;
}  // namespace lockstep::ai

namespace lockstep::app {

struct EndpointAccess {
  EndpointOptions options;
  std::string token;                     ///< "" for none; kept and written nowhere
  std::vector<std::string> environment;  ///< "NAME=value", for the worker: proxies
};

/// The worker for a request. Where its model is an address, the request gets the options to ask it,
/// and the worker the environment, and as much time as a service may take.
/// @param program lockstep-attack; "" for the one beside this program. Errors: ai.worker_missing.
Result<ai::WorkerSetup> worker_for(const std::string& program,
                                   const EndpointAccess& access,
                                   ai::WorkerRequest& request);

}  // namespace lockstep::app
