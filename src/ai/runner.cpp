// SPDX-License-Identifier: Apache-2.0
// The parent's side of the worker process.
//
//     lockstep --- request line ---> stdin  of lockstep-attack
//              <-- reply lines ----- stdout
//              (stderr is kept: its end is the reason when the worker dies)
//
// The model file is untrusted input, and LibTorch is a large library: whatever happens in the
// worker ends there. It gets its limits before it becomes the worker (base/child.hpp). Nothing that
// it writes is trusted: lines are bounded and read by the protocol's readers.
#include "ai/runner.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>

#include "ai/fields.hpp"
#include "base/child.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t line_bytes_max = std::size_t{64} << 20U;

// The shadow memory of a sanitizer alone takes terabytes of address space.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_shadow_memory = true;
#else
constexpr bool has_shadow_memory = false;
#endif

tl::unexpected<Error> missing(const std::string& program) {
  return fail(ErrorKind::usage, "ai.worker_missing",
              fmt::format("expected the attack worker as '{}', found no such program; install "
                          "lockstep-attack beside lockstep, or name it by LOCKSTEP_ATTACK",
                          quotable(program)));
}

ChildSetup child_of(const std::string& program,
                    const WorkerSetup& worker,
                    const std::string& device) {
  const WorkerLimits& limits = worker.limits;
  ChildSetup setup;
  setup.arguments = {program};
  // A worker does not need to know the machine. Threads of OpenMP would spin while they wait.
  setup.environment = {"OMP_WAIT_POLICY=passive", "OMP_NUM_THREADS=1", "LC_ALL=C.UTF-8",
                       "PATH=/usr/bin:/bin"};
  setup.environment.insert(setup.environment.end(), worker.environment.begin(),
                           worker.environment.end());
  // So does what CUDA maps.
  const bool has_own_map = has_shadow_memory || device == "cuda";
  setup.limits.memory_bytes = has_own_map ? 0 : limits.memory_bytes;
  setup.limits.cpu_seconds = limits.cpu_seconds;
  setup.limits.wall_seconds = limits.wall_seconds;
  setup.limits.output_bytes = 0;
  setup.limits.open_files = 0;
  setup.limits.may_write_files = true;
  return setup;
}

/// What the worker says, line by line.
struct Conversation {
  Progress& progress;
  std::string received = {};
  std::optional<Result<Json>> answer = {};

  Result<> read_lines();
};

Result<> Conversation::read_lines() {
  for (std::size_t end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
    const std::string line = received.substr(0, end);
    received.erase(0, end + 1);
    TRY(WorkerReply reply, read_reply(line));
    if (answer)
      return fail(ErrorKind::internal, "ai.protocol", "the worker spoke after its result");
    if (const auto* step = std::get_if<ProgressReply>(&reply)) {
      if (step->done == 0) progress.stage(step->stage, step->total);
      progress.advance(step->done);
    } else if (auto* error = std::get_if<ErrorReply>(&reply)) {
      answer = tl::unexpected<Error>(std::move(error->error));
    } else {
      answer = std::move(std::get<Json>(reply));
    }
  }
  if (received.size() > line_bytes_max)
    return fail(ErrorKind::internal, "ai.protocol",
                fmt::format("expected lines of at most {} bytes from the worker", line_bytes_max));
  return {};
}

