// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ai/attack_details.hpp"
#include "ai/description.hpp"
#include "ai/protocol.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  if (const auto request = lockstep::ai::read_request(line)) {
    const auto again = lockstep::ai::read_request(lockstep::ai::write_request(*request));
    LS_CHECK(again && *again == *request, "a request reads back the same");
  }
  const auto reply = lockstep::ai::read_reply(line);
  if (!reply) return 0;
  if (const auto* result = std::get_if<lockstep::Json>(&*reply)) {
    (void)lockstep::ai::read_measurement(*result);
    (void)lockstep::ai::read_description(*result);
    (void)lockstep::ai::read_conformance(*result);
    (void)lockstep::ai::read_certificate(*result);
    (void)lockstep::ai::read_property_answer(*result);
    (void)lockstep::ai::read_metrics(*result);
    (void)lockstep::ai::read_corruption_report(*result);
    (void)lockstep::ai::read_attack_details(*result);
  }
  return 0;
}
