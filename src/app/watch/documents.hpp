// SPDX-License-Identifier: Apache-2.0
// The JSON documents of `lockstep vuln watch run` and `tasks`.
#pragma once

#include <span>
#include <string>

#include "app/watch/outbox.hpp"
#include "app/watch/releases.hpp"
#include "app/watch/run.hpp"
#include "app/watch/table.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace lockstep::app {

/// lockstep/watch-run/1. Errors: store.corrupt.
Result<Json> watch_run_json(const WatchRun& run, std::span<const TargetReport> targets, int exit);

/// lockstep/watch-tasks/1. Errors: store.corrupt.
Result<Json> watch_tasks_json(std::span<const WatchTask> tasks, int exit);

/// lockstep/watch-added/1
Json watch_added_json(const WatchAdded& added, int exit);

/// lockstep/watch-removed/1
Json watch_removed_json(const WatchRemoved& removed, int exit);

/// lockstep/watch-task/1. Errors: store.corrupt.
Result<Json> watch_task_json(const WatchTask& task, int exit);

/// lockstep/watch-table/1
Json watch_table_json(std::span<const WatchTableRow> rows, int exit);

/// All tasks, by number. Errors: store.*.
Result<std::vector<WatchTask>> list_tasks(const std::string& store_url);

}  // namespace lockstep::app
