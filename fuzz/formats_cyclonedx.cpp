// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "formats/cyclonedx/cyclonedx.hpp"
#include "formats/registry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const auto bom = lockstep::formats::read_bom(bytes, "fuzz.json", problems);
  (void)lockstep::formats::read_vex(bytes, "fuzz.json", problems);
  if (bom && !problems.has_errors()) (void)lockstep::formats::write_cyclonedx(*bom);
  lockstep::Diagnostics of_long;
  const std::string path = "fuzz.json";
  const auto long_one = lockstep::formats::read_long_cyclonedx(bytes, {path, of_long});
  const bool is_same = !long_one || (bom && lockstep::formats::write_cyclonedx(*long_one) ==
                                                lockstep::formats::write_cyclonedx(*bom));
  if (!is_same) __builtin_trap();
  return 0;
}
