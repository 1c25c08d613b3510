// SPDX-License-Identifier: Apache-2.0
#include "app/ai.hpp"

#include "ai/runner.hpp"
#include "documents/json/json.hpp"

namespace lockstep::app {

Result<Measurement> evade(const EvadeRequest& request, Progress& progress) {
  TRY(const std::string worker, ai::find_worker(request.program));
  ai::WorkerRequest line;
  line.command = ai::WorkerCommand::evade;
  line.model = request.model;
  line.data = request.data;
  line.threads = request.threads;
  line.evasion.attacks = {request.attack};
  line.evasion.norm = request.norm;
  line.evasion.epsilon = request.epsilon;
  line.evasion.steps = request.steps;
  line.evasion.restarts = request.restarts;
  line.evasion.samples = request.samples;
  line.evasion.batch_size = request.batch_size;
  line.evasion.random_start = request.is_start_random;
  line.evasion.keep_best = request.is_best_kept;
  line.evasion.curve = request.curve;
  line.evasion.seed = request.seed;
  return ai::run_evasion({worker, {}}, line, progress);
}

std::string evasion_document(const Measurement& measurement, int exit) {
  return to_pretty_json(documents::evasion_json(measurement, exit));
}

Result<ConformanceReport> conformance(const std::string& program,
                                      const std::vector<std::string>& folders,
                                      Progress& progress) {
  TRY(const std::string worker, ai::find_worker(program));
  TRY(const ai::Conformance cases, ai::run_conformance_tests({worker, {}}, folders, progress));
  ConformanceReport report;
  for (const ai::ConformanceCase& one : cases) {
    report.lines.push_back(ai::to_text(one));
    report.passed += one.verdict == ai::ConformanceCase::Verdict::pass;
    report.failed += one.verdict == ai::ConformanceCase::Verdict::fail;
    report.unsupported += one.verdict == ai::ConformanceCase::Verdict::unsupported;
  }
  return report;
}

}  // namespace lockstep::app
