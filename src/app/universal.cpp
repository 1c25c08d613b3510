// SPDX-License-Identifier: Apache-2.0
#include "app/universal.hpp"

#include "ai/runner.hpp"
#include "documents/json/json.hpp"

namespace lockstep::app {

Result<UniversalReport> universal(const UniversalRequest& request, Progress& progress) {
  TRY(const std::string worker, ai::find_worker(request.program));
  ai::WorkerRequest line;
  line.command = ai::WorkerCommand::universal;
  line.model = request.model;
  line.data = request.data;
  line.data_options.preprocessing = request.preprocessing;
  line.threads = request.threads;
  line.device = request.device;
  line.universal = {request.change, request.steps, request.samples, request.seed, request.file};
  return ai::run_universal({worker, {}}, line, progress);
}

std::string universal_document(const UniversalReport& report, int exit) {
  return to_pretty_json(documents::universal_json(report, exit));
}

}  // namespace lockstep::app
