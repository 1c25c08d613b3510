// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/dossier.hpp"
#include "risks/thresholds.hpp"

namespace lockstep::app {

/// How the worker is run.
struct AttackSettings {
  std::string program;  ///< lockstep-attack
  int threads = 1;
  std::uint64_t seed = 1;
};

struct AttackReport {
  std::vector<Measurement> measurements;  ///< one for each test that was run, in file order
  std::vector<NotChecked> not_checked;    ///< the others, each with the reason
};

/// Runs every evasion test of the product file. A test that cannot be run (no worker, a model that
/// cannot be loaded, a limit that was reached) is not checked, with the reason.
/// Errors: ai.interrupted only.
Result<AttackReport> attack_models(const Product& product,
                                   const AttackSettings& settings,
                                   Progress& progress);

/// Each measurement against its threshold, with what the lock says about it.
std::vector<TestVerdict> judge_tests(std::span<const Measurement> measurements,
                                     std::span<const risks::ThresholdCheck> checks);

}  // namespace lockstep::app
