// SPDX-License-Identifier: Apache-2.0
// Any bytes give records or problems; a record that is returned has an id.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "formats/osv/read.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static lockstep::formats::osv::Reader reader;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  (void)lockstep::formats::osv::looks_like(bytes);
  const auto records = reader.read(bytes, "fuzz.json", problems);
  if (!records) return 0;
  for (const lockstep::Advisory& advisory : *records) {
    LS_CHECK(!advisory.id.empty(), "a record without an id was returned");
  }
  return 0;
}
