// SPDX-License-Identifier: Apache-2.0
// Classifiers of texts behind an address: models of language, which are asked for the name of a
// class and say no scores, and others, which say scores.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ai/worker/nets/endpoint.hpp"
#include "ai/worker/nets/text_model.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Its scores are 1 for the class that is named, and 0 for the others.
/// @param prompt what it is told before each text (endpoint_texts.hpp); "" for our own
/// Errors: ai.text when fewer than two classes have names.
Result<std::unique_ptr<TextModel>> chat_model(std::shared_ptr<Endpoint> endpoint,
                                              std::string model,
                                              std::vector<std::string> classes,
                                              std::string prompt = {});

/// A model of texts that says scores. @param endpoint of the form kserve, whose model takes texts
std::unique_ptr<TextModel> scored_texts(std::shared_ptr<Endpoint> endpoint);

}  // namespace lockstep::ai
