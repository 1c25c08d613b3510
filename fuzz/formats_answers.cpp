// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of answers: problems are reported, and every answer has an author.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "formats/answers/answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const auto answers = lockstep::formats::read_check_answers(bytes, "fuzz.yaml", problems);
  if (!answers || problems.has_errors()) return 0;
  for (const auto& [id, answer] : *answers)
    LS_CHECK(!answer.by.empty(), "an answer of nobody was taken");
  return 0;
}
