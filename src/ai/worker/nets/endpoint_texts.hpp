// SPDX-License-Identifier: Apache-2.0
// How services take texts, as bytes: without a network and without tensors of a library. Answers
// are foreign bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ai/worker/data/text_samples.hpp"
#include "ai/worker/nets/endpoint_forms.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// What stands for the names of the classes in a prompt of one's own.
inline constexpr std::string_view classes_mark = "{classes}";

/// The request about some texts in the form kserve, one element of BYTES for each.
/// Source: Open Inference Protocol (KServe V2), tensor data of inference requests.
std::string write_kserve_texts(const KserveModel& model, std::span<const TextSample> texts);

/// The request about one text. @param model what the service calls it; "" for none
/// @param prompt the instructions before the text; "" for our own
/// Source: the chat completions interface that OpenAI published and others serve.
std::string write_chat(std::string_view model,
                       std::span<const std::string> classes,
                       std::string_view text,
                       std::string_view prompt = {});

/// The class that an answer names, and nothing beside it. Errors: ai.endpoint_answer.
Result<std::int64_t> read_chat(std::string_view body,
                               std::span<const std::string> classes,
                               const std::string& service);

}  // namespace lockstep::ai
