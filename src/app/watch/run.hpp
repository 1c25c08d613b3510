// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep vuln watch run`: what became different since the last run, for every
// watched release.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "advisories/index.hpp"
#include "app/watch/face.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/finding.hpp"
#include "domain/gate_policy.hpp"
#include "domain/watch.hpp"
#include "store/watch_store.hpp"

namespace lockstep::app {

struct WatchRunRequest {
  std::string store_url;
  std::string data_folder;
  std::string policy;  ///< path of the gate's policy; "" for the one that is built in
  Instant at;          ///< the day of judgement, and what a task gives as "the run"
};

/// What was looked at, and how much of it was different.
struct WatchDelta {
  std::string whole_because;    ///< why every release was asked about again; "" when the delta was
  std::int64_t records = 0;     ///< that were added, changed or are gone since the last run
  std::int64_t components = 0;  ///< asked about again because of them, or of the day
  std::int64_t releases = 0;    ///< asked about as a whole: added or changed since the last run
};

struct WatchRun {
  Instant at;
  std::string index_sha256;
  std::vector<DataSource> data;
  WatchDelta delta;
  std::int64_t fresh = 0;  ///< events, by kind
  std::int64_t changed = 0;
  std::int64_t settled = 0;
  std::int64_t failing = 0;             ///< new or changed findings whose state is fail
  std::vector<WatchNotice> notices;     ///< kept by this run, in order
  std::vector<WatchTask> tasks;         ///< opened or renewed by this run
  std::int64_t open_tasks = 0;          ///< of this run and of earlier ones
  std::vector<std::string> not_stated;  ///< "crane 1.0": releases without an end of support
};

/// Compares the index with what the last run saw, asks again about the components that this
/// touches, about releases that were added or changed since, and about states that the day ended;
/// keeps what is now true, a notice for each product and flaw, and a task for each exploited one.
/// All of it or nothing is kept; the same run twice tells nothing twice. A release that somebody
/// removed is not asked about.
/// Errors: data.missing, data.index, policy.*, store.*, file.*.
Result<WatchRun> run_watch(const WatchRunRequest& request,
                           const Files& files,
                           Diagnostics& problems);

/// The same over what is open already.
Result<WatchRun> run_watch(store::WatchStore& store,
                           const advisories::AdvisoryIndex& index,
                           const GatePolicy& policy,
                           const std::string& imported_at,
                           Instant at);

}  // namespace lockstep::app
