// SPDX-License-Identifier: Apache-2.0
// Encoded records on their way into an index, in runs: what is over the bound on memory is sorted
// and written to a nameless file. In the end the runs are walked as one, and of each id the newest
// record comes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "advisories/record_codec.hpp"
#include "base/spill_file.hpp"

namespace lockstep::advisories {

/// Of two records with one id the later one stays: the newer, then that with the greater digest.
/// The bytes come last, so that even two records with one digest have an order.
bool is_later_edition(std::string_view record, std::string_view than);

class RecordRuns {
 public:
  /// @param folder where runs are spilled; "" to keep all in memory
  /// @param memory bytes of records that are kept in memory
  RecordRuns(std::string folder, std::size_t memory)
      : folder_(std::move(folder)), memory_(memory) {}

  /// Errors: file.unwritable.
  Result<> hold(std::string_view record);

  /// Ends the run. `back_to` drops the runs behind the mark.
  std::size_t mark();
  void back_to(std::size_t mark);

  /// The bytes of a record, valid during the call.
  using Visit = std::function<Result<>(std::string_view record)>;

  /// Walks the records that stay, by id. Errors: file.unreadable, file.unwritable, those of
  /// `visit`.
  Result<> walk(const Visit& visit);

 private:
  /// A record in a block. SPEED: the first bytes of the id decide most comparisons.
  struct Held {
    std::uint64_t start = 0;
    std::string_view record;
  };

  struct Run {
    std::deque<std::string> blocks;  ///< none ever grows past what it reserved
    std::vector<Held> held;          ///< in the blocks
    std::optional<SpillFile> file;
  };
  class Source;

  static void sort(std::vector<Held>& held);
  Result<> spill(Run& run);

  std::string folder_;
  std::size_t memory_;
  std::size_t held_bytes_ = 0;
  std::vector<Run> runs_;
};

}  // namespace lockstep::advisories
