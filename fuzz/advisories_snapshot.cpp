// SPDX-License-Identifier: Apache-2.0
// What an earlier run kept is anything: it is read as rows that are written again as they were, or
// refused; comparing it with others never crashes. An index is anything too: its snapshot is made,
// or the damage is said.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "advisories/gate.hpp"
#include "advisories/snapshot.hpp"
#include "base/check.hpp"

using lockstep::advisories::AdvisoryIndex;
using lockstep::advisories::decode_snapshot;
using lockstep::advisories::default_policy;
using lockstep::advisories::differences;
using lockstep::advisories::encode;
using lockstep::advisories::package_keys_of;
using lockstep::advisories::snapshot_of;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto rows = decode_snapshot(bytes)) {
    LS_CHECK(encode(*rows) == bytes, "rows are written otherwise");
    LS_CHECK(differences(*rows, *rows).empty(), "rows differ from themselves");
    LS_CHECK(differences({}, *rows).size() <= rows->size(), "more changes than rows");
  }
  const auto index = AdvisoryIndex::from_bytes(std::string(bytes), "index");
  if (!index) return 0;
  const auto snapshot = snapshot_of(*index, default_policy());
  if (!snapshot) return 0;
  LS_CHECK(snapshot->rows.size() == index->records(), "a record without a row");
  for (std::uint32_t i = 0; i < index->records(); ++i)
    (void)package_keys_of(*index, i).has_value();
  return 0;
}
