// SPDX-License-Identifier: Apache-2.0
// What each finding means for a release.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/finding.hpp"
#include "domain/gate_policy.hpp"

namespace lockstep::advisories {

/// The policy that holds where nobody wrote one:
///   settled     a statement says "fixed", or "not_affected" with a reason       -> pass
///   exploited   a list names one of its ids, and nobody settled it              -> fail
///   accepted    a person accepts what stays, until a day that has not passed    -> warn
///   rated       its rating reaches `fail_at`                                    -> fail
///   undecided   others, also those without a rating: a person decides           -> human
/// @param fail_at one of gate_words(); "none" lets every such finding fail, "never" leaves all to
///                a person
GatePolicy default_policy(const std::string& fail_at = "critical");

/// What the rules may look at beside the finding itself.
struct GateFacts {
  Day as_of;
  std::vector<std::string> lists;    ///< of exploited vulnerabilities, that were imported
  const SsvcTables* ssvc = nullptr;  ///< needed where the policy names a tree
  std::span<const Reachability> reachability;
};

/// Gives each finding its state, the sentence that says why, and the rule that decided. A condition
/// on what is not known holds neither as yes nor as no: its rule is passed over and named. Nothing
/// passes because it is unknown.
/// Errors: ssvc.* where the policy's answers do not fit its tree.
Result<std::vector<Finding>> judge(std::vector<Finding> findings,
                                   const GatePolicy& policy,
                                   const GateFacts& facts);

/// The same in place, by the calling thread alone.
Result<> judge_all(std::span<Finding> findings, const GatePolicy& policy, const GateFacts& facts);

/// The lists of exploited vulnerabilities that there are, by name.
std::vector<std::string> exploited_lists();

/// The words that `fail_at` may be.
std::vector<std::string> gate_words();

}  // namespace lockstep::advisories
