// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "base/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes as text
  constexpr std::string_view separators = ",;\t|";
  lockstep::CsvReader reader(bytes.substr(1), separators[data[0] % separators.size()], "f.csv",
                             "ai.csv");
  std::size_t taken = 0;
  for (;;) {
    const auto line = reader.next();
    if (!line || !*line) return 0;
    for (const auto& field : (*line)->fields)
      taken += field.size();
    LS_CHECK(taken <= size, "fields hold no more than the file");
  }
}
