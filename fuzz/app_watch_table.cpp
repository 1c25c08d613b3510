// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/watch/table.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  lockstep::Diagnostics problems;
  const auto table = lockstep::app::read_watch_table(bytes, "fleet/fuzz.csv", problems);
  if (!table) return 0;
  for (const lockstep::app::WatchAddRequest& row : *table) {
    LS_CHECK(!row.product.empty() && !row.version.empty(), "a release without a name");
    LS_CHECK(row.line > 1, "a release of no line");
  }
  return 0;
}
