// SPDX-License-Identifier: Apache-2.0
// What the two halves of the builder share: index_builder.cpp takes in, index_writer.cpp writes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "advisories/index.hpp"
#include "advisories/index_state.hpp"
#include "advisories/record_runs.hpp"

namespace lockstep::advisories {

struct IndexBuilder::State {
  struct Edition {
    IndexSource source;
    KnownExploitedList list;
  };

  State(std::string folder_of_spills, std::size_t memory_bytes)
      : folder(folder_of_spills),
        memory(memory_bytes),
        records(std::move(folder_of_spills), memory_bytes) {}

  void hold(std::string_view record);

  std::string folder;  ///< "" to keep all in memory
  std::size_t memory;
  RecordEncoder encoder;
  RecordRuns records;
  std::optional<AdvisoryIndex> older;
  std::map<std::string, Edition> lists;  ///< by source
  IndexSource epss_source;
  std::vector<std::array<std::uint64_t, 2>> epss;  ///< CVE number, both shares in one word
  std::optional<Error> trouble;                    ///< of the disk, told when the index is written
};

}  // namespace lockstep::advisories
