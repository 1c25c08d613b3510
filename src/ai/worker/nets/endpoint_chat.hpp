// SPDX-License-Identifier: Apache-2.0
// Classifiers of texts that are models of language behind an address: they are asked for the name
// of a class, and say no scores.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/worker/nets/endpoint.hpp"
#include "ai/worker/nets/text_model.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// The request about one text. @param model what the service calls it; "" for none
/// Source: the chat completions interface that OpenAI published and others serve.
std::string write_chat(std::string_view model,
                       std::span<const std::string> classes,
                       std::string_view text);

/// The class that an answer names, and nothing beside it. Errors: ai.endpoint_answer.
Result<std::int64_t> read_chat(std::string_view body,
                               std::span<const std::string> classes,
                               const std::string& service);

/// Its scores are 1 for the class that is named, and 0 for the others.
/// Errors: ai.text when fewer than two classes have names.
Result<std::unique_ptr<TextModel>> chat_model(std::shared_ptr<Endpoint> endpoint,
                                              std::string model,
                                              std::vector<std::string> classes);

}  // namespace lockstep::ai
