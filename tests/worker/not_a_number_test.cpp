// SPDX-License-Identifier: Apache-2.0
// Nets whose scores are no numbers somewhere: near the samples, or just outside the bounds.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/nets/loss.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

/// scores = W f(x - shift), of five features and three classes.
Classifier net_behind(const std::string& function, float shift) {
  test::ToyModel model;
  model.input("x", {5}).output("z", {3});
  model.weight("shift", {1}, {shift}).weight("w", {5, 3}, test::random_weights(15, 1, 3));
  model.node("Sub", {"x", "shift"}, {"moved"});
  model.node(function, {"moved"}, {"bent"});
  model.node("MatMul", {"bent", "w"}, {"z"});
  return test::classifier_of(model.bytes());
}

/// Samples from 0.3 to 1 whose first feature is `first`.
Samples samples_from(const Classifier& net, double first) {
  Samples samples = test::samples_for(net, 20, 5);
  samples.x = samples.x * 0.7 + 0.3;
  samples.x.select(1, 0).fill_(first);
  samples.y = net.logits(samples.x)->argmax(1);
  return samples;
}

EvasionOutcome measured(const Classifier& net, const Samples& samples, const std::string& attack) {
  EvasionPlan plan;
  plan.attacks = {attack};
  plan.epsilon = 0.1;
  plan.samples = samples.count();
  const AttackRow* row = find_attack(attack);
  if (row != nullptr && !takes_norm(*row, plan.norm)) plan.norm = row->norms.substr(0, 2);
  Progress quiet;
  auto outcome = measure_evasion(net, samples, plan, 1, quiet);
  EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
  return *std::move(outcome);
}

class NotANumber : public ::testing::TestWithParam<std::string> {};

// What is written down is finite, whatever an attack met on its way.
TEST_P(NotANumber, NeverReachesTheResult) {
  for (const char* function : {"Log", "Sqrt", "Reciprocal"}) {
    const Classifier net = net_behind(function, 0.2F);
    const EvasionOutcome outcome = measured(net, samples_from(net, 0.201), GetParam());
    for (const SoundnessCheck& check : outcome.measurement.soundness)
      EXPECT_TRUE(std::isfinite(check.value)) << function << " " << check.check;
    const auto& distances = outcome.measurement.distances;
    EXPECT_TRUE(!distances || std::isfinite(distances->mean)) << function;
    for (const Confirmed& one : outcome.confirmed)
      EXPECT_TRUE(one.x.isfinite().all().item<bool>()) << function << one.index;
  }
}

INSTANTIATE_TEST_SUITE_P(Family,
                         NotANumber,
                         ::testing::ValuesIn(test::attacks_but({"apgd-t"})),
                         test::name_of_row);

// The logarithm of less than 0.2 is no number: the net has no answer within 0.1 of any sample.
TEST(Scores, ThatAreNoNumbersAreNotTheRightAnswer) {
  const Classifier net = net_behind("Log", 0.2F);
  const Samples samples = samples_from(net, 0.25);
  for (const char* attack : {"noise", "square", "rays"})
    EXPECT_EQ(measured(net, samples, attack).measurement.robust.correct, 0) << attack;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const at::Tensor logits = at::tensor({nan, 0.0F, 5.0F, 0.0F}).reshape({2, 2});
  const at::Tensor fooled = is_fooled(logits, at::zeros({2}, at::kLong));
  EXPECT_TRUE(fooled[0].item<bool>());
  EXPECT_FALSE(fooled[1].item<bool>());
  const std::vector<float> scores{nan, 3};
  for (const std::int64_t right : {0, 1}) {
    EXPECT_GT(lead(scores.data(), 2, right), 0);
    EXPECT_LT(lead(scores.data(), 2, 1 - right, right), 0) << "no class is reached";
  }
}

double slope_error(const EvasionOutcome& outcome) {
  const auto& checks = outcome.measurement.soundness;
  return std::ranges::find(checks, "finite_differences", &SoundnessCheck::check)->value;
}

// The root of less than 0 is no number, but no input is less than 0.
TEST(FiniteDifferences, StayWithinTheBounds) {
  const Classifier net = net_behind("Sqrt", 0);
  EXPECT_LT(slope_error(measured(net, samples_from(net, 0.001), "pgd")), 0.2);
}

TEST(FiniteDifferences, AreZeroWhereNothingMayChange) {
  const Classifier net = test::classifier_of(test::mlp_model());
  const at::Tensor x = at::full({3, 16}, 5.0);
  const EvasionOutcome outcome = measured(net, {x, net.logits(x)->argmax(1)}, "pgd");
  EXPECT_EQ(slope_error(outcome), 0);
  EXPECT_EQ(outcome.measurement.robust.correct, 3);
}

}  // namespace
}  // namespace lockstep::ai
