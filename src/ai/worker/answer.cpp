// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/answer.hpp"

#include <fmt/format.h>
#include <limits>

#include "ai/attack_details.hpp"
#include "ai/description.hpp"
#include "ai/worker/certify/measure.hpp"
#include "ai/worker/certify/property.hpp"
#include "ai/worker/certify/verify.hpp"
#include "ai/worker/conformance.hpp"
#include "ai/worker/corruption/measure.hpp"
#include "ai/worker/data/data_set.hpp"
#include "ai/worker/data/draw.hpp"
#include "ai/worker/data/gzip.hpp"
#include "ai/worker/data/loaded.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/examples.hpp"
#include "ai/worker/inspect.hpp"
#include "ai/worker/limits.hpp"
#include "ai/worker/load.hpp"
#include "ai/worker/metrics/groups.hpp"
#include "ai/worker/metrics/measure.hpp"
#include "ai/worker/metrics/regression.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "ai/worker/nets/device.hpp"
#include "ai/worker/nets/net.hpp"
#include "ai/worker/text_answer.hpp"
#include "ai/worker/universal/measure.hpp"
#include "base/diagnostics.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

Result<Json> inspected(const WorkerRequest& request) {
  TRY(const Loaded file, load_file(request));
  TRY(const std::string bytes, unpacked(file.bytes, limits::model_bytes, request.model));
  TRY(Model model, read_onnx(bytes, request.model, folder_of(request.model)));
  ModelDescription description = inspect(std::move(model), request.model);
  description.sha256 = file.sha256;
  description.bytes = static_cast<std::int64_t>(file.bytes.size());
  return to_json(description);
}

Result<Json> evade(const WorkerRequest& request, Progress& progress) {
  if (!request.data_options.text.empty()) return evade_texts(request, progress);
  TRY(const LoadedClassifier model, load_classifier(request.model, request.model_sha256, request,
                                                    Classifier::Randomness::allowed));
  const Classifier& classifier = model.classifier;
  TRY(const LoadedData data, load_data(request, classifier, request.evasion.samples));
  Samples samples = data.samples;
  samples.table = data.set.table ? &*data.set.table : nullptr;
  TRY(EvasionOutcome outcome,
      measure_evasion(classifier, samples, request.evasion, request.threads, progress));
  outcome.measurement.model = model.file;
  outcome.measurement.data = {request.data, data.set.sha256};
  outcome.measurement.preprocessing = lockstep::to_text(request.data_options.preprocessing);
  Json json = to_json(outcome.measurement);
  if (request.examples.empty()) return json;
  TRY(AttackDetails details,
      details_of(classifier, data.set, data.samples, outcome, request.evasion.norm));
  if (!details.examples.empty()) {
    TRY(const std::string bytes, write_examples(data.samples, outcome));
    TRY_VOID(RealFiles().write(request.examples, bytes));
    details.examples_sha256 = sha256(bytes);
  }
  json.set("details", to_json(details));
  return json;
}

Result<Json> draw(const WorkerRequest& request) {
  TRY(const Loaded file, load(request.examples, request.data_sha256, limits::data_bytes));
  if (request.folders.size() != 1)
    return fail(ErrorKind::internal, "ai.protocol", "expected one folder to draw into");
  TRY(const auto files,
      draw_examples(file.bytes, request.examples, request.data_options, request.folders.front()));
  return Json::object_of({{"files", Json::array_of(files)}});
}

/// The net without its final Softmax, as the classifier has it, as a graph for bounds.
Result<certify::Graph> graph_of(Net net, const std::string& path) {
  const std::vector<std::int64_t>& shape = net.inputs().front().shape;
  const std::vector<std::int64_t> sample(shape.begin() + 1, shape.end());
  net.drop_final_softmax();
  auto graph = certify::Graph::build(net, sample, shape.front() == 1);
  if (graph) return *std::move(graph);
  return fail(
      ErrorKind::input, "ai.bounds",
      fmt::format("expected a net that bounds can be computed for, found none: {}", graph.error()),
      {path, 0, 0});
}

/// Sizes behind the batch axis; none where the net does not say them.
std::vector<std::int64_t> sample_shape_of(const Net& net) {
  if (net.inputs().empty() || net.inputs().front().shape.empty()) return {};
  const std::vector<std::int64_t>& shape = net.inputs().front().shape;
  return {shape.begin() + 1, shape.end()};
}

