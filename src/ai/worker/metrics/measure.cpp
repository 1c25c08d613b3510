// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/metrics/measure.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>
#include <fmt/format.h>

#include "ai/metrics/declared.hpp"
#include "ai/worker/data/fit.hpp"
#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/metrics/consistency.hpp"

namespace lockstep::ai {
namespace {

Campaign campaign_of(const Classifier& classifier,
                     const Samples& samples,
                     const MetricsPlan& plan,
                     int threads,
                     Progress& progress) {
  return {classifier, samples, classifier.batch_for(plan.batch_size), threads, progress};
}

}  // namespace

Result<Scores> scores_of(const Classifier& classifier,
                         const Samples& samples,
                         const MetricsPlan& plan,
                         int threads,
                         Progress& progress) {
  const Campaign campaign = campaign_of(classifier, samples, plan, threads, progress);
  progress.stage("scores", static_cast<std::uint64_t>(samples.count()));
  TRY(const at::Tensor logits, logits_of(campaign, campaign.batch_size));
  TRY_VOID(check_labels(samples, logits.size(1)));
  TRY_VOID(check_scores(logits, classifier.file()));
  const at::Tensor z = logits.to(at::kDouble).contiguous();
  const at::Tensor y = samples.y.contiguous();
  return scores_of({z.data_ptr<double>(), static_cast<std::size_t>(z.numel())}, z.size(1),
                   {y.data_ptr<std::int64_t>(), static_cast<std::size_t>(y.numel())});
}

Result<Metrics> measure_metrics(const Classifier& classifier,
                                const Classifier* other,
                                const Samples& samples,
                                const std::optional<Grouping>& grouping,
                                const MetricsPlan& plan,
                                int threads,
                                Progress& progress) {
  TRY(const Scores scores, scores_of(classifier, samples, plan, threads, progress));
  progress.stage("metrics", 0);
  TRY(Metrics metrics,
      measure(scores, grouping, {{plan.seed, plan.resamples}, plan.declared, plan.family}));
  progress.stage("consistency", 0);
  TRY(metrics.consistency,
      check_consistency(campaign_of(classifier, samples, plan, threads, progress)));
  if (other != nullptr) {
    TRY(const Scores others, scores_of(*other, samples, plan, threads, progress));
    metrics.comparison = compare(scores, others);
    metrics.comparison->answered_by = other->answered_by();
  }
  metrics.answered_by = classifier.answered_by();
  metrics.threads = threads;
  metrics.worker_version = LOCKSTEP_VERSION;
  return metrics;
}

}  // namespace lockstep::ai
