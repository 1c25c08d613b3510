// SPDX-License-Identifier: Apache-2.0
// What the three ways of following a feed have in common: feed_osv.cpp, feed_csaf.cpp,
// feed_file.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/download.hpp"
#include "app/feed_states.hpp"
#include "app/intake.hpp"
#include "app/update_data.hpp"
#include "base/diagnostics.hpp"
#include "base/result.hpp"

namespace lockstep::app {

/// Bounds on what one feed may send.
struct FeedLimits {
  std::uint64_t archive_bytes = std::uint64_t{4} << 30U;  ///< of an all.zip
  std::uint64_t list_bytes = std::uint64_t{256}
                             << 20U;  ///< of a list of exploited, a table, a feed
  std::uint64_t document_bytes = std::uint64_t{64} << 20U;  ///< of one record or document
  std::uint64_t digest_bytes = std::uint64_t{4} << 10U;
  std::size_t single_records = 500;      ///< more changes than this, and the archive is fetched
  std::size_t documents = 200'000;       ///< of one provider in one update
  std::size_t listed_providers = 1'000;  ///< of one aggregator
};

/// The tools of an update, and where its results go.
struct FeedWork {
  Downloader& downloader;
  Intake& intake;
  const FeedStates& known;
  FeedStates& next;  ///< written when the index is
  Diagnostics& problems;
  Instant now;
  FeedLimits limits = {};
};

/// Follows one feed. An Error is the feed's end; what was taken in before it stays, and is right.
/// Errors: fetch.*, data.*, archive.*, csaf.*, kev.*, epss.*.
Result<> follow_file(const Feed& feed, FeedWork& work, FeedReport& report);
Result<> follow_osv(const Feed& feed, FeedWork& work, FeedReport& report);

/// A provider, or each provider of a list. Failures of documents are in the reports and problems;
/// an Error is that of the address itself.
Result<std::vector<FeedReport>> follow_csaf(const Feed& feed,
                                            FeedWork& work,
                                            std::vector<Error>& failures);

/// The error of a document that a server must have and has not: fetch.missing.
tl::unexpected<Error> missing(const std::string& url);

/// The state of an address after an answer.
FeedState state_of(const Download& download, const FeedState& before, const FeedWork& work);

/// A second before the time, and not after now: from there on a list of changes is read again, so
/// that neither fractions of seconds nor times in the future hide what comes.
std::string followed_until(std::optional<Instant> newest, Instant now);

}  // namespace lockstep::app