Result<Json> certify_data(const WorkerRequest& request, Progress& progress) {
  const CertificatePlan& plan = request.certificate;
  TRY(const Loaded model, load_file(request));
  TRY(Net net, load_net(model, request.model, request));
  const bool is_smoothed = plan.kind == CertificatePlan::Kind::smoothing;
  // Bounds are the processor's, and so is the attack beside them.
  TRY(const Classifier classifier, is_smoothed ? build_classifier(net, request.model, request)
                                               : Classifier::build(net, request.model));
  TRY(const LoadedData data, load_data(request, classifier, plan.samples));
  Certificate certificate;
  if (is_smoothed) {
    TRY(certificate,
        certify::certify_smoothed(classifier, data.samples, plan, request.threads, progress));
  } else {
    TRY(const certify::Graph graph, graph_of(std::move(net), request.model));
    TRY(certificate,
        certify::certify_samples(classifier, graph, data.samples, plan, request.threads, progress));
  }
  certificate.model = {request.model, model.sha256};
  certificate.data = {request.data, data.set.sha256};
  certificate.preprocessing = lockstep::to_text(request.data_options.preprocessing);
  return to_json(certificate);
}

Result<Json> certify_property(const WorkerRequest& request, Progress& progress) {
  const CertificatePlan& plan = request.certificate;
  TRY(const Loaded file, load(plan.property, "", limits::property_bytes));
  TRY(const std::string text, unpacked(file.bytes, limits::property_bytes, plan.property));
  Diagnostics problems;
  const auto property = certify::read_property(text, plan.property, problems);
  TRY_VOID(first_of(problems));
  if (!property) return tl::unexpected<Error>(property.error());
  TRY(const Loaded model, load_file(request));
  TRY(Net net, load_net(model, request.model, request));
  TRY(const auto property_net, certify::PropertyNet::build(std::move(net), request.model));
  TRY(PropertyAnswer answer, certify::decide(property_net, *property, plan.timeout_seconds,
                                             plan.smoothing.seed, progress));
  answer.model = {request.model, model.sha256};
  answer.property = {plan.property, file.sha256};
  answer.answered_by.engine = "LibTorch: properties are decided without fused loops";
  return to_json(answer);
}

/// Samples of a data set for all that is measured, as many as the plan asks for.
std::int64_t wanted_of(const MetricsPlan& plan) {
  return plan.samples == 0 ? std::numeric_limits<std::int64_t>::max() : plan.samples;
}

/// A model that answers numbers.
Result<Json> measure_regression(const WorkerRequest& request, Progress& progress) {
  const MetricsPlan& plan = request.metrics;
  if (!plan.other.empty())
    return fail(ErrorKind::usage, "ai.declared",
                "expected no other model: models that answer numbers are measured one by one",
                {request.model, 0, 0});
  TRY(const Loaded model, load_file(request));
  TRY(const Net net, load_net(model, request.model, request));
  TRY(const DataSet set, read_data({request.data, request.data_sha256, request.data_options,
                                    wanted_of(plan), sample_shape_of(net)}));
  TRY(const Numbers numbers,
      numbers_of(net, set.arrays, plan, wanted_of(plan), request.model, request.data, progress));
  TRY(const std::optional<Grouping> grouping,
      grouping_of(set.arrays, plan.groups, std::ssize(numbers.right), request.data));
  progress.stage("metrics", 0);
  TRY(Metrics metrics, measure_numbers(numbers, grouping,
                                       {{plan.seed, plan.resamples}, plan.declared, plan.family}));
  metrics.answered_by.engine = "LibTorch: nets that answer numbers have no fused form";
  metrics.threads = request.threads;
  metrics.worker_version = LOCKSTEP_VERSION;
  metrics.model = {request.model, model.sha256};
  metrics.data = {request.data, set.sha256};
  return to_json(metrics);
}

