// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep data update`: what feeds offer that is newer, into the index.
//
// Each feed counts by itself. What one gave is used whether or not another failed; a file that
// breaks off, is of another kind, or is not what its digest says leaves nothing behind, and the
// index holds what it held before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/download.hpp"
#include "app/feeds.hpp"
#include "app/import_data.hpp"
#include "base/diagnostics.hpp"
#include "base/fetcher.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::app {

struct UpdateRequest {
  std::vector<Feed> feeds;
  std::string data_folder;
  Instant now;
  DownloadLimits limits = {};
};

/// How one feed ended.
struct FeedReport {
  enum class State { updated, unchanged, failed };

  std::string name;
  std::string address;
  State state = State::unchanged;
  std::int64_t entries = 0;  ///< taken in, also when it failed in part
  std::uint64_t bytes = 0;   ///< fetched
  std::string says;          ///< what a person should know: "12 documents, sha512 checked"
};

std::string_view word_of(FeedReport::State state);

struct UpdateReport {
  std::vector<FeedReport> feeds;  ///< in the order asked for
  std::vector<Error> failures;    ///< of feeds that failed; they are in the problems too
  bool is_replaced = false;       ///< there is a new index
  ImportReport import;            ///< of the new index
};

/// Fetches the feeds and replaces the index when any of them gave something new.
/// Errors: file.locked, data.cancelled, file.unwritable; the index is then as it was. Problems:
/// those of the feeds, each with its address, and those of the readers.
Result<UpdateReport> update_data(const UpdateRequest& request,
                                 Fetcher& fetcher,
                                 Files& files,
                                 Progress& progress,
                                 Diagnostics& problems);

}  // namespace lockstep::app
