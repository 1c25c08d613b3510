// SPDX-License-Identifier: Apache-2.0
// The terms of watching: what data/watch.yaml says, and the days that follow from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/watch.hpp"
#include "regulations/period.hpp"

namespace lockstep::app {

struct WatchTerms {
  std::vector<std::int64_t> lead_days;  ///< [policy] before the end of support; falling, last 0
  std::string after_support;            ///< what still holds then
  std::vector<std::string> support_cites;
  regulations::Period keeping;  ///< how long the documents are kept
  std::vector<std::string> keeping_cites;
  std::string task_title;  ///< of the question about an exploited vulnerability
  std::string task_asks;
  std::string task_next;  ///< what starts the clock
  std::string task_clock;
  std::vector<std::string> task_cites;
};

/// The terms that were embedded when the program was built. An error here is our own.
Result<WatchTerms> watch_terms();

/// The smallest lead time, in days, of those that have come; nothing before the first.
std::optional<std::int64_t> due_lead(const WatchTerms& terms,
                                     const WatchedRelease& release,
                                     Day as_of);

/// The last day on which the documents have to be kept: the end of the period since placing on the
/// market or of the support period, whichever is later.
Day kept_until_of(const WatchTerms& terms, const WatchedRelease& release);

}  // namespace lockstep::app
