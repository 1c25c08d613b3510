// SPDX-License-Identifier: Apache-2.0
// Questions that a person has to answer about vulnerabilities that a list names as exploited. A
// task gives the instants that may matter, each with where it comes from; it starts no clock.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/watch/face.hpp"
#include "app/watch/terms.hpp"
#include "base/files.hpp"
#include "base/time.hpp"
#include "store/watch_store.hpp"

namespace lockstep::app {

struct TaskContext {
  const std::map<std::int64_t, WatchedRelease>& releases;
  const WatchTerms& terms;
  std::string imported_at;  ///< of the data, RFC 3339; "" when not known
  Instant at;               ///< of the run
};

/// Opens a task for each product and flaw that a list names now and that no statement settles. An
/// open task of the same flaw takes up what is new; one that was closed is not asked again about
/// the same versions and lists. Returns the tasks that were written. Errors: store.*.
Result<std::vector<WatchTask>> open_tasks(std::span<const ListedFinding> listed,
                                          const TaskContext& context,
                                          store::WatchStore& store);

/// The task as JSON: its body with number and decision. Errors: store.corrupt.
Result<Json> task_json(const WatchTask& task);

struct SettleRequest {
  std::string store_url;
  std::int64_t task = 0;
  std::string decision;  ///< exploited, not_exploited, not_contained
  std::string by;
  std::string reason;
  Instant at;
};

/// The words of a decision.
std::vector<std::string> decision_words();

/// Writes down what a person decided. Errors: watch.task, watch.decision, store.*.
Result<WatchTask> settle_task(const SettleRequest& request);

}  // namespace lockstep::app