/// Why a worker ended without an answer.
Error reason_of_death(const ChildEnd& end, const WorkerLimits& limits) {
  const std::string said(trim(end.complaint));
  Error error{ErrorKind::internal, "ai.worker_died", "", {}, {}};
  if (!said.empty()) error.notes.push_back("the worker said: " + quotable(said, 400));
  const auto over = [&](const char* code, std::string message) {
    error.kind = ErrorKind::input;
    error.code = code;
    error.message = std::move(message);
  };
  if (end.why == ChildEnd::Why::timeout) {
    over("ai.timeout",
         fmt::format("the worker did not finish in {} seconds and was stopped; give it more time, "
                     "or fewer samples or steps",
                     limits.wall_seconds));
  } else if (end.why == ChildEnd::Why::processor_time) {
    over("ai.timeout", fmt::format("the worker used its {} seconds of processor time; give it "
                                   "more, or fewer samples or steps",
                                   limits.cpu_seconds));
  } else if (said.find("bad_alloc") != std::string::npos ||
             said.find("cannot allocate memory") != std::string::npos ||
             said.find("failed to map segment") != std::string::npos) {
    over("ai.memory", fmt::format("the worker needs more than its {} MiB of address space",
                                  limits.memory_bytes >> 20U));
  } else if (end.why == ChildEnd::Why::signalled) {
    error.message = fmt::format("the worker was ended by signal {} ({}) without an answer",
                                end.status, ::strsignal(end.status));
  } else {
    error.message = fmt::format("the worker ended with status {} without an answer", end.status);
  }
  return error;
}

/// An error of running a program, as one of the worker.
Error of_worker(Error error) {
  if (error.code == "child.cancelled") {
    error.code = "ai.cancelled";
    error.message = "the worker was stopped at your request";
  } else if (error.code == "child.failed") {
    error.code = "ai.worker_died";
  }
  return error;
}

/// The measurement in a result, when it is of the test that was asked for.
Result<Measurement> measurement_of(const Json& result, const EvasionPlan& plan) {
  TRY(Measurement measurement, read_measurement(result));
  const bool is_ours = measurement.id == plan.id && measurement.epsilon == plan.epsilon &&
                       measurement.seed == plan.seed && measurement.norm == plan.norm;
  if (is_ours) return measurement;
  return fail(ErrorKind::internal, "ai.protocol",
              "the worker's measurement is not of the test that was asked for");
}

/// What one change for all samples did, as a test of the plan.
Measurement as_test(const UniversalReport& report, const WorkerRequest& request) {
  const EvasionPlan& plan = request.evasion;
  const bool is_patch = report.change.kind == UniversalChange::Kind::patch;
  Measurement m;
  m.id = plan.id;
  m.model_id = plan.model_id;
  m.model = report.model;
  m.data = report.data;
  m.preprocessing = lockstep::to_text(request.data_options.preprocessing);
  m.samples = report.clean.total;
  m.norm = plan.norm;
  m.epsilon = is_patch ? report.change.area : report.change.epsilon;
  m.knowledge = plan.knowledge;
  m.budget = fmt::format("one {}, made in {} step{} from the other half of the samples",
                         is_patch ? "patch" : "change", report.steps, report.steps == 1 ? "" : "s");
  m.seed = report.seed;
  m.clean = report.clean;
  m.robust = report.changed;
  m.attacks = {{is_patch ? "patch" : "universal", report.source, report.clean.correct,
                report.confirmed, report.forward, report.backward, report.seconds}};
  m.claimed = report.claimed;
  m.confirmed = report.confirmed;
  const std::int64_t fell = report.clean.correct - report.changed.correct;
  const std::int64_t by_chance = report.clean.correct - report.control.correct;
  const bool is_hidden = by_chance > 0 && by_chance >= fell;
  m.soundness = {{"random_change", is_hidden ? State::warn : State::pass,
                  static_cast<double>(by_chance),
                  fmt::format("a random change of the same size deceives on {} of {} samples that "
                              "are right, this one on {}{}",
                              by_chance, report.clean.correct, fell,
                              is_hidden ? ": samples are hidden, not attacked" : "")}};
  m.answered_by = report.answered_by;
  m.threads = request.threads;
  m.worker_version = report.worker_version;
  return m;
}

