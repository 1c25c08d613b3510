// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes, no more is unpacked than the limits allow.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "formats/archive.hpp"
#include "formats/zip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::formats::ArchiveLimits limits;
  limits.entries = 100;
  limits.entry_bytes = 1U << 20U;
  limits.total_bytes = 4U << 20U;
  (void)lockstep::formats::unpack_gzip(bytes, "fuzz.gz", limits);
  auto zip = lockstep::formats::ZipReader::open_bytes(bytes, "fuzz.zip", limits);
  if (!zip) return 0;
  while (true) {
    const auto entry = zip->next();
    if (!entry || !*entry) break;
    LS_CHECK((*entry)->bytes.size() <= limits.entry_bytes, "an entry is over its limit");
  }
  LS_CHECK(zip->unpacked() <= limits.total_bytes, "the entries are over their limit");
  return 0;
}
