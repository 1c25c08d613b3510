// SPDX-License-Identifier: Apache-2.0
// Which components of a bill are touched by which advisories, and why.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "advisories/index.hpp"
#include "base/result.hpp"
#include "domain/bom.hpp"
#include "domain/finding.hpp"

namespace lockstep::advisories {

struct MatchResult {
  /// In the order of the components, then by `advisory`.
  std::vector<Finding> findings;
  /// In the order of the components, then by reason. A component may be in both lists: some records
  /// match it, others could not be evaluated.
  std::vector<Unmatched> unmatched;
};

/// Asks the index about every component. Records of one weakness that touch one component are one
/// finding, with all ids of the weakness; withdrawn records make none. What cannot be answered is
/// in `unmatched` with its reason and the records that may apply, never left out.
/// Errors: data.index.
Result<MatchResult> match(const Bom& bom, const AdvisoryIndex& index);

/// How many parts `match_in_parts` works on side by side.
std::size_t match_parts(const Bom& bom);

/// What a few components come to, as MatchResult has it.
struct Matches {
  std::span<Finding> findings;
  std::span<Unmatched> unmatched;
};

/// Takes what the next few components of a part come to, which it may change and move from. For one
/// part it is called in the order of the components, for several parts at the same time.
using TakeMatches = std::function<Result<>(std::size_t part, Matches found)>;

/// The same answers in small pieces, for large bills whose findings need not be held together.
/// Errors: data.index, those of `take`.
Result<> match_in_parts(const Bom& bom, const AdvisoryIndex& index, const TakeMatches& take);

}  // namespace lockstep::advisories
