// SPDX-License-Identifier: Apache-2.0
// The records of two indexes held against each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "base/result.hpp"

namespace lockstep::advisories {

/// How a record of one index is in a later one. `withdrawn` is one that was not before.
enum class RecordChange { added, changed, withdrawn, removed };

/// A record that is not the same in both.
struct RecordDifference {
  std::string id;
  RecordChange change = RecordChange::added;
  std::vector<std::string> ecosystems;  ///< sorted; of the later index, for a removed one before
  std::optional<Instant> modified_before;
  std::optional<Instant> modified_after;
};

/// Sorted by id. What the index does not keep of a record (details, references) makes no
/// difference. Cost: one pass over both. Errors: data.index.
Result<std::vector<RecordDifference>> differences(const AdvisoryIndex& before,
                                                  const AdvisoryIndex& after);

}  // namespace lockstep::advisories
