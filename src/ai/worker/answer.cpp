// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/answer.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <limits>

#include "ai/worker/certify/measure.hpp"
#include "ai/worker/certify/property.hpp"
#include "ai/worker/certify/verify.hpp"
#include "ai/worker/conformance.hpp"
#include "ai/worker/data/gzip.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/limits.hpp"
#include "ai/worker/metrics/groups.hpp"
#include "ai/worker/metrics/measure.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/diagnostics.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

struct Loaded {
  std::string bytes;
  std::string sha256;
};

/// A file whose digest is the one that the request expects.
Result<Loaded> load(const std::string& path, const std::string& expected, std::uint64_t limit) {
  TRY(std::string bytes, RealFiles().read(path, limit));
  const std::string digest = sha256(bytes);
  if (!expected.empty() && digest != expected)
    return fail(
        ErrorKind::verification, "ai.digest",
        fmt::format("expected the file with SHA-256 {}, found {}; it changed since it was read",
                    expected, digest),
        {path, 0, 0});
  return Loaded{std::move(bytes), digest};
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::vector<Port> ports_of(const std::vector<ValueInfo>& values) {
  std::vector<Port> ports;
  for (const ValueInfo& value : values)
    ports.push_back({quotable(value.name), name_of(value.type), value.shape});
  return ports;
}

void count_operators(const std::vector<Node>& nodes, std::map<std::string, std::int64_t>& counts) {
  for (const Node& node : nodes) {
    ++counts[node.domain.empty() ? quotable(node.op_type)
                                 : quotable(node.domain) + "." + quotable(node.op_type)];
    for (const Attribute& attribute : node.attributes)
      for (const Graph& graph : attribute.graph)
        count_operators(graph.nodes, counts);
  }
}

Result<Json> inspect(const WorkerRequest& request) {
  TRY(const Loaded file, load(request.model, request.model_sha256, limits::model_bytes));
  TRY(const std::string bytes, unpacked(file.bytes, limits::model_bytes, request.model));
  TRY(const Model model, read_onnx(bytes, request.model, folder_of(request.model)));
  ModelDescription description = describe(model);
  description.sha256 = file.sha256;
  return to_json(description);
}

Result<Net> load_net(const Loaded& file, const std::string& path) {
  TRY(const std::string bytes, unpacked(file.bytes, limits::model_bytes, path));
  TRY(Model model, read_onnx(bytes, path, folder_of(path)));
  if (!model.not_finite.empty())
    return fail(
        ErrorKind::input, "onnx.not_finite",
        fmt::format("expected finite weights, found {} NaN or infinite elements in '{}'",
                    model.not_finite.front().count, quotable(model.not_finite.front().tensor)),
        {path, 0, 0});
  return Net::build(std::move(model), path);
}

Result<Classifier> load_classifier(const Loaded& file, const std::string& path) {
  TRY(Net net, load_net(file, path));
  return Classifier::build(std::move(net), path);
}

Result<Json> evade(const WorkerRequest& request, Progress& progress) {
  TRY(const Loaded model, load(request.model, request.model_sha256, limits::model_bytes));
  TRY(const Classifier classifier, load_classifier(model, request.model));
  TRY(const Loaded data, load(request.data, request.data_sha256, limits::data_bytes));
  TRY(const std::vector<NamedArray> arrays, read_npz(data.bytes, request.data));
  TRY(const Samples samples, samples_of(arrays, classifier.sample_shape(), request.evasion.samples,
                                        classifier.wants_float64(), request.data));
  TRY(EvasionOutcome outcome,
      measure_evasion(classifier, samples, request.evasion, request.threads, progress));
  outcome.measurement.model = {request.model, model.sha256};
  outcome.measurement.data = {request.data, data.sha256};
  return to_json(outcome.measurement);
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

Result<Json> certify_data(const WorkerRequest& request, Progress& progress) {
  const CertificatePlan& plan = request.certificate;
  TRY(const Loaded model, load(request.model, request.model_sha256, limits::model_bytes));
  TRY(Net net, load_net(model, request.model));
  TRY(const Classifier classifier, Classifier::build(net, request.model));
  TRY(const Loaded data, load(request.data, request.data_sha256, limits::data_bytes));
  TRY(const std::vector<NamedArray> arrays, read_npz(data.bytes, request.data));
  TRY(const Samples samples, samples_of(arrays, classifier.sample_shape(), plan.samples,
                                        classifier.wants_float64(), request.data));
  Certificate certificate;
  if (plan.kind == CertificatePlan::Kind::smoothing) {
    TRY(certificate,
        certify::certify_smoothed(classifier, samples, plan, request.threads, progress));
  } else {
    TRY(const certify::Graph graph, graph_of(std::move(net), request.model));
    TRY(certificate,
        certify::certify_samples(classifier, graph, samples, plan, request.threads, progress));
  }
  certificate.model = {request.model, model.sha256};
  certificate.data = {request.data, data.sha256};
  return to_json(certificate);
}

Result<Json> certify_property(const WorkerRequest& request, Progress& progress) {
  const CertificatePlan& plan = request.certificate;
  TRY(const Loaded file, load(plan.property, "", limits::property_bytes));
  TRY(const std::string text, unpacked(file.bytes, limits::property_bytes, plan.property));
  Diagnostics problems;
  auto property = certify::read_property(text, plan.property, problems);
  if (!property) {
    Error error = std::move(property).error();
    // The first problem is the error; a person mends the others in the same round.
    for (std::size_t i = 1; i < problems.entries().size() && i < 20; ++i)
      error.notes.push_back(to_text(problems.entries()[i]));
    return tl::unexpected<Error>(std::move(error));
  }
  TRY(const Loaded model, load(request.model, request.model_sha256, limits::model_bytes));
  TRY(Net net, load_net(model, request.model));
  TRY(const auto property_net, certify::PropertyNet::build(std::move(net), request.model));
  TRY(PropertyAnswer answer, certify::decide(property_net, *property, plan.timeout_seconds,
                                             plan.smoothing.seed, progress));
  answer.model = {request.model, model.sha256};
  answer.property = {plan.property, file.sha256};
  return to_json(answer);
}

/// Samples of a data set for all that is measured, as many as the plan asks for.
std::int64_t wanted_of(const MetricsPlan& plan) {
  return plan.samples == 0 ? std::numeric_limits<std::int64_t>::max() : plan.samples;
}

Result<Json> measure_data(const WorkerRequest& request, Progress& progress) {
  const MetricsPlan& plan = request.metrics;
  TRY(const Loaded model, load(request.model, request.model_sha256, limits::model_bytes));
  TRY(const Classifier classifier, load_classifier(model, request.model));
  TRY(const Loaded data, load(request.data, request.data_sha256, limits::data_bytes));
  TRY(const std::vector<NamedArray> arrays, read_npz(data.bytes, request.data));
  TRY(const Samples samples, samples_of(arrays, classifier.sample_shape(), wanted_of(plan),
                                        classifier.wants_float64(), request.data));
  TRY(const std::optional<Grouping> grouping,
      grouping_of(arrays, plan.groups, samples.count(), request.data));
  std::optional<Classifier> other;
  FileRef other_file;
  if (!plan.other.empty()) {
    TRY(const Loaded file, load(plan.other, plan.other_sha256, limits::model_bytes));
    TRY(other, load_classifier(file, plan.other));
    other_file = {plan.other, file.sha256};
  }
  TRY(Metrics metrics, measure_metrics(classifier, other ? &*other : nullptr, samples, grouping,
                                       plan, request.threads, progress));
  metrics.model = {request.model, model.sha256};
  metrics.data = {request.data, data.sha256};
  if (metrics.comparison) metrics.comparison->other = other_file;
  return to_json(metrics);
}

Result<Json> conform(const WorkerRequest& request, Progress& progress) {
  Conformance cases;
  progress.stage("conformance", request.folders.size());
  for (const std::string& folder : request.folders) {
    if (progress.is_cancelled())
      return fail(ErrorKind::interrupted, "ai.cancelled", "the tests were stopped");
    cases.push_back(run_conformance(folder));
    progress.advance(cases.size());
  }
  return to_json(cases);
}

}  // namespace

Result<Json> answer(const WorkerRequest& request, Progress& progress) {
  switch (request.command) {
    case WorkerCommand::inspect:
      return inspect(request);
    case WorkerCommand::evade:
      return evade(request, progress);
    case WorkerCommand::certify:
      return request.certificate.kind == CertificatePlan::Kind::property
                 ? certify_property(request, progress)
                 : certify_data(request, progress);
    case WorkerCommand::measure:
      return measure_data(request, progress);
    case WorkerCommand::conformance:
      return conform(request, progress);
  }
  return fail(ErrorKind::internal, "ai.protocol", "there is no such command");
}

ModelDescription describe(const Model& model) {
  ModelDescription description;
  description.ir_version = model.ir_version;
  description.producer = model.producer;
  description.opsets = model.opsets;
  description.inputs = ports_of(model.graph.inputs);
  description.outputs = ports_of(model.graph.outputs);
  count_operators(model.graph.nodes, description.operators);
  description.unsupported = unsupported_operators(model);
  for (const NotFinite& weight : model.not_finite)
    description.not_finite.push_back(fmt::format("{}: {}", quotable(weight.tensor), weight.count));
  description.parameters = model.parameters;
  return description;
}

}  // namespace lockstep::ai
