// SPDX-License-Identifier: Apache-2.0
#include "app/update_data.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "advisories/index.hpp"
#include "app/feed_states.hpp"
#include "app/feed_work.hpp"
#include "app/intake.hpp"

namespace lockstep::app {

namespace {

/// What feeds gave before counts only with the index that holds it.
FeedStates known_states(const std::string& data_folder, const Files& files) {
  const auto index = advisories::AdvisoryIndex::open(index_path(data_folder));
  if (!index || !index->verify()) return {};
  return FeedStates::read(data_folder, files);
}

Result<> follow_one(const Feed& feed, FeedWork& work, FeedReport& report) {
  return feed.kind == FeedKind::osv ? follow_osv(feed, work, report)
                                    : follow_file(feed, work, report);
}

/// Follows a feed, whatever becomes of it. Error: that the person wants to stop.
Result<> follow(const Feed& feed, FeedWork& work, UpdateReport& update) {
  FeedReport report{feed.name, feed.address, FeedReport::State::unchanged, 0, 0, ""};
  Result<> followed;
  if (feed.kind == FeedKind::csaf) {
    auto reports = follow_csaf(feed, work, update.failures);
    if (reports) {
      std::ranges::move(*reports, std::back_inserter(update.feeds));
      return {};
    }
    followed = tl::unexpected<Error>(std::move(reports.error()));
  } else {
    followed = follow_one(feed, work, report);
  }
  if (!followed) {
    if (followed.error().kind == ErrorKind::interrupted) return followed;
    work.problems.add(followed.error());
    update.failures.push_back(followed.error());
    report.state = FeedReport::State::failed;
    report.entries = work.intake.entries_of(report.address);
    report.says = followed.error().message;
  }
  update.feeds.push_back(std::move(report));
  return {};
}

}  // namespace

std::string_view word_of(FeedReport::State state) {
  switch (state) {
    case FeedReport::State::updated:
      return "updated";
    case FeedReport::State::unchanged:
      return "unchanged";
    case FeedReport::State::failed:
      return "failed";
  }
  return "";
}

Result<UpdateReport> update_data(const UpdateRequest& request,
                                 Fetcher& fetcher,
                                 Files& files,
                                 Progress& progress,
                                 Diagnostics& problems) {
  TRY(const auto lock, lock_data(request.data_folder, files));
  Downloader downloader(fetcher, files, progress, request.now, request.data_folder + "/downloads",
                        request.limits);
  Intake intake(request.data_folder, files, progress, problems);
  const FeedStates known = known_states(request.data_folder, files);
  FeedStates next = known;
  FeedWork work{downloader, intake, known, next, problems, request.now};
  UpdateReport report;
  for (const Feed& feed : request.feeds)
    TRY_VOID(follow(feed, work, report));
  report.is_replaced = !intake.report().files.empty();
  if (report.is_replaced) {
    TRY(report.import, intake.replace_index(request.now));
  }
  TRY_VOID(next.write(request.data_folder, files));
  return report;
}

}  // namespace lockstep::app
