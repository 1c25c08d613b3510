// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ai/worker/nets/model.hpp"
#include "base/result.hpp"
#include "domain/preprocessing.hpp"

namespace lockstep::ai {

/// Puts the preprocessing in front of the model, as two nodes that every back end knows how to
/// fold: from then on the model's input is what the product takes in, before its preprocessing.
/// @param file the model's path, for messages
/// Errors: ai.preprocessing when the model has no one input of numbers, or other channels than the
/// preprocessing has numbers.
Result<> prepend(Model& model, const Preprocessing& preprocessing, const std::string& file);

}  // namespace lockstep::ai
