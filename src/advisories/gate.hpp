// SPDX-License-Identifier: Apache-2.0
// What each finding means for a release.
#pragma once

#include <string>
#include <vector>

#include "domain/finding.hpp"

namespace lockstep::advisories {

struct GatePolicy {
  /// Findings that nobody settled and whose rating is this word or worse fail: low, medium, high,
  /// critical; "none" lets every such finding fail, "never" leaves all to a person.
  std::string fail_at = "critical";
};

/// Gives each finding its state and the sentence that says why:
///   settled     a statement says "fixed", or "not_affected" with a reason     -> pass
///   exploited   a list names one of its ids, and nobody settled it            -> fail
///   rated       nobody settled it, and its rating reaches the policy's word   -> fail
///   others      also those without a rating: a person decides                 -> human
/// Nothing passes because it is unknown.
std::vector<Finding> judge(std::vector<Finding> findings, const GatePolicy& policy);

/// The words that `fail_at` may be.
std::vector<std::string> gate_words();

}  // namespace lockstep::advisories
