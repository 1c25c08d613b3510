// SPDX-License-Identifier: Apache-2.0
// Any bytes in the place of each kind of file of data/regulations/: the loader reports, never dies.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "regulations/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics broken;
  const auto tree = lockstep::parse_yaml(bytes, "fuzz.yaml", broken);
  if (!tree) return 0;
  for (const char* path :
       {"facts.yaml", "countries.yaml", "contradictions.yaml", "evidence_kinds.yaml",
        "regulations/act/act.yaml", "regulations/act/provisions/one.yaml",
        "regulations/act/rules/one.yaml"}) {
    const std::array files = {lockstep::regulations::SourceFile{path, *tree}};
    lockstep::Diagnostics problems;
    (void)lockstep::regulations::load_ruleset(files, problems);
  }
  return 0;
}
