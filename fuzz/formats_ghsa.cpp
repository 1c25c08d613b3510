// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "formats/ghsa/read.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  lockstep::formats::ghsa::looks_like(bytes);
  const auto advisories = lockstep::formats::ghsa::read_advisories(bytes, "fuzz.json", problems);
  if (!advisories) return 0;
  for (const lockstep::Advisory& advisory : *advisories) {
    LS_CHECK(!advisory.id.empty(), "an advisory without an id was returned");
    for (const lockstep::Affected& affected : advisory.affected)
      LS_CHECK(!affected.ecosystem.empty() && !affected.package.empty(), "an entry of nothing");
  }
  return 0;
}
