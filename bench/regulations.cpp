// SPDX-License-Identifier: Apache-2.0
// How long the law takes: reading the embedded ruleset, and one whole legal view for each of
// 100,000 generated products. The first thousand are held against the slow reference of the tests;
// a wrong answer is not timed.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "../tests/regulations/reference.hpp"
#include "app/embedded_law.hpp"
#include "base/random.hpp"
#include "regulations/cases.hpp"
#include "regulations/evaluate.hpp"

namespace lockstep::regulations {
namespace {

constexpr std::size_t products_total = 100'000;
constexpr std::size_t products_checked = 1'000;
constexpr std::uint64_t seed = 1234;

struct GeneratedProduct {
  std::vector<Fact> facts;
  Day as_of;
};

const Ruleset& law() {
  static const Ruleset rules = *app::embedded_law();
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

/// Products with nine of ten facts known, on days around those at which the law changes.
std::vector<GeneratedProduct> generate(std::size_t count) {
  Random random(RandomKey{.seed = seed, .stream = stream_of("bench regulations")});
  std::vector<GeneratedProduct> products(count);
  for (GeneratedProduct& product : products) {
    product.as_of = Day(std::chrono::year{2026} / 1 / 1) + std::chrono::days(random.below(1500));
    for (const FactDefinition& fact : law().facts) {
      if (fact.is_switch() || random.below(10) == 0) continue;
      product.facts.push_back({fact.name, random_value(fact, random), {}});
    }
  }
  return products;
}

bool is_right(const std::vector<SourceFile>& trees, const GeneratedProduct& product) {
  test::Reference reference(trees, product.facts, product.as_of);
  const LegalView view = evaluate(law(), product.facts, product.as_of);
  return std::ranges::all_of(view.answers, [&](const Answer& answer) {
    const auto& expected = reference.decide(answer.id);
    return std::set<std::string>(answer.codes.begin(), answer.codes.end()) == expected.codes;
  });
}

void evaluate_products(benchmark::State& state) {
  const std::vector<GeneratedProduct> products = generate(products_total);
  const std::vector<SourceFile> trees = *app::embedded_trees("");
  for (std::size_t i = 0; i < products_checked; ++i) {
    if (is_right(trees, products[i])) continue;
    state.SkipWithError("differs from the slow reference");
    return;
  }
  for ([[maybe_unused]] auto _ : state) {
    std::size_t codes = 0;
    for (const GeneratedProduct& product : products) {
      codes += evaluate(law(), product.facts, product.as_of).codes.ai_act.size();
    }
    benchmark::DoNotOptimize(codes);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * products.size()));
}

void load_embedded_law(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    auto rules = app::embedded_law();
    if (!rules) state.SkipWithError(rules.error().message.c_str());
    benchmark::DoNotOptimize(rules);
  }
}

BENCHMARK(load_embedded_law)->Unit(benchmark::kMillisecond);
BENCHMARK(evaluate_products)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace lockstep::regulations

BENCHMARK_MAIN();
