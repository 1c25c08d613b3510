// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/metrics/text_measure.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <algorithm>
#include <span>
#include <vector>

#include "ai/metrics/measure.hpp"
#include "ai/worker/data/fit.hpp"
#include "ai/worker/evasion/shards.hpp"
#include "ai/worker/metrics/consistency.hpp"

namespace lockstep::ai {
namespace {

struct Asking {
  const TextModel& model;
  int threads;
  Progress& progress;

  /// Class scores [texts, classes], `batch` at a time.
  Result<at::Tensor> scores(std::span<const TextSample> texts, std::size_t batch) const {
    std::vector<at::Tensor> parts((texts.size() + batch - 1) / batch);
    TRY_VOID(run_shards(parts.size(), batch, threads, progress, [&](std::size_t i) -> Result<> {
      TRY(parts[i],
          model.logits(texts.subspan(i * batch, std::min(batch, texts.size() - i * batch))));
      return {};
    }));
    return at::cat(parts).to(at::kDouble).contiguous();
  }
};

}  // namespace

Result<Metrics> measure_text_metrics(const TextModel& model,
                                     const TextSet& set,
                                     const MetricsPlan& plan,
                                     int threads,
                                     Progress& progress) {
  if (!plan.groups.empty())
    return fail(ErrorKind::usage, "ai.declared",
                "expected no groups: of texts, only all together are measured",
                {model.file(), 0, 0});
  const Asking asking{model, threads, progress};
  const auto batch = static_cast<std::size_t>(plan.batch_size);
  progress.stage("scores", set.samples.size());
  TRY(const at::Tensor z, asking.scores(set.samples, batch));
  TRY_VOID(check_labels({z, at::tensor(set.labels, at::kLong), ""}, z.size(1)));
  TRY_VOID(check_scores(z, model.file()));
  const Scores scores =
      scores_of({z.data_ptr<double>(), static_cast<std::size_t>(z.numel())}, z.size(1), set.labels);
  progress.stage("metrics", 0);
  TRY(Metrics metrics,
      measure(scores, std::nullopt, {{plan.seed, plan.resamples}, plan.declared, plan.family}));
  progress.stage("consistency", 0);
  const auto some = std::min(std::ssize(set.samples), std::ptrdiff_t{consistency_samples});
  const auto first = std::span(set.samples).first(static_cast<std::size_t>(some));
  TRY(const at::Tensor alone, asking.scores(first, 1));
  metrics.consistency = {held_against("one text at a time", z.narrow(0, 0, some), alone)};
  metrics.threads = threads;
  metrics.worker_version = LOCKSTEP_VERSION;
  return metrics;
}

}  // namespace lockstep::ai
