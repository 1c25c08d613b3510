// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/certificate.hpp"
#include "ai/worker/certify/graph.hpp"
#include "ai/worker/data/samples.hpp"
#include "ai/worker/nets/classifier.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"

namespace lockstep::ai::certify {

/// Proves what it can about the samples, and attacks them with the same epsilon: the proof is a
/// lower bound of robust accuracy, the attack an upper one.
/// Errors: ai.plan, ai.norm, ai.shape, ai.scores, ai.bounds, ai.cancelled.
Result<Certificate> certify_samples(const Classifier& net,
                                    const Graph& graph,
                                    const Samples& samples,
                                    const CertificatePlan& plan,
                                    int threads,
                                    Progress& progress);

/// Randomised smoothing of the samples. Errors: ai.plan, ai.shape, ai.cancelled.
Result<Certificate> certify_smoothed(const Classifier& net,
                                     const Samples& samples,
                                     const CertificatePlan& plan,
                                     int threads,
                                     Progress& progress);

}  // namespace lockstep::ai::certify
