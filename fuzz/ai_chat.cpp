// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ai/worker/nets/endpoint_texts.hpp"
#include "base/check.hpp"

/// The bytes are an answer of a service that was asked for one of three classes, and a text that it
/// is asked about.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  const std::array<std::string, 3> classes{"bad", "Good", "neither"};
  const auto named = lockstep::ai::read_chat(bytes, classes, "f");
  if (named) LS_CHECK(*named >= 0 && *named < 3, "a class that was asked for");
  LS_CHECK(!lockstep::ai::write_chat("m", classes, bytes, bytes).empty(), "a request");
  return 0;
}
