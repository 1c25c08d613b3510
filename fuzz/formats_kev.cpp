// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "formats/kev/read.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const auto list = lockstep::formats::kev::read(bytes, "fuzz.json", problems);
  if (!list) return 0;
  for (const lockstep::KnownExploited& entry : list->entries) {
    LS_CHECK(entry.cve.starts_with("CVE-") || entry.cve.starts_with("EUVD-"),
             "an entry without an id was returned");
  }
  return 0;
}
