// SPDX-License-Identifier: Apache-2.0
// How long the law takes: reading the embedded ruleset, one whole legal view by itself, and one for
// each of 1,000, 10,000 and 100,000 generated products, with the peak resident memory of the
// process
// (`peak_MB`). The first thousand are held against the slow reference of the tests; a wrong answer
// is not timed.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdint>
#include <set>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "../tests/regulations/reference.hpp"
#include "app/embedded_law.hpp"
#include "base/random.hpp"
#include "regulations/cases.hpp"
#include "regulations/evaluate.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::size_t products_checked = 1'000;
constexpr std::uint64_t seed = 1234;

struct GeneratedProduct {
  std::vector<Fact> facts;
  Day as_of;
};

const Ruleset& law() {
  static const Ruleset rules = app::embedded_law();
  return rules;
}

FactValue random_value(const FactDefinition& fact, Random& random) {
  const auto word = [&] {
    return fact.words[random.below(static_cast<std::uint32_t>(fact.words.size()))].word;
  };
  switch (fact.type) {
    case FactType::boolean:
      return random.below(2) == 1;
    case FactType::choice:
      return word();
    case FactType::set:
      return random.below(2) == 0 ? std::vector<std::string>{} : std::vector<std::string>{word()};
    case FactType::integer:
      return static_cast<std::int64_t>(random.below(1000));
    case FactType::day:
      return Day(std::chrono::year{2026} / 1 / 1) + std::chrono::days(random.below(1500));
    case FactType::text:
      return std::string(random.below(2) == 0 ? "DE" : "NO");
  }
  return std::monostate{};
}

/// Products with nine of ten facts known, on days around those at which the law changes, one after
/// another, so that they need no memory of their own.
class Products {
 public:
  GeneratedProduct next() {
    GeneratedProduct product;
    product.as_of = Day(std::chrono::year{2026} / 1 / 1) + std::chrono::days(random_.below(1500));
    for (const FactDefinition& fact : law().facts) {
      if (fact.is_switch() || random_.below(10) == 0) continue;
      product.facts.push_back({fact.name, random_value(fact, random_), {}});
    }
    return product;
  }

 private:
  Random random_{RandomKey{.seed = seed, .stream = stream_of("bench regulations")}};
};

bool is_right(const std::vector<SourceFile>& trees,
              const GeneratedProduct& product,
              const LegalView& view) {
  test::Reference reference(trees, product.facts, product.as_of);
  return std::ranges::all_of(view.answers, [&](const Answer& answer) {
    const auto& expected = reference.decide(answer.id);
    return std::set<std::string>(answer.codes.begin(), answer.codes.end()) == expected.codes;
  });
}

/// Whether the first products are classified as the slow reference does; looked at once.
bool are_right() {
  static const bool right = [] {
    const std::vector<SourceFile> trees = *app::embedded_trees("");
    Products products;
    Evaluator evaluator(law());
    for (std::size_t i = 0; i < products_checked; ++i) {
      const GeneratedProduct product = products.next();
      if (!is_right(trees, product, evaluator.evaluate(product.facts, product.as_of))) return false;
    }
    return true;
  }();
  return right;
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void evaluate_one(benchmark::State& state) {
  const GeneratedProduct product = Products().next();
  for ([[maybe_unused]] auto _ : state) {
    const LegalView view = evaluate(law(), product.facts, product.as_of);
    benchmark::DoNotOptimize(view.codes.ai_act.size());
  }
}

/// The products are made a thousand at a time while the clock stands, so that memory stays flat.
void evaluate_products(benchmark::State& state) {
  constexpr std::size_t at_a_time = 1'000;
  const auto count = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto _ : state) {
    Products products;
    Evaluator evaluator(law());
    std::size_t codes = 0;
    for (std::size_t made = 0; made < count; made += at_a_time) {
      state.PauseTiming();
      std::vector<GeneratedProduct> some;
      for (std::size_t i = 0; i < at_a_time; ++i)
        some.push_back(products.next());
      state.ResumeTiming();
      for (const GeneratedProduct& product : some)
        codes += evaluator.evaluate(product.facts, product.as_of).codes.ai_act.size();
    }
    benchmark::DoNotOptimize(codes);
  }
  state.counters["peak_MB"] = peak_megabytes();
  state.SetItemsProcessed(state.iterations() * state.range(0));
  if (!are_right()) state.SkipWithError("differs from the slow reference");
}

void load_embedded_law(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    auto rules = app::embedded_law();
    benchmark::DoNotOptimize(rules);
  }
}

BENCHMARK(load_embedded_law)->Unit(benchmark::kMillisecond);
BENCHMARK(evaluate_one)->Unit(benchmark::kMillisecond);
BENCHMARK(evaluate_products)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
}  // namespace lockstep::regulations

BENCHMARK_MAIN();
