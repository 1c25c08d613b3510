// SPDX-License-Identifier: Apache-2.0
// One ecosystem of an export in the layout of osv.dev. The first time its all.zip is fetched; from
// then on the list of changes says which records are newer, and those are fetched one by one, or
// the archive again when they are many.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "app/feed_work.hpp"
#include "base/url.hpp"
#include "formats/osv/changes.hpp"

namespace lockstep::app {

namespace {

using formats::osv::Change;

/// The addresses of one ecosystem.
struct Export {
  std::string folder;

  std::string archive() const { return folder + "all.zip"; }

  std::string list() const { return folder + "modified_id.csv"; }

  std::string record(const std::string& id) const {
    return fmt::format("{}{}.json", folder, percent_encoded(id));
  }
};

/// A record that cannot be read is a problem of its own, as in an archive; its next edition has a
/// newer time.
Result<> take_record(const Download& record, const Export& source, FeedWork& work) {
  auto taken = work.intake.take_fetched(record.bytes, record.url, source.folder, FeedKind::osv);
  if (taken || taken.error().code != "data.content") return taken;
  work.problems.add(taken.error());
  return {};
}

Result<> follow_changes(const Export& source,
                        const std::vector<Change>& changes,
                        FeedWork& work,
                        FeedReport& report) {
  std::size_t gone = 0;
  for (const Change& change : changes) {
    TRY(const Download record,
        work.downloader.fetch(
            {source.record(change.id), report.name, work.limits.document_bytes, {}}));
    report.bytes += record.size;
    if (record.state == Download::State::missing) {
      ++gone;
      continue;
    }
    TRY_VOID(take_record(record, source, work));
  }
  report.says = fmt::format("{} changed records", changes.size());
  if (gone > 0) report.says += fmt::format(", {} of them gone", gone);
  return {};
}

/// @returns whether there was a newer archive
Result<bool> follow_archive(const Export& source,
                            const std::vector<Change>& changes,
                            FeedWork& work,
                            FeedReport& report) {
  const FeedState& before = work.known.of(source.archive());
  TRY(const Download archive,
      work.downloader.fetch_file(
          {source.archive(), report.name, work.limits.archive_bytes, before.edition}));
  if (archive.state == Download::State::missing) return missing(source.archive());
  FeedState state = state_of(archive, before, work);
  if (archive.state == Download::State::fetched) {
    report.bytes += archive.size;
    work.intake.take_newest();
    const auto taken = work.intake.take_fetched_file(archive.path, source.archive(), FeedKind::osv);
    TRY_VOID(work.downloader.forget(source.archive()));
    TRY_VOID(taken);
    // What the archive holds counts, not what the list promises: it may be the older of the two.
    std::optional<Instant> newest = work.intake.take_newest();
    if (!changes.empty() && newest)
      newest = std::min(*newest, parse_instant(changes.front().modified).value_or(*newest));
    state.until = changes.empty() ? "" : followed_until(newest, work.now);
    report.state = FeedReport::State::updated;
    report.says = "the whole archive";
  }
  work.next.set(source.archive(), std::move(state));
  return archive.state == Download::State::fetched;
}

}  // namespace

Result<> follow_osv(const Feed& feed, FeedWork& work, FeedReport& report) {
  const Export source{fmt::format("{}{}/", feed.address, percent_encoded(feed.ecosystem))};
  const std::string since = work.known.of(source.archive()).until;
  const FeedState& list_before = work.known.of(source.list());
  report.address = source.folder;
  TRY(const Download list,
      work.downloader.fetch({source.list(), feed.name, work.limits.list_bytes,
                             since.empty() ? Edition{} : list_before.edition}));
  report.bytes += list.size;
  if (list.state == Download::State::unchanged) {
    work.next.set(source.list(), state_of(list, list_before, work));
    return {};
  }
  const std::size_t errors = work.problems.error_count();
  const std::vector<Change> changes = formats::osv::read_changes(
      list.bytes, since, work.limits.single_records + 1, source.list(), work.problems);
  if (changes.empty() && work.problems.error_count() > errors)
    return fail(ErrorKind::input, "data.content", "expected a list of changed records, found none",
                {source.list(), 0, 0});
  bool is_followed = list.state == Download::State::fetched;
  if (since.empty() || changes.size() > work.limits.single_records) {
    TRY(const bool is_newer, follow_archive(source, changes, work, report));
    is_followed = is_followed && is_newer;
  } else if (!changes.empty()) {
    TRY_VOID(follow_changes(source, changes, work, report));
    FeedState state = work.known.of(source.archive());
    state.until = followed_until(parse_instant(changes.front().modified), work.now);
    work.next.set(source.archive(), std::move(state));
    report.state = FeedReport::State::updated;
  }
  report.entries = work.intake.entries_of(source.folder) + work.intake.entries_of(source.archive());
  if (is_followed) work.next.set(source.list(), state_of(list, list_before, work));
  return {};
}

}  // namespace lockstep::app
