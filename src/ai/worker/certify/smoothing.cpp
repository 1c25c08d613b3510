// SPDX-License-Identifier: Apache-2.0
// Randomised smoothing. The smoothed classifier answers with the class that the net gives most
// often under Gaussian noise. CERTIFY chooses the class with a few draws, bounds its probability
// from below with many others (the exact bound of Clopper and Pearson), and gives the radius within
// which no change of the input can take that lead away. PREDICT asks only whether the lead is real.
//
// It is a statement about the smoothed classifier, not about the net without noise.
//
// Source: Cohen, Rosenfeld and Kolter 2019, arXiv 1902.02918, section 3.2.
#include "ai/worker/certify/smoothing.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>

#include "ai/worker/evasion/shards.hpp"
#include "base/random.hpp"

namespace lockstep::ai::certify {
namespace {

std::size_t top(const std::vector<std::int64_t>& counts) {
  return static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
}

/// The place of the draws that the net puts into no class.
std::size_t no_class(const std::vector<std::int64_t>& counts) {
  return counts.size() - 1;
}

Result<CertifiedSample> certify(const Classifier& net,
                                const Samples& samples,
                                std::int64_t i,
                                const SmoothingPlan& plan) {
  TRY(const auto selection, noisy_counts(net, samples, i, plan, true));
  TRY(const auto counts, noisy_counts(net, samples, i, plan, false));
  const std::size_t chosen = top(selection);
  if (chosen == no_class(counts))
    return CertifiedSample{i, samples.y[i].item<std::int64_t>(), -1, 0};
  const auto radius = smoothing_radius(counts[chosen], plan.draws, plan.alpha, plan.sigma);
  return CertifiedSample{i, samples.y[i].item<std::int64_t>(),
                         radius ? static_cast<std::int64_t>(chosen) : -1, radius.value_or(0)};
}

Result<CertifiedSample> predict(const Classifier& net,
                                const Samples& samples,
                                std::int64_t i,
                                const SmoothingPlan& plan) {
  TRY(auto counts, noisy_counts(net, samples, i, plan, false));
  const std::size_t first = top(counts);
  const std::int64_t k = std::exchange(counts[first], -1);
  const std::int64_t other = counts[top(counts)];
  const bool is_clear = first != no_class(counts) && fair_coin_p_value(k, other) <= plan.alpha;
  return CertifiedSample{i, samples.y[i].item<std::int64_t>(),
                         is_clear ? static_cast<std::int64_t>(first) : -1, 0};
}

}  // namespace

std::optional<double> smoothing_radius(std::int64_t k, std::int64_t n, double alpha, double sigma) {
  const double probability = lower_bound(k, n, 1 - alpha);
  if (!(probability > 0.5)) return std::nullopt;
  return sigma * normal_quantile(probability);
}

double fair_coin_p_value(std::int64_t k, std::int64_t other) {
  const std::int64_t most = std::max(k, other);
  if (2 * most == k + other) return 1;
  // P(X >= most) for X of Bin(n, 1/2) is the Beta probability of 1/2.
  return std::min(1.0, 2 * beta_probability(0.5, static_cast<double>(most),
                                            static_cast<double>(k + other - most + 1)));
}

Result<std::vector<std::int64_t>> noisy_counts(const Classifier& net,
                                               const Samples& samples,
                                               std::int64_t sample,
                                               const SmoothingPlan& plan,
                                               bool is_selection) {
  const std::int64_t total = is_selection ? plan.selection_draws : plan.draws;
  const std::uint32_t stream = stream_of(is_selection ? "smoothing-selection" : "smoothing");
  const at::Tensor x = samples.x.narrow(0, sample, 1).to(at::kDouble).contiguous();
  const std::int64_t width = x.numel();
  const auto* center = x.data_ptr<double>();
  std::vector<std::int64_t> counts;
  const std::int64_t batch = net.batch_for(plan.batch_size);
  for (std::int64_t first = 0; first < total; first += batch) {
    const std::int64_t size = std::min(batch, total - first);
    std::vector<std::int64_t> shape(x.sizes().begin(), x.sizes().end());
    shape.front() = size;
    const at::Tensor noisy = at::empty(shape, at::kDouble);
    auto* out = noisy.data_ptr<double>();
    for (std::int64_t draw = 0; draw < size; ++draw) {
      Random random(RandomKey{plan.seed, stream, static_cast<std::uint32_t>(first + draw),
                              static_cast<std::uint32_t>(sample)});
      for (std::int64_t k = 0; k < width; ++k)
        *out++ = center[k] + plan.sigma * random.normal();
    }
    TRY(const at::Tensor scores, net.logits(noisy.to(samples.x.scalar_type())));
    const at::Tensor classes =
        scores.argmax(1).masked_fill(scores.isnan().any(1), scores.size(1)).contiguous();
    counts.resize(static_cast<std::size_t>(scores.size(1)) + 1);
    for (std::int64_t draw = 0; draw < size; ++draw)
      ++counts[static_cast<std::size_t>(classes.data_ptr<std::int64_t>()[draw])];
  }
  return counts;
}

Result<std::vector<CertifiedSample>> smooth(const Classifier& net,
                                            const Samples& samples,
                                            const SmoothingPlan& plan,
                                            int threads,
                                            Progress& progress) {
  std::vector<CertifiedSample> rows(static_cast<std::size_t>(samples.count()));
  progress.stage("smoothing", rows.size());
  TRY_VOID(run_shards(rows.size(), 1, threads, progress, [&](std::size_t i) -> Result<> {
    const auto sample = static_cast<std::int64_t>(i);
    TRY(rows[i], plan.is_prediction ? predict(net, samples, sample, plan)
                                    : certify(net, samples, sample, plan));
    return {};
  }));
  return rows;
}

}  // namespace lockstep::ai::certify
