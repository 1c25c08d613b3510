// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/diagnostics.hpp"
#include "formats/policy/policy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  (void)lockstep::formats::read_policy(bytes, "fuzz.yaml", problems);
  return 0;
}
