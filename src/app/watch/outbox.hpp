// SPDX-License-Identifier: Apache-2.0
// Notices on their way out. A notice is marked as delivered when its target took it: after a crash
// it goes out again, never is it lost; its key tells the receiver that it is the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/watch_store.hpp"

namespace lockstep::app {

/// What became of the notices that waited for one target.
struct TargetReport {
  std::string target;
  std::int64_t delivered = 0;
  std::int64_t waiting = 0;  ///< that are still to go there
  std::string problem;       ///< why; "" when none waits
};

/// Errors: watch.target, when a text is no target: "folder:PATH".
Result<> check_targets(const std::vector<std::string>& targets);

/// Sends what waits for each target. A target that is named for the first time gets what nobody was
/// told before. What cannot be delivered stays, and its report says why.
/// Errors: watch.target, store.*.
Result<std::vector<TargetReport>> deliver(store::WatchStore& store,
                                          const std::vector<std::string>& targets,
                                          Files& files,
                                          Instant at);

/// The same over the store of a URL; no target leaves the store alone.
Result<std::vector<TargetReport>> deliver(const std::string& store_url,
                                          const std::vector<std::string>& targets,
                                          Files& files,
                                          Instant at);

}  // namespace lockstep::app
