// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/endpoint_texts.hpp"

#include <fmt/format.h>

#include "ai/worker/limits.hpp"
#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

std::string instructions(std::span<const std::string> classes, std::string_view prompt) {
  const std::string names = join(classes, ", ");
  if (prompt.empty())
    return fmt::format(
        "Classify the text. Answer with exactly one of these classes and nothing else: {}", names);
  std::string text(prompt);
  for (std::size_t at = text.find(classes_mark); at != std::string::npos;
       at = text.find(classes_mark, at + names.size()))
    text.replace(at, classes_mark.size(), names);
  return text;
}

}  // namespace

std::string write_kserve_texts(const KserveModel& model, std::span<const TextSample> texts) {
  Json shape = Json::array();
  shape.push(std::ssize(texts));
  for (std::size_t i = 0; i < model.sample.size(); ++i)
    shape.push(1);
  Json data = Json::array();
  for (const TextSample& text : texts)
    data.push(text.text);
  Json inputs = Json::array();
  inputs.push(Json::object_of({{"name", model.input},
                               {"shape", std::move(shape)},
                               {"datatype", model.datatype},
                               {"data", std::move(data)}}));
  return to_canonical_json(Json::object_of({{"inputs", std::move(inputs)}}));
}

std::string write_chat(std::string_view model,
                       std::span<const std::string> classes,
                       std::string_view text,
                       std::string_view prompt) {
  const auto message = [](const char* role, std::string_view content) {
    return Json::object_of({{"role", role}, {"content", content}});
  };
  Json messages = Json::array();
  messages.push(message("system", instructions(classes, prompt)));
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

}  // namespace lockstep::ai
