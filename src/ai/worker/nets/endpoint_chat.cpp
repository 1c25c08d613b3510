// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/endpoint_chat.hpp"

#include <ATen/ATen.h>
#include <optional>
#include <span>
#include <utility>

#include "ai/worker/nets/endpoint_texts.hpp"

namespace lockstep::ai {
namespace {

/// What a service is asked by name of a class.
struct Chat {
  std::string model;
  std::vector<std::string> classes;
  std::string prompt;
};

/// @param chat nothing for a service that says scores
class AskedTexts final : public TextModel {
 public:
  explicit AskedTexts(std::shared_ptr<Endpoint> endpoint, std::optional<Chat> chat = {})
      : endpoint_(std::move(endpoint)), chat_(std::move(chat)) {}

  Result<at::Tensor> logits(std::span<const TextSample> texts) const override {
    if (!chat_) return endpoint_->scores(texts);
    const std::vector<std::string>& classes = chat_->classes;
    std::vector<std::string> bodies;
    for (const TextSample& text : texts)
      bodies.push_back(write_chat(chat_->model, classes, text.text, chat_->prompt));
    TRY(const std::vector<std::string> answers, endpoint_->answers_to(bodies));
    at::Tensor scores = at::zeros({std::ssize(texts), std::ssize(classes)});
    for (std::size_t i = 0; i < answers.size(); ++i) {
      TRY(const std::int64_t named, read_chat(answers[i], classes, endpoint_->shown()));
      scores.data_ptr<float>()[static_cast<std::int64_t>(i) * std::ssize(classes) + named] = 1;
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
  std::optional<Chat> chat_;
  std::string why_no_gradient_ = "a model behind an address has no gradients";
};

}  // namespace

Result<std::unique_ptr<TextModel>> chat_model(std::shared_ptr<Endpoint> endpoint,
                                              std::string model,
                                              std::vector<std::string> classes,
                                              std::string prompt) {
  if (classes.size() < 2)
    return fail(ErrorKind::input, "ai.text",
                "expected at least two 'classes' in the description of the texts: their names are "
                "what the service answers",
                {endpoint->shown(), 0, 0});
  return std::unique_ptr<TextModel>(std::make_unique<AskedTexts>(
      std::move(endpoint), Chat{std::move(model), std::move(classes), std::move(prompt)}));
}

std::unique_ptr<TextModel> scored_texts(std::shared_ptr<Endpoint> endpoint) {
  return std::make_unique<AskedTexts>(std::move(endpoint));
}

}  // namespace lockstep::ai
