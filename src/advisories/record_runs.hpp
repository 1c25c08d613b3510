// SPDX-License-Identifier: Apache-2.0
// Encoded records on their way into an index, in runs: what is over the bound on memory is sorted
// and written to a nameless file. In the end the runs, and an older index, which is sorted too, are
// walked as one, and of each id the newest record comes out.
#pragma once

#include <cstddef>
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

  /// The bytes of a record, valid during the call, and their front.
  using Visit = std::function<Result<>(std::string_view record, const RecordFront& front)>;
  /// Gives the records of an older index in the order of their ids, one at each call; nothing at
  /// the end. They are valid until the next call.
  using Older = std::function<Result<std::optional<std::string_view>>()>;

  /// Walks the records that stay, by id. Errors: file.unreadable, file.unwritable; those of `older`
  /// and `visit`.
  Result<> walk(const Older& older, const Visit& visit);

 private:
  struct Run {
    std::deque<std::string> blocks;      ///< none ever grows past what it reserved
    std::vector<std::string_view> held;  ///< in the blocks
    std::optional<SpillFile> file;
  };
  class Source;

  Result<> spill(Run& run);

  std::string folder_;
  std::size_t memory_;
  std::size_t held_bytes_ = 0;
  std::vector<Run> runs_;
};

}  // namespace lockstep::advisories
