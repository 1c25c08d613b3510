// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/load.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

#include "ai/worker/data/gzip.hpp"
#include "ai/worker/limits.hpp"
#include "ai/worker/nets/device.hpp"
#include "ai/worker/nets/preprocess.hpp"
#include "ai/worker/nets/torchscript.hpp"
#include "base/http_caller.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

namespace lockstep::ai {
namespace {

/// The shape of a sample as arrays have it, with a channel where pictures have none: a TorchScript
/// archive and most services do not say it.
Result<std::vector<std::int64_t>> sample_shape_in(const WorkerRequest& request) {
  TRY(const DataSet set,
      read_data({request.data, request.data_sha256, request.data_options, 1, {}}));
  for (const char* name : {"x", "images"}) {
    const Array* array = find_array(set.arrays, name);
    if (array == nullptr || array->shape.size() < 2) continue;
    std::vector<std::int64_t> shape(array->shape.begin() + 1, array->shape.end());
    if (shape.size() == 2) shape.insert(shape.begin(), 1);
    return shape;
  }
  return fail(ErrorKind::input, "ai.data",
              "expected arrays of samples, whose shape is that of the model's input, which the "
              "model does not say",
              {request.data, 0, 0});
}

/// @param path of the model, or of one to compare it with
Result<Model> read_model(const Loaded& file,
                         const std::string& path,
                         const WorkerRequest& request) {
  if (looks_like_torchscript(file.bytes)) {
    TRY(const auto sample, sample_shape_in(request));
    return read_torchscript(file.bytes, sample, path);
  }
  TRY(const std::string bytes, unpacked(file.bytes, limits::model_bytes, path));
  return read_onnx(bytes, path, folder_of(path));
}

/// A net that hands on what it gets, for the preprocessing to be put in front of.
Result<Net> passing_net(const std::vector<std::int64_t>& sample,
                        const Preprocessing& preprocessing,
                        const std::string& shown) {
  Model model;
  model.opsets[""] = 13;
  std::vector<std::int64_t> shape{-1};
  shape.insert(shape.end(), sample.begin(), sample.end());
  model.graph.inputs = {{"x", ElementType::float32, true, shape}};
  model.graph.outputs = {{"y", ElementType::float32, true, shape}};
  Node node;
  node.op_type = "Identity";
  node.inputs = {"x"};
  node.outputs = {"y"};
  model.graph.nodes.push_back(std::move(node));
  TRY_VOID(prepend(model, preprocessing, shown));
  return Net::build(std::move(model), shown);
}

Result<LoadedClassifier> asked_classifier(const std::string& url, const WorkerRequest& request) {
  TRY(const std::shared_ptr<Endpoint> endpoint, open_endpoint(url, request));
  if (endpoint->takes_texts())
    return fail(ErrorKind::usage, "ai.endpoint_form",
                "expected a description of texts (--text) for a service that takes texts",
                {endpoint->shown(), 0, 0});
  std::vector<std::int64_t> sample = endpoint->sample_shape();
  if (sample.empty()) {
    TRY(sample, sample_shape_in(request));
  }
  TRY(Net preprocessing,
      passing_net(sample, request.data_options.preprocessing, endpoint->shown()));
  return LoadedClassifier{
      Classifier::of_endpoint(endpoint, std::move(preprocessing), std::move(sample)),
      {endpoint->shown(), ""}};
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Result<Net> load_net(const Loaded& file, const std::string& path, const WorkerRequest& request) {
  TRY(Model model, read_model(file, path, request));
  if (!model.not_finite.empty())
    return fail(
        ErrorKind::input, "onnx.not_finite",
        fmt::format("expected finite weights, found {} NaN or infinite elements in '{}'",
                    model.not_finite.front().count, quotable(model.not_finite.front().tensor)),
        {path, 0, 0});
  TRY_VOID(prepend(model, request.data_options.preprocessing, path));
  return Net::build(std::move(model), path);
}

Result<Classifier> build_classifier(Net net,
                                    const std::string& path,
                                    const WorkerRequest& request,
                                    Classifier::Randomness randomness) {
  TRY(const at::Device device, open_device(request.device));
  TRY(Classifier classifier, Classifier::build(std::move(net), path, randomness));
  if (!device.is_cpu()) TRY_VOID(classifier.use_device(device));
  return classifier;
}

Result<LoadedClassifier> load_classifier(const std::string& path,
                                         const std::string& digest,
                                         const WorkerRequest& request,
                                         Classifier::Randomness randomness) {
  if (is_address(path)) return asked_classifier(path, request);
  TRY(const Loaded file, load(path, digest, limits::model_bytes));
  TRY(Net net, load_net(file, path, request));
  TRY(Classifier classifier, build_classifier(std::move(net), path, request, randomness));
  return LoadedClassifier{std::move(classifier), {path, file.sha256}};
}

Result<std::shared_ptr<Endpoint>> open_endpoint(const std::string& url,
                                                const WorkerRequest& request) {
  const EndpointOptions& options = request.endpoint;
  CallLimits limits;
  limits.whole = std::chrono::seconds(options.timeout_seconds);
  limits.reply_bytes = limits::endpoint_answer_bytes;
  limits.parallel = static_cast<std::size_t>(std::max(options.parallel, 1));
  return Endpoint::open(url, options, request.token, make_http_caller(limits));
}

Result<Loaded> load_file(const WorkerRequest& request) {
  if (!is_address(request.model))
    return load(request.model, request.model_sha256, limits::model_bytes);
  return fail(ErrorKind::usage, "ai.gradients",
              "expected a model file, whose inside can be looked at, found an address; evade, "
              "measure and corrupt can ask an address",
              {without_query(request.model), 0, 0});
}

Result<LoadedData> load_data(const WorkerRequest& request,
                             const Classifier& classifier,
                             std::int64_t wanted) {
  LoadedData data;
  TRY(data.set, read_data({request.data, request.data_sha256, request.data_options, wanted,
                           classifier.sample_shape()}));
  if (data.set.table && data.set.table->is_label_number)
    return fail(ErrorKind::input, "ai.data",
                fmt::format("expected a description whose label is a class, found '{}' of numbers; "
                            "metrics of numbers (mae, rmse, r2) can be declared of such data",
                            quotable(data.set.table->label)),
                {request.data, 0, 0});
  TRY(data.samples, samples_of(data.set.arrays, classifier.sample_shape(), wanted,
                               classifier.wants_float64(), request.data));
  return data;
}

}  // namespace lockstep::ai
