// SPDX-License-Identifier: Apache-2.0
// Time to simulate one scenario of 100,000 draws, by the kind of its inputs. First the answer, then
// the time: the simulated quantiles must agree with the closed form, or with the quantile of the
// single input.
//
// Expected: a log-normal draw is one block of Philox, a logarithm, a root, a cosine and an
// exponential: about 100 ns. A beta needs two gammas of about two such draws each. So 10 ms for a
// log-normal factor and 40 ms for a beta one; a register of ten scenarios stays under a second.
#include <benchmark/benchmark.h>
#include <cmath>
#include <vector>

#include "base/check.hpp"
#include "risks/attack_success.hpp"
#include "risks/simulation.hpp"

namespace {

using lockstep::risks::Beta;
using lockstep::risks::closed_form;
using lockstep::risks::Factor;
using lockstep::risks::iterations_default;
using lockstep::risks::judged_interval;
using lockstep::risks::quantile;
using lockstep::risks::RateSummary;
using lockstep::risks::sample_rates;
using lockstep::risks::success_factor;
using lockstep::risks::summarise;

void time_scenario(benchmark::State& state, const std::vector<Factor>& factors, double q95) {
  const RateSummary drawn = summarise(sample_rates("bench", factors, 1));
  LS_CHECK(std::abs(drawn.q95 / q95 - 1) < 0.03, "the simulation misses the known quantile");
  for (const auto& run : state) {
    static_cast<void>(run);
    benchmark::DoNotOptimize(summarise(sample_rates("bench", factors, 1)));
  }
  state.SetItemsProcessed(state.iterations() * iterations_default *
                          static_cast<std::int64_t>(factors.size()));
}

void log_normal_product(benchmark::State& state) {
  const std::vector<Factor> factors = {{"a", judged_interval(0.2, 5)},
                                       {"h", judged_interval(0.001, 0.01)}};
  time_scenario(state, factors, closed_form(factors)->q95);
}

void attack_success(benchmark::State& state) {
  time_scenario(state, {success_factor(37, 1000, 0)}, quantile(Beta{37.5, 963.5}, 0.95));
}

void exact(benchmark::State& state) {
  const std::vector<Factor> factors = {{"a", judged_interval(0.2, 5)},
                                       {"h", judged_interval(0.001, 0.01)}};
  for (const auto& run : state) {
    static_cast<void>(run);
    benchmark::DoNotOptimize(closed_form(factors));
  }
}

BENCHMARK(log_normal_product)->Unit(benchmark::kMillisecond);
BENCHMARK(attack_success)->Unit(benchmark::kMillisecond);
BENCHMARK(exact)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
