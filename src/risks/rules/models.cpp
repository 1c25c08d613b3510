// SPDX-License-Identifier: Apache-2.0
// The AI models of the product: deceived inputs, inputs nobody has tested, and poisoned training
// data.
//
// Of several tests of one model the worst decides: the one with the highest upper bound. Its
// success rate is corrected for the stronger attacks that were not run.
//
// Source: risk method, sections 4.2 and 4.3.
#include <algorithm>
#include <fmt/format.h>
#include <ranges>

#include "base/text.hpp"
#include "risks/bayes.hpp"
#include "risks/rules/rule.hpp"

namespace lockstep::risks {
namespace {

const TestVerdict* verdict_of(const RiskInput& input, std::string_view test) {
  const auto found = std::ranges::find(input.verdicts, test, &TestVerdict::test);
  return found == input.verdicts.end() || found->attempts == 0 ? nullptr : &*found;
}

struct Tested {
  const Measurement* measurement = nullptr;
  const TestVerdict* verdict = nullptr;
};

/// The tests of a model that measured something, in the order of the run.
std::vector<Tested> tests_of(const RiskInput& input, std::string_view model) {
  std::vector<Tested> tests;
  for (const Measurement& measurement : input.measurements)
    if (measurement.model_id == model)
      if (const TestVerdict* verdict = verdict_of(input, measurement.id))
        tests.push_back({&measurement, verdict});
  return tests;
}

/// v, and what it says beyond itself.
void add_success(Scenario& scenario, const Tested& worst, const Policy& policy) {
  const TestVerdict& verdict = *worst.verdict;
  const double d = correction(worst.measurement->attacks, policy.attacks);
  scenario.factors.push_back(success_factor(verdict.successes, verdict.attempts, d));
  const double v95 = quantile(
      jeffreys(static_cast<double>(verdict.successes), static_cast<double>(verdict.attempts)),
      0.95);
  scenario.numbers.push_back({"v",
                              fmt::format("{} of {}, at most {} (95 %)", verdict.successes,
                                          verdict.attempts, shown(verdict.upper95)),
                              "measured", verdict.test});
  scenario.numbers.push_back(
      {"d", shown(d), "policy", "a stronger attack than those that ran may do better"});
  scenario.numbers.push_back(
      {"v*", fmt::format("{} (95 %)", shown(corrected(v95, d))), "derived", "1 - (1 - v)(1 - d)"});
  scenario.numbers.push_back({"v after 10 tries", shown(after_tries(verdict.rate, 10)), "derived",
                              "an attacker who may retry needs to win once; the rate a must count "
                              "tries"});
}

bool is_untrained(const Product& product) {
  const auto found = std::ranges::find(product.facts, "ai.uses_training", &Fact::name);
  if (found == product.facts.end()) return false;
  const auto* answer = std::get_if<bool>(&found->value);
  return answer != nullptr && !*answer;
}

}  // namespace

std::vector<Scenario> find_evasion(const RiskInput& input, const Category&) {
  std::vector<Scenario> scenarios;
  for (const ModelInput& model : input.product.models) {
    const std::vector<Tested> tests = tests_of(input, model.id);
    if (tests.empty()) continue;
    const Tested worst = *std::ranges::max_element(
        tests, {}, [](const Tested& test) { return test.verdict->upper95; });
    Scenario scenario;
    scenario.asset = id_part(model.id);
    scenario.subject = model.id;
    add_success(scenario, worst, input.rules.policy);
    for (const Tested& test : tests)
      scenario.findings.push_back(test.verdict->test);
    scenario.because =
        fmt::format("test {} ({}, epsilon {}) succeeds in {} of {}", quotable(worst.verdict->test),
                    quotable(worst.measurement->norm), worst.measurement->epsilon,
                    worst.verdict->successes, worst.verdict->attempts);
    const bool has_failed = std::ranges::any_of(
        tests, [](const Tested& test) { return test.verdict->state == State::fail; });
    if (has_failed) {
      scenario.gate = State::human;
      scenario.gate_because = "a test is above its threshold";
    }
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

std::vector<Scenario> find_unmeasured_evasion(const RiskInput& input, const Category&) {
  std::vector<Scenario> scenarios;
  for (const ModelInput& model : input.product.models) {
    if (!tests_of(input, model.id).empty()) continue;
    Scenario scenario;
    scenario.asset = id_part(model.id);
    scenario.subject = model.id;
    scenario.factors.push_back({"v", Fixed{1}, 0, 1, 1, Bounds{0, 1}});
    scenario.numbers.push_back(
        {"v", "1", "policy", "not measured: every attack counts as a success"});
    scenario.because = model.evasion.empty()
                           ? "the product file asks for no evasion test of this model"
                           : "none of its evasion tests gave a result";
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

std::vector<Scenario> find_data_poisoning(const RiskInput& input, const Category&) {
  if (is_untrained(input.product)) return {};
  const Policy& policy = input.rules.policy;
  const auto prior = std::ranges::find(policy.poisoning_priors, policy.poisoning_unknown,
                                       &std::pair<std::string, double>::first);
  if (prior == policy.poisoning_priors.end()) return {};
  std::vector<Scenario> scenarios;
  for (const ModelInput& model : input.product.models) {
    // GAP(4.3): no scan for poison runs yet, and the product file has no word for where training
    // data came from; so the class is unknown and the likelihood ratio is 1.
    const double poisoned = updated(prior->second, likelihood_ratio(Scanner{}, ScanResult::clean));
    Scenario scenario;
    scenario.asset = id_part(model.id);
    scenario.subject = model.id;
    const auto [least, most] = std::ranges::minmax(policy.poisoning_priors | std::views::values);
    scenario.factors.push_back({"v", Fixed{poisoned}, 0, 1, 1, Bounds{least, most}});
    scenario.numbers.push_back(
        {"v", shown(poisoned), "policy",
         fmt::format("prior of provenance class '{}'; no scan has changed it (ratio 1)",
                     prior->first)});
    scenario.because = "where its training data came from is not stated, and no scan has run";
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

}  // namespace lockstep::risks
