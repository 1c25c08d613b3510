// SPDX-License-Identifier: Apache-2.0
// Whatever somebody hands over, reading it ends, keeps the limits and gives lines of plain UTF-8.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/text.hpp"
#include "formats/received/limits.hpp"
#include "formats/received/received.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // The text of a PDF is foreign as well: the same bytes stand for it.
  const auto file = lockstep::formats::read_received(bytes, "fuzz", [](std::string_view pdf) {
    return lockstep::formats::PdfText{std::string(pdf), {}};
  });
  for (const lockstep::ReceivedLine& line : file.lines) {
    LS_CHECK(lockstep::is_utf8(line.text), "a line is no UTF-8");
    LS_CHECK(line.text.find('\n') == std::string::npos, "a line has two lines");
    LS_CHECK(line.text.size() <= lockstep::formats::received_line_bytes, "a line is too long");
  }
  LS_CHECK(!file.form.empty(), "a file has no form");
  return 0;
}
