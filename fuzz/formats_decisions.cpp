// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/diagnostics.hpp"
#include "formats/decisions/decisions.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const auto decisions = lockstep::formats::read_decisions(bytes, "fuzz", problems);
  if (decisions) (void)lockstep::formats::write_decisions(*decisions);
  return 0;
}
