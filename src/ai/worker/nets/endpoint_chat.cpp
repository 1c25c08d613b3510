// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/endpoint_chat.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>

#include "ai/worker/limits.hpp"
#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

class ChatModel final : public TextModel {
 public:
  ChatModel(std::shared_ptr<Endpoint> endpoint, std::string model, std::vector<std::string> classes)
      : endpoint_(std::move(endpoint)), model_(std::move(model)), classes_(std::move(classes)) {}

  Result<at::Tensor> logits(std::span<const TextSample> texts) const override {
    std::vector<std::string> bodies;
    for (const TextSample& text : texts)
      bodies.push_back(write_chat(model_, classes_, text.text));
    TRY(const std::vector<std::string> answers, endpoint_->answers_to(bodies));
    at::Tensor scores = at::zeros({std::ssize(texts), std::ssize(classes_)});
    for (std::size_t i = 0; i < answers.size(); ++i) {
      TRY(const std::int64_t named, read_chat(answers[i], classes_, endpoint_->shown()));
      scores.data_ptr<float>()[static_cast<std::int64_t>(i) * std::ssize(classes_) + named] = 1;
    }
    return scores;
  }

  Result<Gradient> gradient(std::span<const TextSample>, const ScoreLoss&) const override {
    return fail(ErrorKind::usage, "ai.gradients", why_no_gradient_, {file(), 0, 0});
  }

  at::Tensor embedding() const override { return {}; }

  const std::string& why_no_gradient() const override { return why_no_gradient_; }

  const std::string& file() const override { return endpoint_->shown(); }

 private:
  std::shared_ptr<Endpoint> endpoint_;
  std::string model_;
  std::vector<std::string> classes_;
  std::string why_no_gradient_ = "a model behind an address has no gradients";
};

}  // namespace

std::string write_chat(std::string_view model,
                       std::span<const std::string> classes,
                       std::string_view text) {
  const auto message = [](const char* role, std::string_view content) {
    return Json::object_of({{"role", role}, {"content", content}});
  };
  Json messages = Json::array();
  messages.push(message("system", fmt::format("Classify the text. Answer with exactly one of these "
                                              "classes and nothing else: {}",
                                              join(classes, ", "))));
  messages.push(message("user", text));
  Json json = Json::object_of({{"messages", std::move(messages)}, {"temperature", 0}});
  if (!model.empty()) json.set("model", std::string(model));
  return to_canonical_json(json);
}

Result<std::int64_t> read_chat(std::string_view body,
                               std::span<const std::string> classes,
                               const std::string& service) {
  constexpr TreeLimits answer_limits{limits::endpoint_answer_bytes, 32, 1'000'000};
  Diagnostics problems;
  const auto tree = parse_json(body, service, problems, answer_limits);
  const Json none;
  const Json::Array& choices = (tree ? *tree : none)["choices"].items();
  const std::string* const said =
      choices.empty() ? nullptr : choices.front()["message"]["content"].as_string();
  if (said == nullptr || problems.has_errors())
    return fail(ErrorKind::input, "ai.endpoint_answer",
                fmt::format("expected a chat completion with a text as its content, found '{}'",
                            quotable(body)),
                {service, 0, 0});
  const std::string name = lower_case(trim(*said));
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (lower_case(classes[i]) == name) return static_cast<std::int64_t>(i);
  return fail(ErrorKind::input, "ai.endpoint_answer",
              fmt::format("expected one of the classes {} as the answer, found '{}'",
                          join(classes, ", "), quotable(*said)),
              {service, 0, 0});
}

Result<std::unique_ptr<TextModel>> chat_model(std::shared_ptr<Endpoint> endpoint,
                                              std::string model,
                                              std::vector<std::string> classes) {
  if (classes.size() < 2)
    return fail(ErrorKind::input, "ai.text",
                "expected at least two 'classes' in the description of the texts: their names are "
                "what the service answers",
                {endpoint->shown(), 0, 0});
  return std::unique_ptr<TextModel>(
      std::make_unique<ChatModel>(std::move(endpoint), std::move(model), std::move(classes)));
}

}  // namespace lockstep::ai
