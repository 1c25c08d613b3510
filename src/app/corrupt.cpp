// SPDX-License-Identifier: Apache-2.0
#include "app/corrupt.hpp"

#include "ai/runner.hpp"
#include "documents/json/json.hpp"

namespace lockstep::app {

Result<CorruptionReport> corrupt(const CorruptRequest& request, Progress& progress) {
  ai::WorkerRequest line;
  line.command = ai::WorkerCommand::corrupt;
  line.model = request.model;
  line.data = request.data;
  line.data_options.preprocessing = request.preprocessing;
  line.threads = request.threads;
  line.device = request.device;
  line.corruption = {request.corruptions, request.severities, request.against,
                     request.samples,     request.batch_size, request.seed};
  TRY(const ai::WorkerSetup worker, worker_for(request.program, request.access, line));
  return ai::run_corruptions(worker, line, progress);
}

std::string corruption_document(const CorruptionReport& report, int exit) {
  return to_pretty_json(documents::corruption_json(report, exit));
}

}  // namespace lockstep::app