/// The test at its own size, and at those of the curve.
Result<Measurement> run_universal_test(const WorkerSetup& setup,
                                       const WorkerRequest& request,
                                       Progress& progress) {
  TRY(const UniversalReport report, run_universal(setup, request, progress));
  Measurement m = as_test(report, request);
  const std::vector<double>& sizes = request.evasion.curve;
  if (!sizes.empty()) m.curve.push_back({m.epsilon, m.robust});
  for (const double size : sizes) {
    if (size == m.epsilon) continue;
    WorkerRequest other = request;
    UniversalChange& change = other.universal.change;
    (change.kind == UniversalChange::Kind::patch ? change.area : change.epsilon) = size;
    TRY(const UniversalReport at_size, run_universal(setup, other, progress));
    m.curve.push_back({size, at_size.changed});
  }
  std::ranges::sort(m.curve, {}, &CurvePoint::epsilon);
  return m;
}

}  // namespace

Result<std::string> find_worker(const std::string& given) {
  std::error_code trouble;
  const fs::path beside =
      fs::read_symlink("/proc/self/exe", trouble).parent_path() / "lockstep-attack";
  const std::string program = given.empty() ? beside.string() : given;
  if (::access(program.c_str(), X_OK) != 0 || fs::is_directory(program, trouble))
    return missing(program);
  return fs::absolute(program, trouble).string();
}

Result<Json> run_worker(const WorkerSetup& setup,
                        const WorkerRequest& request,
                        Progress& progress) {
  TRY(const std::string program, find_worker(setup.program));
  Conversation talk{progress};
  const auto end = run_child(child_of(program, setup, request.device),
                             write_request(request) + "\n", progress, [&](std::string_view piece) {
                               talk.received += piece;
                               return talk.read_lines();
                             });
  if (!end) return tl::unexpected<Error>(of_worker(end.error()));
  const bool is_unstarted =
      end->why == ChildEnd::Why::exited && end->status == 127 && end->complaint.empty();
  if (is_unstarted && !talk.answer) return missing(program);
  if (end->why == ChildEnd::Why::timeout || !talk.answer)
    return tl::unexpected<Error>(reason_of_death(*end, setup.limits));
  return *std::move(talk.answer);
}

Result<ModelDescription> inspect_model(const WorkerSetup& setup,
                                       const std::string& model,
                                       Progress& progress) {
  WorkerRequest request;
  request.command = WorkerCommand::inspect;
  request.model = model;
  TRY(const Json result, run_worker(setup, request, progress));
  return read_description(result);
}

Result<Measurement> run_evasion(const WorkerSetup& setup,
                                const WorkerRequest& request,
                                Progress& progress) {
  if (request.command == WorkerCommand::universal)
    return run_universal_test(setup, request, progress);
  TRY(const Json result, run_worker(setup, request, progress));
  return measurement_of(result, request.evasion);
}

Result<TestResult> run_test(const WorkerSetup& setup,
                            const WorkerRequest& request,
                            Progress& progress) {
  TestResult test;
  if (request.command == WorkerCommand::universal) {
    TRY(test.measurement, run_universal_test(setup, request, progress));
    return test;
  }
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(test.measurement, measurement_of(result, request.evasion));
  TRY(test.details, read_attack_details(result["details"]));
  return test;
}

Result<std::vector<std::string>> run_drawing(const WorkerSetup& setup,
                                             const WorkerRequest& request,
                                             Progress& progress) {
  TRY(const Json result, run_worker(setup, request, progress));
  Fields fields(result);
  std::vector<std::string> files = fields.texts("files");
  if (!fields.is_good()) return fields.error();
  return files;
}

Result<Certificate> run_certificate(const WorkerSetup& setup,
                                    const WorkerRequest& request,
                                    Progress& progress) {
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(Certificate certificate, read_certificate(result));
  const CertificatePlan& plan = request.certificate;
  const bool is_smoothed = plan.kind == CertificatePlan::Kind::smoothing;
  if (certificate.smoothing.has_value() != is_smoothed || certificate.seed != plan.smoothing.seed ||
      (!is_smoothed && certificate.epsilon != plan.epsilon))
    return fail(ErrorKind::internal, "ai.protocol",
                "the worker's certificate is not the one that was asked for");
  return certificate;
}

