// SPDX-License-Identifier: Apache-2.0
// PGD, 40 steps, on the reference net and 1000 images (LOCKSTEP_SHARED): lockstep's micro-batches
// of 128 against the peers' configuration, a plain loop over batches of 250 with the same kernels.
// The answer comes first: 178 of 1000 must be left, as under the known libraries. Process CPU time.
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <numeric>
#include <optional>
#include <string>

#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/memory.hpp"
#include "base/check.hpp"
#include "reference_net.hpp"

namespace {

namespace ai = lockstep::ai;
using lockstep::bench::ReferenceNet;

constexpr double epsilon = 0.1;
constexpr int steps = 40;

/// What the libraries do: one batch after another, every sample to the last step.
std::int64_t plain_loop(const ReferenceNet& bench, std::int64_t batch) {
  std::int64_t right = 0;
  for (std::int64_t start = 0; start < bench.samples.count(); start += batch) {
    const std::int64_t count = std::min(batch, bench.samples.count() - start);
    const at::Tensor x = bench.samples.x.narrow(0, start, count);
    const at::Tensor y = bench.samples.y.narrow(0, start, count);
    at::Tensor iterate = x;
    for (int i = 0; i < steps; ++i) {
      const auto gradient =
          bench.net.reference_gradient(iterate, ai::cross_entropy(y.data_ptr<std::int64_t>()));
      const at::Tensor moved = iterate + gradient->input.sign() * (2.5 * epsilon / steps);
      iterate = at::clamp(x + at::clamp(moved - x, -epsilon, epsilon), 0, 1);
    }
    right += bench.net.logits(iterate)->argmax(1).eq(y).sum().item<std::int64_t>();
  }
  return right;
}

std::int64_t campaign(const ReferenceNet& bench, std::int64_t batch, bool keep_best) {
  lockstep::Progress quiet;
  const std::int64_t size = bench.net.batch_for(batch);
  const ai::Campaign all{bench.net, bench.samples, size, 1, quiet};
  const at::Tensor right = ai::is_fooled(*ai::logits_of(all, size), bench.samples.y).logical_not();
  const at::Tensor places = right.nonzero().squeeze(1).contiguous();
  const auto* first = places.data_ptr<std::int64_t>();
  const std::vector<std::int64_t> targets(first, first + places.numel());
  const auto tally = ai::run_attack(all, *ai::find_attack("pgd"), {steps, 1, false, keep_best, 1},
                                    {ai::Norm::linf, epsilon}, targets);
  return static_cast<std::int64_t>(targets.size() - tally->broken.size());
}

void run(benchmark::State& state, std::int64_t (*attack)(const ReferenceNet&), bool is_exact) {
  ai::keep_freed_memory();
  at::set_num_threads(1);
  static const std::optional<ReferenceNet> bench =
      lockstep::bench::reference_net("mnist_cnn_std", 1000);
  if (!bench) {
    state.SkipWithError("the shared models are not here");
    return;
  }
  const std::int64_t left = attack(*bench);
  LS_CHECK(is_exact ? left == 178 : left <= 178, "the answer is wrong: no time is taken");
  for (auto _ : state)
    benchmark::DoNotOptimize(attack(*bench));
  state.SetItemsProcessed(state.iterations() * bench->samples.count());
}

void plain_250(benchmark::State& state) {
  run(state, [](const ReferenceNet& bench) { return plain_loop(bench, 250); }, true);
}

void lockstep_final(benchmark::State& state) {
  run(state, [](const ReferenceNet& bench) { return campaign(bench, 128, false); }, true);
}

void lockstep_best(benchmark::State& state) {
  run(state, [](const ReferenceNet& bench) { return campaign(bench, 128, true); }, false);
}

BENCHMARK(plain_250)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(lockstep_final)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(lockstep_best)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace

BENCHMARK_MAIN();
