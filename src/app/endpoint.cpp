// SPDX-License-Identifier: Apache-2.0
#include "app/endpoint.hpp"

#include <fmt/format.h>

#include "ai/runner.hpp"
#include "app/inputs.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace lockstep::app {

Result<ai::WorkerSetup> worker_for(const std::string& program,
                                   const EndpointAccess& access,
                                   ai::WorkerRequest& request) {
  constexpr int service_seconds = 7 * 24 * 3600;
  ai::WorkerSetup setup;
  TRY(setup.program, ai::find_worker(program));
  const std::string& other = request.command == ai::WorkerCommand::measure
                                 ? request.metrics.other
                                 : request.corruption.baseline;
  if (!is_address(request.model) && !is_address(other)) return setup;
  request.endpoint = access.options;
  request.token = access.token;
  setup.environment = access.environment;
  setup.limits.wall_seconds = service_seconds;
  return setup;
}

Result<ai::WorkerSetup> name_model(const std::string& program,
                                   const Product& product,
                                   const ModelInput& model,
                                   const ModelAccess& access,
                                   const Files& files,
                                   ai::WorkerRequest& request) {
  if (!is_address(model.path)) {
    request.model = beside(product.path, model.path);
    TRY(ai::WorkerSetup setup, worker_for(program, {}, request));
    TRY(request.model_sha256, files.digest(request.model));
    return setup;
  }
  request.model = model.path;
  if (!access)
    return fail(ErrorKind::usage, "ai.offline",
                fmt::format("expected leave to use the network to ask '{}', found none",
                            quotable(without_query(model.path), 200)),
                model.where);
  TRY(const EndpointAccess found, access(model));
  return worker_for(program, found, request);
}

}  // namespace lockstep::app
