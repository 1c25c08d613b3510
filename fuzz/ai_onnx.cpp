// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ai/worker/nets/model.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  (void)lockstep::ai::read_onnx(bytes, "fuzz.onnx", "");
  (void)lockstep::ai::read_tensor(bytes, "fuzz.pb");
  return 0;
}
