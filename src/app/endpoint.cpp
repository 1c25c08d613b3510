// SPDX-License-Identifier: Apache-2.0
#include "app/endpoint.hpp"

#include "ai/runner.hpp"

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

}  // namespace lockstep::app
