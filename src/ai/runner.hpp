// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ai/attack_details.hpp"
#include "ai/description.hpp"
#include "ai/protocol.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/product.hpp"

namespace lockstep::ai {

/// Where the worker is, and what it may use.
struct WorkerSetup {
  std::string program;  ///< path of lockstep-attack
  WorkerLimits limits;
  std::vector<std::string> environment = {};  ///< "NAME=value": what it gets beside its own
};

/// The worker's path: `given` when it is not empty (LOCKSTEP_ATTACK), else lockstep-attack beside
/// the running program. Errors: ai.worker_missing.
Result<std::string> find_worker(const std::string& given);

/// Starts a worker, gives it the request, forwards its progress, and returns its result. The worker
/// gets no environment but a few settings, no open files but its pipes, and the limits of the
/// setup; it is killed when the person cancels, when the wall time is over, and when it says
/// something that is not of the protocol. Errors: what the worker reports; ai.worker_missing,
/// ai.worker_died, ai.timeout, ai.memory, ai.cancelled, ai.protocol.
Result<Json> run_worker(const WorkerSetup& setup, const WorkerRequest& request, Progress& progress);

/// What a worker is asked for. Errors: as run_worker.
Result<ModelDescription> inspect_model(const WorkerSetup& setup,
                                       const std::string& model,
                                       Progress& progress);
Result<Measurement> run_evasion(const WorkerSetup& setup,
                                const WorkerRequest& request,
                                Progress& progress);

/// The same with what became of single samples; the request names a file for the examples.
struct TestResult {
  Measurement measurement;
  AttackDetails details;
};

Result<TestResult> run_test(const WorkerSetup& setup,
                            const WorkerRequest& request,
                            Progress& progress);

/// One change for all samples. Errors: as run_evasion.
Result<UniversalReport> run_universal(const WorkerSetup& setup,
                                      const WorkerRequest& request,
                                      Progress& progress);

/// Draws the examples of a test for people; the files, in order (ai/worker/data/draw.hpp).
Result<std::vector<std::string>> run_drawing(const WorkerSetup& setup,
                                             const WorkerRequest& request,
                                             Progress& progress);
Result<Certificate> run_certificate(const WorkerSetup& setup,
                                    const WorkerRequest& request,
                                    Progress& progress);
Result<PropertyAnswer> run_property(const WorkerSetup& setup,
                                    const WorkerRequest& request,
                                    Progress& progress);
Result<Metrics> run_metrics(const WorkerSetup& setup,
                            const WorkerRequest& request,
                            Progress& progress);
Result<CorruptionReport> run_corruptions(const WorkerSetup& setup,
                                         const WorkerRequest& request,
                                         Progress& progress);
Result<Conformance> run_conformance_tests(const WorkerSetup& setup,
                                          const std::vector<std::string>& folders,
                                          const std::string& device,
                                          Progress& progress);

/// The request for a test of the product file. `model` and `data` are paths from the working
/// folder.
WorkerRequest request_of(const EvasionTest& test,
                         const ModelInput& model,
                         const std::string& model_path,
                         const std::string& data_path,
                         std::uint64_t seed);

}  // namespace lockstep::ai
