// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "domain/cpe.hpp"
#include "formats/nvd/read.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  lockstep::formats::nvd::looks_like(bytes);
  static lockstep::formats::nvd::Reader reader;
  const auto advisories = reader.read(bytes, "fuzz.json", problems);
  if (!advisories) return 0;
  for (const lockstep::Advisory& advisory : *advisories) {
    LS_CHECK(advisory.aliases.size() == 1, "a record has one CVE");
    for (const lockstep::Affected& affected : advisory.affected) {
      const auto cpe = lockstep::parse_cpe(affected.cpe);
      LS_CHECK(cpe && lockstep::product_of(*cpe) == affected.package, "an entry of another name");
      for (const std::uint32_t group : affected.together_with)
        LS_CHECK(group < advisory.cpe_groups.size(), "a group that is not there");
    }
  }
  return 0;
}
