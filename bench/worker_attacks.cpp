// SPDX-License-Identifier: Apache-2.0
// Attacks by themselves on the reference nets (LOCKSTEP_SHARED), one thread: the answer first,
// which must be as strong as the libraries' (bench/peers_nearest.py, ai/references.json), then
// processor time, what a question or a gradient takes, and the peak memory of the process so far.
// On a device (LOCKSTEP_DEVICE=cuda) it is the time on the clock.
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <chrono>
#include <ctime>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <sys/resource.h>

#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/memory.hpp"
#include "base/check.hpp"
#include "reference_net.hpp"

namespace {

namespace ai = lockstep::ai;
using lockstep::bench::ReferenceNet;

struct Case {
  const char* attack;
  const char* model;
  ai::Norm norm;
  double epsilon;  ///< for attacks within it
  std::int64_t samples;
  int steps;        ///< 0: the attack's own
  double expected;  ///< samples left at most; for the nearest point, the median distance at most
};

constexpr std::array cases{
    Case{"apgd-ce", "mnist_cnn_std", ai::Norm::linf, 0.1, 1000, 0, 180},
    Case{"apgd-ce", "mnist_mlp", ai::Norm::linf, 0.05, 1000, 0, 521},
    Case{"hsj", "mnist_cnn_std", ai::Norm::l2, 0, 100, 0, 1.47},
    Case{"hsj", "mnist_cnn_std", ai::Norm::linf, 0, 100, 0, 0.0995},
    Case{"boundary", "mnist_cnn_std", ai::Norm::l2, 0, 100, 0, 1.903},
    Case{"boundary", "mnist_cnn_std", ai::Norm::l2, 0, 100, 2400, 1.903},
    Case{"fmn", "mnist_cnn_std", ai::Norm::linf, 0, 100, 0, 0.080},
    Case{"fmn", "mnist_cnn_std", ai::Norm::l2, 0, 100, 0, 1.055},
    Case{"fmn", "mnist_cnn_std", ai::Norm::l1, 0, 100, 0, 13.3},
    Case{"square", "mnist_cnn_std", ai::Norm::linf, 0.1, 1000, 0, 195},
    Case{"fab-t", "mnist_cnn_std", ai::Norm::linf, 0.1, 1000, 0, 168},
    Case{"autoattack", "mnist_cnn_std", ai::Norm::linf, 0.1, 1000, 0, 153},
    Case{"autoattack", "mnist_mlp", ai::Norm::linf, 0.05, 1000, 0, 514},
};

struct Outcome {
  double answer = 0;  ///< in the measure of Case::expected
  std::int64_t forward = 0;
  std::int64_t backward = 0;
  std::vector<std::pair<std::string, double>> stages;  ///< seconds of each
};

double seconds_now() {
  if (lockstep::bench::device_name() != "cpu")
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

Outcome attacked(const ReferenceNet& bench, const Case& one) {
  lockstep::Progress quiet;
  const std::int64_t batch = bench.net.batch_for(128);
  const ai::Campaign all{bench.net, bench.samples, batch, 1, quiet};
  const at::Tensor right = ai::is_fooled(*ai::logits_of(all, batch), bench.samples.y).logical_not();
  const at::Tensor places = right.nonzero().squeeze(1).contiguous();
  const auto* first = places.data_ptr<std::int64_t>();
  std::vector<std::int64_t> left(first, first + places.numel());
  Outcome outcome;
  std::vector<double> nearest;
  for (const ai::Stage& stage : ai::stages_of(one.attack, one.norm)) {
    const int steps = one.steps == 0 ? stage.attack->steps : one.steps;
    const double start = seconds_now();
    const auto tally =
        ai::run_attack(all, *stage.attack, {steps, std::max(stage.restarts, 1), true, true, 1},
                       {one.norm, one.epsilon}, left);
    LS_CHECK(tally.has_value(), "an attack runs");
    outcome.stages.emplace_back(stage.attack->name, seconds_now() - start);
    outcome.forward += tally->forward;
    outcome.backward += tally->backward;
    for (const auto& near : tally->nearest)
      nearest.push_back(near.distance);
    std::erase_if(left, [&](std::int64_t i) {
      return std::ranges::find(tally->broken, i) != tally->broken.end();
    });
  }
  const bool is_nearest = ai::stages_of(one.attack, one.norm)[0].attack->goal == ai::Goal::nearest;
  outcome.answer = is_nearest ? median_of(std::move(nearest)) : static_cast<double>(left.size());
  return outcome;
}

void run(benchmark::State& state, const Case& one) {
  ai::keep_freed_memory();
  at::set_num_threads(1);
  const std::optional<ReferenceNet> bench = lockstep::bench::reference_net(one.model, one.samples);
  if (!bench) {
    state.SkipWithError("the shared models are not here");
    return;
  }
  // The first question to a card sets it up.
  (void)bench->net.gradient(bench->samples.x.narrow(0, 0, 1), bench->samples.y.narrow(0, 0, 1));
  Outcome outcome;
  double seconds = 0;
  for (auto _ : state) {
    const double start = seconds_now();
    outcome = attacked(*bench, one);
    seconds = seconds_now() - start;
    state.SetIterationTime(seconds);
  }
  if (!(outcome.answer <= one.expected)) {
    state.SkipWithError(
        fmt::format("the answer is wrong, {}: no time is taken", outcome.answer).c_str());
    return;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["answer"] = outcome.answer;
  state.counters["forward"] = static_cast<double>(outcome.forward);
  state.counters["backward"] = static_cast<double>(outcome.backward);
  state.counters["us_each"] = seconds * 1e6 / static_cast<double>(outcome.forward);
  state.counters["MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
  if (outcome.stages.size() > 1)
    for (const auto& [name, took] : outcome.stages)
      state.counters[name + "_s"] = took;
}

}  // namespace

int main(int count, char** arguments) {
  for (const Case& one : cases) {
    const char* norm = one.norm == ai::Norm::linf ? "linf" : one.norm == ai::Norm::l2 ? "l2" : "l1";
    const std::string steps = one.steps == 0 ? "" : fmt::format("/{}", one.steps);
    benchmark::RegisterBenchmark(
        fmt::format("{}/{}/{}{}", one.attack, one.model, norm, steps).c_str(), run, one)
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime()
        ->Iterations(1);
  }
  benchmark::Initialize(&count, arguments);
  benchmark::RunSpecifiedBenchmarks();
}
