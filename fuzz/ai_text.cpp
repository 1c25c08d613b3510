// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ai/text_description.hpp"
#include "ai/worker/data/tokenizer.hpp"
#include "base/check.hpp"

/// Three parts between zeros: a description, a vocabulary, and a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  const std::size_t first = std::min(bytes.find('\0'), size);
  const std::size_t second = std::min(bytes.find('\0', std::min(first + 1, size)), size);
  lockstep::Diagnostics problems;
  auto description =
      lockstep::ai::read_text_description(bytes.substr(0, first), "t.yaml", problems);
  if (!description) description = lockstep::ai::TextDescription{};
  auto vocabulary = lockstep::ai::Vocabulary::read(
      bytes.substr(std::min(first + 1, size), second - std::min(first + 1, second)), "v");
  if (!vocabulary) return 0;
  const std::int64_t tokens = vocabulary->size();
  description->unknown = description->padding = vocabulary->token(0);
  const auto tokenizer =
      lockstep::ai::Tokenizer::build(*std::move(description), *std::move(vocabulary), "t.yaml");
  if (!tokenizer) return 0;
  const auto input = tokenizer->input_of(bytes.substr(std::min(second + 1, size)), 16);
  LS_CHECK(input.size() == 16, "an input has its length");
  LS_CHECK(std::ranges::all_of(input, [&](auto id) { return id >= 0 && id < tokens; }),
           "tokens of the vocabulary");
  (void)tokenizer->text_of(input);
  return 0;
}
