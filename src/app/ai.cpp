// SPDX-License-Identifier: Apache-2.0
#include "app/ai.hpp"

#include "ai/runner.hpp"
#include "documents/json/json.hpp"

namespace lockstep::app {
namespace {

/// Beyond the time of a search: reading files, and the last round of it.
constexpr int grace_seconds = 60;

ai::WorkerRequest line_of(const CertifyRequest& request) {
  using Kind = ai::CertificatePlan::Kind;
  ai::WorkerRequest line;
  line.command = ai::WorkerCommand::certify;
  line.model = request.model;
  line.data = request.data;
  line.data_options = {request.columns, "", request.preprocessing};
  line.threads = request.threads;
  line.device = request.device;
  ai::CertificatePlan& plan = line.certificate;
  plan.kind = !request.property.empty() ? Kind::property
              : request.sigma > 0       ? Kind::smoothing
                                        : Kind::bounds;
  plan.method = request.method;
  plan.norm = request.norm;
  plan.epsilon = request.epsilon;
  plan.samples = request.samples;
  plan.property = request.property;
  plan.timeout_seconds = request.timeout_seconds;
  plan.smoothing.sigma = request.sigma;
  plan.smoothing.draws = request.draws;
  plan.smoothing.selection_draws = request.selection_draws;
  plan.smoothing.alpha = request.alpha;
  plan.smoothing.is_prediction = request.is_prediction;
  plan.smoothing.seed = request.seed;
  return line;
}

}  // namespace

Result<ModelDescription> inspect(const std::string& program,
                                 const std::string& model,
                                 Progress& progress) {
  TRY(const std::string worker, ai::find_worker(program));
  TRY(ModelDescription description, ai::inspect_model({worker, {}}, model, progress));
  description.path = model;
  return description;
}

std::string model_document(const ModelDescription& model, int exit) {
  return to_pretty_json(documents::model_json(model, exit));
}

Result<Measurement> evade(const EvadeRequest& request, Progress& progress) {
  ai::WorkerRequest line;
  line.command = ai::WorkerCommand::evade;
  line.model = request.model;
  line.data = request.data;
  line.data_options = {request.columns, "", request.preprocessing, request.text};
  line.threads = request.threads;
  line.device = request.device;
  line.evasion.attacks = {request.attack};
  line.evasion.norm = request.norm;
  line.evasion.epsilon = request.epsilon;
  line.evasion.target = request.target;
  line.evasion.steps = request.steps;
  line.evasion.restarts = request.restarts;
  line.evasion.passes = request.passes;
  line.evasion.samples = request.samples;
  line.evasion.batch_size = request.batch_size;
  line.evasion.random_start = request.is_start_random;
  line.evasion.keep_best = request.is_best_kept;
  line.evasion.curve = request.curve;
  line.evasion.seed = request.seed;
  if (is_address(request.model)) line.evasion.knowledge = "black_box";
  TRY(const ai::WorkerSetup worker, worker_for(request.program, request.access, line));
  return ai::run_evasion(worker, line, progress);
}

std::string evasion_document(const Measurement& measurement, int exit) {
  return to_pretty_json(documents::evasion_json(measurement, exit));
}

Result<Certificate> certify(const CertifyRequest& request, Progress& progress) {
  TRY(const std::string worker, ai::find_worker(request.program));
  return ai::run_certificate({worker, {}}, line_of(request), progress);
}

Result<PropertyAnswer> certify_property(const CertifyRequest& request, Progress& progress) {
  TRY(const std::string worker, ai::find_worker(request.program));
  ai::WorkerLimits limits;
  limits.wall_seconds = static_cast<int>(request.timeout_seconds) + grace_seconds;
  return ai::run_property({worker, limits}, line_of(request), progress);
}

std::string certificate_document(const Certificate& certificate, int exit) {
  return to_pretty_json(documents::certificate_json(certificate, exit));
}

std::string certificate_document(const PropertyAnswer& answer, int exit) {
  return to_pretty_json(documents::certificate_json(answer, exit));
}

Result<ConformanceReport> conformance(const std::string& program,
                                      const std::vector<std::string>& folders,
                                      const std::string& device,
                                      Progress& progress) {
  TRY(const std::string worker, ai::find_worker(program));
  TRY(const ai::Conformance cases,
      ai::run_conformance_tests({worker, {}}, folders, device, progress));
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
