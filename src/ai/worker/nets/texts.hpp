// SPDX-License-Identifier: Apache-2.0
// Texts as tensors have them: each distinct text of the process has one number, so that whatever
// moves or compares integers moves and compares texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep::ai {

/// Equal texts have equal numbers; the empty text has 0. May be called by several threads.
std::int64_t number_of_text(std::string_view text);

/// The text of a number. Throws OperatorError when it stands for none.
std::string text_of(std::int64_t number);

}  // namespace lockstep::ai
