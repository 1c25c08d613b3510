// SPDX-License-Identifier: Apache-2.0
// The flaws of an index on their way: which records are about one weakness, by the ids that they
// give it. What grows with the data is in memory: some 120 bytes for each id, since any later
// record can join two sets.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "advisories/id_sets.hpp"
#include "advisories/record_codec.hpp"
#include "advisories/section_out.hpp"

namespace lockstep::advisories {

class FlawSets {
 public:
  /// The next record, by its number from 0. A withdrawn one joins nothing: what it said about
  /// aliases is withdrawn with it.
  void add(const RecordFront& front);

  /// Joins two ids, if a record names the first one.
  void join_if_known(std::string_view known, std::string_view other);

  /// Writes the flaws in the order of their first records, and of each record its flaw. To be
  /// called once, at the end. Errors: file.unwritable.
  Result<> write(SectionOut& record_flaws, SectionOut& flaw_table, SectionOut& flaws);

 private:
  IdSets ids_;
  std::vector<std::uint32_t> records_;  ///< of each its id
};

}  // namespace lockstep::advisories
