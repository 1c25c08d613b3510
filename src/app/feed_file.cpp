// SPDX-License-Identifier: Apache-2.0
// A feed that is one file, and what all feeds share.
#include <algorithm>
#include <fmt/format.h>

#include "app/feed_work.hpp"
#include "base/text.hpp"

namespace lockstep::app {

Result<> follow_file(const Feed& feed, FeedWork& work, FeedReport& report) {
  const FeedState& before = work.known.of(feed.address);
  TRY(const Download download,
      work.downloader.fetch_file(
          {feed.address, feed.name, work.limits.list_bytes, before.edition}));
  if (download.state == Download::State::missing) return missing(feed.address);
  if (download.state == Download::State::fetched) {
    report.bytes = download.size;
    const auto taken = work.intake.take_fetched_file(download.path, feed.address, feed.kind);
    // A file that is whole and wrong stays wrong: it is not kept to go on from.
    TRY_VOID(work.downloader.forget(feed.address));
    TRY_VOID(taken);
    report.entries = work.intake.entries_of(feed.address);
    report.state = FeedReport::State::updated;
  }
  work.next.set(feed.address, state_of(download, before, work));
  return {};
}

tl::unexpected<Error> missing(const std::string& url) {
  return fail(ErrorKind::input, "fetch.missing",
              fmt::format("expected a document at '{}', found none", quotable(url, 200)));
}

FeedState state_of(const Download& download, const FeedState& before, const FeedWork& work) {
  return {download.edition, before.until, to_text(work.now)};
}

std::string followed_until(std::optional<Instant> newest, Instant now) {
  if (!newest) return "";
  return to_text(std::min(*newest, now) - std::chrono::seconds(1));
}

}  // namespace lockstep::app