Result<Json> measure_data(const WorkerRequest& request, Progress& progress) {
  const MetricsPlan& plan = request.metrics;
  TRY(const bool is_regression, is_of_numbers(plan.declared));
  if (is_regression) return measure_regression(request, progress);
  if (!request.data_options.text.empty()) return measure_texts(request, progress);
  TRY(const LoadedClassifier model, load_classifier(request.model, request.model_sha256, request));
  const Classifier& classifier = model.classifier;
  TRY(const LoadedData data, load_data(request, classifier, wanted_of(plan)));
  TRY(const std::optional<Grouping> grouping,
      grouping_of(data.set.arrays, plan.groups, data.samples.count(), request.data));
  std::optional<Classifier> other;
  FileRef other_file;
  if (!plan.other.empty()) {
    TRY(LoadedClassifier loaded, load_classifier(plan.other, plan.other_sha256, request));
    other.emplace(std::move(loaded.classifier));
    other_file = std::move(loaded.file);
  }
  TRY(Metrics metrics, measure_metrics(classifier, other ? &*other : nullptr, data.samples,
                                       grouping, plan, request.threads, progress));
  metrics.model = model.file;
  metrics.data = {request.data, data.set.sha256};
  if (metrics.comparison) metrics.comparison->other = other_file;
  return to_json(metrics);
}

Result<Json> corrupt(const WorkerRequest& request, Progress& progress) {
  const CorruptionPlan& plan = request.corruption;
  TRY(const LoadedClassifier model, load_classifier(request.model, request.model_sha256, request));
  const Classifier& classifier = model.classifier;
  TRY(const LoadedData data, load_data(request, classifier, plan.samples));
  std::optional<Classifier> baseline;
  FileRef baseline_file;
  if (!plan.baseline.empty()) {
    TRY(LoadedClassifier loaded, load_classifier(plan.baseline, "", request));
    baseline.emplace(std::move(loaded.classifier));
    baseline_file = std::move(loaded.file);
  }
  TRY(CorruptionReport report, measure_corruptions(classifier, baseline ? &*baseline : nullptr,
                                                   data.samples, plan, request.threads, progress));
  report.model = model.file;
  report.data = {request.data, data.set.sha256};
  if (report.errors) report.errors->baseline = baseline_file;
  return to_json(report);
}

Result<Json> universal(const WorkerRequest& request, Progress& progress) {
  const std::string& file = request.universal.file;
  if (!file.empty()) TRY_VOID(RealFiles().check_writable(file));
  TRY(const Loaded model, load_file(request));
  TRY(Net net, load_net(model, request.model, request));
  TRY(const Classifier classifier, build_classifier(std::move(net), request.model, request));
  TRY(const LoadedData data, load_data(request, classifier, request.universal.samples));
  TRY(UniversalOutcome outcome,
      measure_universal(classifier, data.samples, request.universal, request.threads, progress));
  UniversalReport& report = outcome.report;
  if (!file.empty()) {
    TRY(const std::string bytes, bytes_of(outcome, value_range(data.samples), file));
    TRY_VOID(RealFiles().write(file, bytes));
    report.kept = {file, sha256(bytes)};
  }
  report.model = {request.model, model.sha256};
  report.data = {request.data, data.set.sha256};
  return to_json(report);
}

Result<Json> conform(const WorkerRequest& request, Progress& progress) {
  TRY(const at::Device device, open_device(request.device));
  Conformance cases;
  progress.stage("conformance", request.folders.size());
  for (const std::string& folder : request.folders) {
    if (progress.is_cancelled())
      return fail(ErrorKind::interrupted, "ai.cancelled", "the tests were stopped");
    cases.push_back(run_conformance(folder, device));
    progress.advance(cases.size());
  }
  return to_json(cases);
}

}  // namespace

Result<Json> answer(const WorkerRequest& request, Progress& progress) {
  switch (request.command) {
    case WorkerCommand::inspect:
      return inspected(request);
    case WorkerCommand::evade:
      return evade(request, progress);
    case WorkerCommand::certify:
      return request.certificate.kind == CertificatePlan::Kind::property
                 ? certify_property(request, progress)
                 : certify_data(request, progress);
    case WorkerCommand::universal:
      return universal(request, progress);
    case WorkerCommand::corrupt:
      return corrupt(request, progress);
    case WorkerCommand::measure:
      return measure_data(request, progress);
    case WorkerCommand::conformance:
      return conform(request, progress);
    case WorkerCommand::draw:
      return draw(request);
  }
  return fail(ErrorKind::internal, "ai.protocol", "there is no such command");
}

}  // namespace lockstep::ai
