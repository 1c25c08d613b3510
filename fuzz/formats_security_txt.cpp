// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "formats/security_txt/security_txt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const std::string path = "fuzz";
  (void)lockstep::formats::read_security_txt(bytes, lockstep::Instant{}, {path, problems});
  return 0;
}
