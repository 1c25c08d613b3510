// SPDX-License-Identifier: Apache-2.0
// Every score lies between 0 and 10 and has one decimal.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/check.hpp"
#include "domain/cvss.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto scores =
      lockstep::score_cvss(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!scores) return 0;
  for (const auto& score : {scores->base, scores->temporal, scores->environmental, scores->threat,
                            std::optional(scores->overall)}) {
    if (!score) continue;
    LS_CHECK(*score >= 0 && *score <= 10, "a score lies outside 0 to 10");
    LS_CHECK(std::abs(*score * 10 - std::round(*score * 10)) < 1e-9, "a score has two decimals");
  }
  LS_CHECK(!scores->rating.empty(), "a score has no word");
  return 0;
}
