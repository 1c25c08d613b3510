// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "formats/limits.hpp"
#include "formats/sarif/sarif.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const std::string path = "fuzz";
  const auto document = lockstep::parse_json(bytes, path, problems, lockstep::formats::bom_limits);
  if (document) lockstep::formats::check_sarif(*document, {path, problems});
  return 0;
}
