// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ai/worker/certify/property.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  lockstep::Diagnostics problems;
  const auto property = lockstep::ai::certify::read_property(text, "p.vnnlib", problems);
  LS_CHECK(property.has_value() != problems.has_errors(), "a reader that stops says why");
  if (!property) return 0;
  for (const auto& one : property->cases) {
    LS_CHECK(!one.clauses.empty(), "a case has clauses");
    for (std::size_t i = 0; i < one.low.size(); ++i)
      LS_CHECK(one.low[i] <= one.high[i], "a box is not empty");
  }
  return 0;
}
