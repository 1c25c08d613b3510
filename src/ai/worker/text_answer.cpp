// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/text_answer.hpp"

#include <fmt/format.h>
#include <limits>
#include <map>
#include <memory>

#include "ai/attack_details.hpp"
#include "ai/worker/data/gzip.hpp"
#include "ai/worker/data/text_examples.hpp"
#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/evasion/black_box.hpp"
#include "ai/worker/evasion/text_measure.hpp"
#include "ai/worker/limits.hpp"
#include "ai/worker/load.hpp"
#include "ai/worker/metrics/text_measure.hpp"
#include "ai/worker/nets/endpoint_chat.hpp"
#include "ai/worker/nets/text_model.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"

namespace lockstep::ai {
namespace {

std::string class_name(const TextSet& set, std::int64_t label) {
  return label < std::ssize(set.classes) ? set.classes[static_cast<std::size_t>(label)] : "";
}

AttackDetails details_of(const TextSet& set, const TextOutcome& outcome) {
  AttackDetails details;
  details.grid = "texts";
  details.class_names = set.classes;
  std::map<std::int64_t, ClassOutcome> by_label;
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    ClassOutcome& one = by_label[set.labels[i]];
    one.label = set.labels[i];
    one.name = class_name(set, one.label);
    ++one.total;
    one.right += outcome.is_right[i];
    one.standing += 1 - outcome.is_broken[i];
  }
  for (auto& [label, one] : by_label)
    details.classes.push_back(std::move(one));
  for (const TextPair& pair : outcome.broken)
    details.examples.push_back(
        {pair.index, "", pair.label, pair.predicted, static_cast<double>(pair.edits), true, {}});
  return details;
}

Result<std::string> file_of(const TextSet& set, const TextOutcome& outcome) {
  std::vector<WrittenPair> pairs;
  for (const TextPair& pair : outcome.broken)
    pairs.push_back({pair.index, pair.label, pair.predicted, pair.edits,
                     set.samples[static_cast<std::size_t>(pair.index)].text, pair.changed.text});
  return write_text_examples(pairs);
}

/// A model of texts, and the texts.
struct LoadedTexts {
  TextSet set;
  std::unique_ptr<TextModel> model;
  FileRef file;
  std::shared_ptr<Endpoint> endpoint;  ///< null for a file
};

DataRequest data_of(const WorkerRequest& request) {
  std::int64_t wanted = request.evasion.samples;
  if (request.command == WorkerCommand::measure)
    wanted = request.metrics.samples > 0 ? request.metrics.samples
                                         : std::numeric_limits<std::int64_t>::max();
  return {request.data, request.data_sha256, request.data_options, wanted, {}};
}

Result<LoadedTexts> texts_of_file(const WorkerRequest& request) {
  TRY(const Loaded file, load_file(request));
  TRY(const std::string bytes, unpacked(file.bytes, limits::model_bytes, request.model));
  TRY(Model model, read_onnx(bytes, request.model, folder_of(request.model)));
  TRY(const std::int64_t length, text_length_of(model, request.model));
  TRY(TextSet set, read_texts(data_of(request), length));
  TRY(auto net, build_text_model(std::move(model), set.tokenizer, request.model));
  return LoadedTexts{std::move(set), std::move(net), {request.model, file.sha256}, nullptr};
}

Result<LoadedTexts> asked_texts(const WorkerRequest& request) {
  TRY(const std::shared_ptr<Endpoint> endpoint, open_endpoint(request.model, request));
  if (!endpoint->takes_texts())
    return fail(ErrorKind::usage, "ai.endpoint_form",
                "expected a service that takes texts: of the form chat (--endpoint chat), or of "
                "the form kserve with an input of BYTES",
                {endpoint->shown(), 0, 0});
  TRY(TextSet set, read_texts(data_of(request), -1));
  if (endpoint->form() != "chat")
    return LoadedTexts{std::move(set), scored_texts(endpoint), {endpoint->shown(), ""}, endpoint};
  TRY(auto model, chat_model(endpoint, request.endpoint.model, set.classes,
                             set.tokenizer.description().prompt));
  return LoadedTexts{std::move(set), std::move(model), {endpoint->shown(), ""}, endpoint};
}

AnsweredBy answered_by(const LoadedTexts& loaded) {
  return {"cpu", loaded.endpoint ? fmt::format("the service ({})", loaded.endpoint->form())
                                 : "LibTorch: nets of texts have no fused form"};
}

Result<LoadedTexts> load_texts(const WorkerRequest& request) {
  return is_address(request.model) ? asked_texts(request) : texts_of_file(request);
}

}  // namespace

Result<Json> measure_texts(const WorkerRequest& request, Progress& progress) {
  if (!request.metrics.other.empty())
    return fail(ErrorKind::usage, "ai.text",
                "expected no other model: classifiers of texts are measured one by one",
                {request.data, 0, 0});
  TRY(const LoadedTexts loaded, load_texts(request));
  TRY(Metrics metrics,
      measure_text_metrics(*loaded.model, loaded.set, request.metrics, request.threads, progress));
  metrics.model = loaded.file;
  metrics.data = {request.data, loaded.set.sha256};
  metrics.answered_by = answered_by(loaded);
  return to_json(metrics);
}

Result<Json> evade_texts(const WorkerRequest& request, Progress& progress) {
  TRY(const LoadedTexts loaded, load_texts(request));
  const TextSet& set = loaded.set;
  TRY(TextOutcome outcome,
      measure_text_evasion(*loaded.model, set, request.evasion, request.threads, progress));
  outcome.measurement.model = loaded.file;
  outcome.measurement.answered_by = answered_by(loaded);
  outcome.measurement.data = {request.data, set.sha256};
  if (loaded.endpoint)
    for (SoundnessCheck& check : black_box_limits(*loaded.endpoint))
      outcome.measurement.soundness.push_back(std::move(check));
  Json json = to_json(outcome.measurement);
  if (request.examples.empty()) return json;
  AttackDetails details = details_of(set, outcome);
  if (!details.examples.empty()) {
    TRY(const std::string written, file_of(set, outcome));
    TRY_VOID(RealFiles().write(request.examples, written));
    details.examples_sha256 = sha256(written);
  }
  json.set("details", to_json(details));
  return json;
}

}  // namespace lockstep::ai