Result<PropertyAnswer> run_property(const WorkerSetup& setup,
                                    const WorkerRequest& request,
                                    Progress& progress) {
  TRY(const Json result, run_worker(setup, request, progress));
  return read_property_answer(result);
}

Result<CorruptionReport> run_corruptions(const WorkerSetup& setup,
                                         const WorkerRequest& request,
                                         Progress& progress) {
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(CorruptionReport report, read_corruption_report(result));
  const CorruptionPlan& plan = request.corruption;
  if (report.seed != plan.seed || report.errors.has_value() == plan.baseline.empty())
    return fail(ErrorKind::internal, "ai.protocol",
                "the worker's report is not of the corruptions that were asked for");
  return report;
}

Result<UniversalReport> run_universal(const WorkerSetup& setup,
                                      const WorkerRequest& request,
                                      Progress& progress) {
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(UniversalReport report, read_universal_report(result));
  const UniversalPlan& plan = request.universal;
  if (report.seed != plan.seed || report.change != plan.change)
    return fail(ErrorKind::internal, "ai.protocol",
                "the worker's report is not of the change that was asked for");
  return report;
}

Result<Metrics> run_metrics(const WorkerSetup& setup,
                            const WorkerRequest& request,
                            Progress& progress) {
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(Metrics metrics, read_metrics(result));
  const MetricsPlan& plan = request.metrics;
  if (metrics.seed != plan.seed || metrics.declared.size() != plan.declared.size() ||
      metrics.comparison.has_value() == plan.other.empty())
    return fail(ErrorKind::internal, "ai.protocol",
                "the worker's metrics are not those that were asked for");
  return metrics;
}

Result<Conformance> run_conformance_tests(const WorkerSetup& setup,
                                          const std::vector<std::string>& folders,
                                          const std::string& device,
                                          Progress& progress) {
  WorkerRequest request;
  request.command = WorkerCommand::conformance;
  request.device = device;
  request.folders = folders;
  TRY(const Json result, run_worker(setup, request, progress));
  TRY(Conformance cases, read_conformance(result));
  if (cases.size() != folders.size())
    return fail(
        ErrorKind::internal, "ai.protocol",
        fmt::format("expected {} cases from the worker, found {}", folders.size(), cases.size()));
  return cases;
}

WorkerRequest request_of(const EvasionTest& test,
                         const ModelInput& model,
                         const std::string& model_path,
                         const std::string& data_path,
                         std::uint64_t seed) {
  WorkerRequest request;
  request.command = WorkerCommand::evade;
  request.model = model_path;
  request.data = data_path;
  request.data_options.preprocessing = model.preprocessing;
  request.evasion.id = test.id;
  request.evasion.model_id = model.id;
  request.evasion.attacks.clear();
  for (const std::string_view name : split(test.attack, ','))
    request.evasion.attacks.emplace_back(trim(name));
  request.evasion.norm = test.norm;
  request.evasion.epsilon = test.epsilon;
  request.evasion.steps = test.steps;
  request.evasion.restarts = test.restarts;
  request.evasion.passes = test.passes;
  request.evasion.random_start = test.random_start;
  request.evasion.samples = test.samples;
  request.evasion.target = test.target;
  request.evasion.knowledge = test.knowledge;
  request.evasion.curve = test.curve;
  request.evasion.seed = seed;
  if (const auto kind = universal_kind(test.attack)) {
    request.command = WorkerCommand::universal;
    UniversalPlan& plan = request.universal;
    plan.change.kind = *kind;
    const bool is_patch = *kind == UniversalChange::Kind::patch;
    if (!is_patch) plan.change.norm = test.norm;
    (is_patch ? plan.change.area : plan.change.epsilon) = test.epsilon;
    if (test.steps > 0) plan.steps = test.steps;
    plan.samples = test.samples;
    plan.seed = seed;
  }
  return request;
}

}  // namespace lockstep::ai
