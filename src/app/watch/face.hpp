// SPDX-License-Identifier: Apache-2.0
// What is kept of a finding of a watched release, and how two of different days are told apart.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/finding.hpp"
#include "domain/watch.hpp"

namespace lockstep::app {

/// What is true of one part of a release now, as it is kept.
struct Told {
  WatchedPart part;
  Json face;
  std::string recheck_after;  ///< as WatchedRow
};

/// {"kind": "finding", "component", "purl", "version", "advisory", "flaw", "ids", "matched",
///  "summary", "because", "severity", "fixed", "exploited", "vex", "state", "rule", "open"}.
/// EPSS is left out: it changes every day; where the policy asks for it, `state` and `rule` follow.
Json face_of(const Finding& finding);

/// {"kind": "not_checked", "component", "purl", "version", "reason", "possible"}: records that name
/// the package and could not be held against its version.
Json face_of(const Unmatched& unmatched, const std::string& version);

/// The last day on which the state holds by itself: that of an acceptance; "" for always.
std::string recheck_after(const Finding& finding, Day as_of);

/// Something that became different for one part.
struct WatchEvent {
  enum class Kind { fresh, changed, settled };
  Kind kind = Kind::fresh;
  WatchedPart part;
  Json face;                      ///< as it is now; of what is gone, as it was
  std::vector<std::string> what;  ///< "severity medium 5.3 -> high 7.5"; why it is settled
};

/// A finding that a list of exploited vulnerabilities names which did not, and that no statement
/// settles; a rule of the policy may let it pass.
struct ListedFinding {
  WatchedPart part;
  Json face;
};

/// What has to be written and told so that `before` becomes `now`; both are of one release.
struct RowChanges {
  std::vector<WatchedRow> put;
  std::vector<std::int64_t> erased;
  std::vector<WatchEvent> events;
  std::vector<ListedFinding> listed;
};

/// Two findings of one part are the same when they share an id: ids come and go as advisories are
/// merged. What a statement settles and reopens is settled and new.
/// @param held  the parts of the release that `before` may speak of, sorted
/// Errors: store.corrupt, when a kept face cannot be read.
Result<RowChanges> compare_rows(std::span<const WatchedRow> before,
                                std::span<const Told> now,
                                std::span<const WatchedPart> held);

/// "new", "changed", "settled"
std::string_view word_of(WatchEvent::Kind kind);

}  // namespace lockstep::app
