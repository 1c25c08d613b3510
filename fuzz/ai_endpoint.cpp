// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ai/worker/nets/endpoint_forms.hpp"
#include "base/check.hpp"

/// The first byte says how many samples were asked about, the rest is the answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  const std::int64_t rows = 1 + data[0] % 4;
  for (const lockstep::ai::EndpointForm& form : lockstep::ai::endpoint_forms()) {
    if (form.read == nullptr) continue;  // of texts
    const auto answer = form.read(bytes.substr(1), rows, "f");
    if (answer)
      LS_CHECK(std::ssize(answer->scores) == rows * answer->classes, "scores for each sample");
  }
  (void)lockstep::ai::read_kserve_description(bytes.substr(1), "f");
  return 0;
}
