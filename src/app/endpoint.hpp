// SPDX-License-Identifier: Apache-2.0
// What the use cases need to ask a model behind an address.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/result.hpp"
#include "domain/endpoint.hpp"
#include "domain/product.hpp"

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

/// How a model of the product file may be asked that is an address; fails where nothing may be.
/// Errors: ai.offline, ai.endpoint_token.
using ModelAccess = std::function<Result<EndpointAccess>(const ModelInput& model)>;

/// Puts the model of the product file into a request: a file with its digest, or an address as it
/// is. @returns the worker for the request. Errors: file.*, ai.worker_missing, those of the access.
Result<ai::WorkerSetup> name_model(const std::string& program,
                                   const Product& product,
                                   const ModelInput& model,
                                   const ModelAccess& access,
                                   const Files& files,
                                   ai::WorkerRequest& request);

}  // namespace lockstep::app
