// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ai/worker/data/npz.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  (void)lockstep::ai::read_npz(bytes, "fuzz.npz");
  const auto array = lockstep::ai::read_npy(bytes, "fuzz.npy");
  // Texts are read, not written.
  if (!array || array->type == lockstep::ai::ElementType::string) return 0;
  const auto again = lockstep::ai::read_npy(lockstep::ai::write_npy(*array), "again.npy");
  LS_CHECK(again && again->bytes == array->bytes && again->shape == array->shape,
           "what is written reads back the same");
  return 0;
}
