// SPDX-License-Identifier: Apache-2.0
// What is read from thresholds.lock is written as a text that is read as the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "risks/thresholds.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lockstep::Diagnostics problems;
  const auto locked = lockstep::risks::read_thresholds(
      std::string_view(reinterpret_cast<const char*>(data), size), "thresholds.lock", problems);
  const auto text = lockstep::risks::write_thresholds(locked);
  lockstep::Diagnostics again;
  const auto second = lockstep::risks::read_thresholds(text, "thresholds.lock", again);
  LS_CHECK(again.entries().empty(), "a written lock has problems");
  LS_CHECK(lockstep::risks::write_thresholds(second) == text, "a written lock is read otherwise");
  const auto checks = lockstep::risks::verify_thresholds(second, locked, {});
  for (const auto& check : checks)
    LS_CHECK(check.state == lockstep::State::pass, "a lock does not agree with itself");
  return 0;
}
