// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "ai/certificate.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "domain/certificate.hpp"

namespace lockstep::ai::certify {

/// The radius of the ball in which a smoothed classifier keeps its answer, when `k` of `n` noisy
/// copies had it: sigma times the normal quantile of the exact lower bound at `alpha`. Nothing when
/// that bound is not above 1/2. Source: Cohen et al. 2019, arXiv 1902.02918, Theorem 1.
std::optional<double> smoothing_radius(std::int64_t k, std::int64_t n, double alpha, double sigma);

/// The p-value of the two-sided exact test that a coin which showed one side `k` and the other
/// `other` times is fair.
double fair_coin_p_value(std::int64_t k, std::int64_t other);

/// How many draws put the sample into each class, and into none, because a score is no number:
/// [classes + 1]. Draw d of sample i gets noise of its own, named by (seed, stream, d, i): batch
/// and threads change nothing. Errors: those of the classifier.
Result<std::vector<std::int64_t>> noisy_counts(const Classifier& net,
                                               const Samples& samples,
                                               std::int64_t sample,
                                               const SmoothingPlan& plan,
                                               bool is_selection);

/// Every sample by CERTIFY, or by PREDICT when the plan says so (then no radius is given).
/// Errors: ai.cancelled, those of the classifier.
Result<std::vector<CertifiedSample>> smooth(const Classifier& net,
                                            const Samples& samples,
                                            const SmoothingPlan& plan,
                                            int threads,
                                            Progress& progress);

}  // namespace lockstep::ai::certify
