// SPDX-License-Identifier: Apache-2.0
// A file of a person's answers to the items of a check:
//
//     importer.storage:
//       answer: yes          # yes, no or unknown
//       by: A. Person
//       on: 2028-01-10
//       note: the warehouse is dry and locked
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "domain/supply_check.hpp"

namespace lockstep::formats {

/// All problems go to `problems`; whether an id is an item of the check is not looked at here.
/// Errors: yaml.*. Codes: product.* for keys, answers.word for an answer that is none.
Result<CheckAnswers> read_check_answers(std::string_view bytes,
                                        const std::string& path,
                                        Diagnostics& problems);

}  // namespace lockstep::formats
