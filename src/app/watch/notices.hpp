// SPDX-License-Identifier: Apache-2.0
// From events to what is told: one notice for each product and flaw, whatever number of versions
// and components it touches.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/watch/face.hpp"
#include "app/watch/terms.hpp"
#include "base/time.hpp"
#include "domain/watch.hpp"
#include "store/watch_store.hpp"

namespace lockstep::app {

struct NoticeContext {
  const std::map<std::int64_t, WatchedRelease>& releases;
  std::string at;            ///< of the run, RFC 3339
  std::string index_sha256;  ///< of the data it looked at
};

/// One notice for each product and flaw, and one for each product whose components records could
/// not be held against; sorted by product and flaw. The key follows from what is told, the data and
/// the day, so that a run that is told again has the same keys.
std::vector<WatchNotice> notices_of(std::span<const WatchEvent> events,
                                    const NoticeContext& context);

/// The same notice with the key that follows its own: for what happens again and reads the same.
/// Errors: json.*, for a body that notices_of did not write.
Result<WatchNotice> told_again(const WatchNotice& notice);

/// What the calendar tells: support periods that end or ended, and documents whose time of keeping
/// ended. Each lead time of a release is told once. Errors: store.*.
Result<std::vector<WatchNotice>> notices_of_terms(const WatchTerms& terms,
                                                  store::WatchStore& store,
                                                  Day as_of);

/// A notice as a text for people; "Subject" is its first line.
std::string notice_text(const Json& notice);

}  // namespace lockstep::app
