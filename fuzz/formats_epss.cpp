// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "formats/epss/read.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const auto table = lockstep::formats::epss::read(bytes, "fuzz.csv", problems);
  if (!table) return 0;
  for (const lockstep::Epss& row : table->rows) {
    LS_CHECK(row.probability >= 0 && row.probability <= 1, "a probability outside of 0 to 1");
  }
  return 0;
}
