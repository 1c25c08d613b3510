// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/measurement.hpp"
#include "risks/simulation.hpp"

namespace lockstep::risks {

/// What an attack's success rate leaves open about stronger attacks: values of policy.
struct AttackCorrection {
  double one_attack = 0.10;
  double ensemble = 0.05;
  std::size_t ensemble_at_least = 3;
  std::vector<std::string> black_box;  ///< names of attacks that see outputs only
  std::vector<std::string> adaptive;   ///< names of attacks written for the defence at hand
};

/// The d of 1 - (1 - v)(1 - d) for the attacks that ran.
double correction(std::span<const AttackRun> attacks, const AttackCorrection& policy);

/// Attack success as a factor: the Jeffreys posterior of k of n, corrected by d.
Factor success_factor(std::int64_t k, std::int64_t n, double d);

/// 1 - (1 - v)(1 - d)
double corrected(double v, double d);

/// 1 - (1 - v)^tries: an attacker retries and chooses.
double after_tries(double v, int tries);

/// One test against its threshold. The attempts are the samples that the model got right without
/// an attack; pass when the one-sided upper bound is at most tau, fail when the lower bound is
/// above it, else underpowered. A pass needs a threshold that was locked before (else human) and
/// a measurement whose own checks hold (else not_checked).
TestVerdict judge(const Measurement& measurement, const Threshold& threshold);

/// All tests of one product, in the order given; each measurement stands beside its threshold.
/// Tests of one model are one family: a pass must also hold under Holm's correction.
std::vector<TestVerdict> judge_all(std::span<const Measurement> measurements,
                                   std::span<const Threshold> thresholds);

}  // namespace lockstep::risks
