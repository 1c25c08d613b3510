// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ai/worker/nets/model.hpp"
#include "domain/model_description.hpp"

namespace lockstep::ai {

/// What a model is, what would answer for it, and what looks unsafe about it. The graph is looked
/// at, and made ready to run; nothing but the noise that a back end is held against runs through
/// it.
/// @param file its path, for messages
ModelDescription inspect(Model model, const std::string& file);

}  // namespace lockstep::ai
