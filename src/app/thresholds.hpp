// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/time.hpp"
#include "domain/product.hpp"
#include "risks/thresholds.hpp"

namespace lockstep::app {

/// `thresholds.lock` beside the product file.
std::string thresholds_path(const std::string& product_file);

/// What `thresholds lock` did.
struct LockReport {
  std::string path;
  std::vector<risks::LockedThreshold> locked;
};

/// Locks the thresholds that the product file asks for, as they are now. What is locked already
/// with the same content keeps its time and approver. Errors: file.*, product.*, thresholds.*.
Result<LockReport> lock_thresholds(const std::string& product_file,
                                   const std::string& approver,
                                   Instant now,
                                   Files& files,
                                   Diagnostics& problems);

/// Holds the product file against the lock. @param first_results earliest stored result per test
/// Errors: file.* other than a missing lock, which makes every check need a decision.
Result<std::vector<risks::ThresholdCheck>> check_thresholds(
    const Product& product,
    const Files& files,
    const std::map<std::string, Instant>& first_results,
    Diagnostics& problems);

}  // namespace lockstep::app
