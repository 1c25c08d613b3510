// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ai/worker/data/image.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using lockstep::ai::read_image;
  using lockstep::ai::write_png;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  const auto image = read_image(bytes, "fuzz.png");
  // Large pictures take the time that the fuzzer needs for small ones.
  if (!image || image->bytes.size() > std::size_t{1} << 20U) return 0;
  const auto written = write_png(lockstep::ai::with_channels(*image, image->shape[2]));
  LS_CHECK(written.has_value(), "a picture that was read can be written");
  const auto again = read_image(*written, "again.png");
  LS_CHECK(again && again->bytes == image->bytes && again->shape == image->shape,
           "what is written reads back the same");
  return 0;
}
