// SPDX-License-Identifier: Apache-2.0
// Notices on their way out. A notice is marked as delivered when its target took it: after a crash
// it goes out again, never is it lost; its key tells the receiver that it is the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/result.hpp"
#include "base/sender.hpp"
#include "base/time.hpp"
#include "store/watch_store.hpp"

namespace lockstep::app {

/// By what notices go out.
struct Outgoing {
  Files& files;
  Sender& sender;
  bool is_offline = false;       ///< nothing leaves the machine
  std::string token = {};        ///< of web hooks, sent as "Authorization: Bearer"; "" for none
  std::string mail_server = {};  ///< as Mail::server
  std::string mail_from = {};
  std::string mail_user = {};
  std::string mail_password = {};
  Instant at;
};

/// What became of the notices that waited for one target.
struct TargetReport {
  std::string target;
  std::int64_t delivered = 0;
  std::int64_t waiting = 0;  ///< that are still to go there
  std::string problem;       ///< why; "" when none waits
};

/// Errors: watch.target, when a text is of no kind, and those of its kind.
Result<> check_targets(const std::vector<std::string>& targets, const Outgoing& by);

/// Sends what waits for each target. A target that is named for the first time gets what nobody was
/// told before. What cannot be delivered stays, and its report says why. A receiver that is busy is
/// asked three times; one that refuses three notices is left alone until the next run.
/// Errors: as check_targets, store.*.
Result<std::vector<TargetReport>> deliver(store::WatchStore& store,
                                          const std::vector<std::string>& targets,
                                          const Outgoing& by);

/// The same over the store of a URL; without a target the store is left alone.
Result<std::vector<TargetReport>> deliver(const std::string& store_url,
                                          const std::vector<std::string>& targets,
                                          const Outgoing& by);

}  // namespace lockstep::app
