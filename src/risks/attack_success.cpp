// SPDX-License-Identifier: Apache-2.0
// What k broken of n attacked samples say about a model, and what they do not.
//
// A count is not a rate: 0 of 10 leaves room for a true rate of one in four. So the exact
// (Clopper-Pearson) bounds decide, one-sided at 1 - alpha. Upper bound at most tau: shown. Lower
// bound above tau: shown not to hold. Between the two the sample is too small, and the answer says
// how large it would have to be if the observed rate went on.
//
// An attack finds a lower bound on weakness only; a stronger one may do better. The register thus
// raises v to 1 - (1 - v)(1 - d), with d from policy. And an attacker who may try again needs to
// win once: 1 - (1 - v)^q.
//
// Several tests of one model are several chances to pass by luck. The p-value of a pass is
// P(X <= k) under the rate tau; Holm's method raises it, and a pass that does not survive becomes
// underpowered. A fail stays a fail: the successful attacks were seen.
//
// Source: risk method, section 4.2; Clopper and Pearson 1934; Holm 1979.
#include "risks/attack_success.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/exact_tests.hpp"
#include "base/statistics.hpp"

namespace lockstep::risks {
namespace {

bool is_named(std::span<const AttackRun> attacks, const std::vector<std::string>& names) {
  return std::ranges::any_of(attacks, [&](const AttackRun& attack) {
    return std::ranges::find(names, attack.name) != names.end();
  });
}

const SoundnessCheck* failed_check(const Measurement& measurement) {
  const auto failed = std::ranges::find(measurement.soundness, State::fail, &SoundnessCheck::state);
  return failed == measurement.soundness.end() ? nullptr : &*failed;
}

std::string counted(const TestVerdict& verdict) {
  return fmt::format(
      "{} of {} attacks succeed; the true rate lies in [{:.4f}, {:.4f}] ({:.4g} % "
      "each way), the threshold is {:.4g}",
      verdict.successes, verdict.attempts, verdict.lower95, verdict.upper95,
      100 * (1 - verdict.threshold.alpha), verdict.threshold.at_most);
}

void explain_underpowered(TestVerdict& verdict, double alpha) {
  verdict.state = State::underpowered;
  verdict.needed_samples =
      samples_to_decide(verdict.successes, verdict.attempts, verdict.threshold.at_most, alpha);
  if (verdict.needed_samples > 0)
    verdict.because += fmt::format(
        ": too few samples to decide; at this rate about {} are needed, "
        "{} more",
        verdict.needed_samples, verdict.needed_samples - verdict.attempts);
  else
    verdict.because += ": the rate is so near the threshold that no feasible sample decides it";
}

/// What stands in the way of a pass that the numbers alone would give.
void withhold_pass(TestVerdict& verdict, const Measurement& measurement) {
  if (verdict.state != State::pass) return;
  if (const SoundnessCheck* failed = failed_check(measurement)) {
    verdict.state = State::not_checked;
    verdict.because += fmt::format("; but the measurement does not hold itself: {} ({})",
                                   failed->check, failed->says);
  } else if (verdict.threshold.locked_at.empty()) {
    verdict.state = State::human;
    verdict.because +=
        "; but the threshold was not locked before the test: a person must say "
        "that it was set first";
  } else if (measurement.samples < verdict.threshold.planned_samples) {
    verdict.state = State::warn;
    verdict.because += fmt::format("; {} samples were planned and {} taken",
                                   verdict.threshold.planned_samples, measurement.samples);
  }
}

/// P(X <= k) for a rate of exactly tau: the p-value of "the rate is below tau".
double p_value(const TestVerdict& verdict) {
  if (verdict.successes >= verdict.attempts) return 1;
  const auto k = static_cast<double>(verdict.successes);
  const auto n = static_cast<double>(verdict.attempts);
  return beta_probability(1 - verdict.threshold.at_most, n - k, k + 1);
}

}  // namespace

double correction(std::span<const AttackRun> attacks, const AttackCorrection& policy) {
  const bool is_ensemble = attacks.size() >= policy.ensemble_at_least &&
                           is_named(attacks, policy.black_box) &&
                           is_named(attacks, policy.adaptive);
  return is_ensemble ? policy.ensemble : policy.one_attack;
}

Factor success_factor(std::int64_t k, std::int64_t n, double d) {
  return {"v", jeffreys(static_cast<double>(k), static_cast<double>(n)), d, 1 - d, 1};
}

double corrected(double v, double d) {
  return 1 - (1 - v) * (1 - d);
}

double after_tries(double v, int tries) {
  return -std::expm1(tries * std::log1p(-v));
}

TestVerdict judge(const Measurement& measurement, const Threshold& threshold) {
  TestVerdict verdict;
  verdict.test = measurement.id;
  verdict.threshold = threshold;
  verdict.attempts = measurement.clean.correct;
  verdict.successes = measurement.clean.correct - measurement.robust.correct;
  if (verdict.attempts <= 0 || verdict.successes < 0 || verdict.successes > verdict.attempts) {
    verdict.successes = 0;
    verdict.because = fmt::format("nothing could be attacked: the model got {} of {} samples right",
                                  measurement.clean.correct, measurement.clean.total);
    return verdict;
  }
  const double confidence = 1 - threshold.alpha;
  verdict.rate = static_cast<double>(verdict.successes) / static_cast<double>(verdict.attempts);
  verdict.upper95 = upper_bound(verdict.successes, verdict.attempts, confidence);
  verdict.lower95 = lower_bound(verdict.successes, verdict.attempts, confidence);
  verdict.because = counted(verdict);
  if (verdict.upper95 <= threshold.at_most)
    verdict.state = State::pass;
  else if (verdict.lower95 > threshold.at_most)
    verdict.state = State::fail;
  else
    explain_underpowered(verdict, threshold.alpha);
  withhold_pass(verdict, measurement);
  return verdict;
}

std::vector<TestVerdict> judge_all(std::span<const Measurement> measurements,
                                   std::span<const Threshold> thresholds) {
  LS_CHECK(measurements.size() == thresholds.size(), "each measurement stands beside a threshold");
  std::vector<TestVerdict> verdicts;
  for (std::size_t i = 0; i < measurements.size(); ++i)
    verdicts.push_back(judge(measurements[i], thresholds[i]));
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].state != State::pass && verdicts[i].state != State::warn &&
        verdicts[i].state != State::human)
      continue;
    std::vector<double> family;
    std::size_t own = 0;
    for (std::size_t j = 0; j < verdicts.size(); ++j) {
      if (measurements[j].model_id != measurements[i].model_id || verdicts[j].attempts == 0)
        continue;
      if (j == i) own = family.size();
      family.push_back(p_value(verdicts[j]));
    }
    const double alpha = thresholds[i].alpha;
    if (holm(family)[own] <= alpha) continue;
    verdicts[i].because += fmt::format(
        "; corrected for {} tests of this model the pass does not "
        "hold",
        family.size());
    explain_underpowered(verdicts[i], alpha / static_cast<double>(family.size()));
  }
  return verdicts;
}

}  // namespace lockstep::risks
