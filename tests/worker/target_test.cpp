// SPDX-License-Identifier: Apache-2.0
// Attacks that are to reach a class: against a grid over the ball, and against the same attacks
// without one where there is no other class to go to.
#include "ai/worker/evasion/target.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/evasion/measure.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using test::classifier_of;
using test::samples_for;

Result<EvasionOutcome> measured(const Classifier& net,
                                const Samples& samples,
                                const std::string& attack,
                                const std::string& norm,
                                double epsilon,
                                const std::string& target) {
  EvasionPlan plan;
  plan.attacks = {attack};
  plan.norm = norm;
  plan.epsilon = epsilon;
  plan.target = target;
  if (attack == "square" || attack == "hsj" || attack == "boundary" || attack == "simba")
    plan.steps = 2000;
  Progress quiet;
  return measure_evasion(net, samples, plan, 1, quiet);
}

/// Scores of three classes from two features.
Classifier three_classes() {
  test::ToyModel model;
  model.input("x", {2}).output("z", {3});
  model.weight("w", {2, 3}, {1, -1, 0.2F, 0.3F, 0.5F, -1}).weight("b", {3}, {-0.3F, 0.4F, 0.5F});
  model.node("Gemm", {"x", "w", "b"}, {"z"});
  return classifier_of(model.bytes());
}

/// How far the class can be made to lead within the box around x, on a grid with its corners.
double best_lead(const Classifier& net, const at::Tensor& x, std::int64_t target, double epsilon) {
  constexpr int points = 101;
  const at::Tensor ticks = at::linspace(-epsilon, epsilon, points);
  const at::Tensor a = (x[0] + ticks).clamp(0, 1).repeat_interleave(points);
  const at::Tensor b = (x[1] + ticks).clamp(0, 1).repeat({points});
  const at::Tensor z = *net.logits(at::stack({a, b}, 1));
  const at::Tensor named = z.select(1, target);
  at::Tensor others = z.clone();
  others.select(1, target).fill_(-1e9);
  return (named - std::get<0>(others.max(1))).max().item<double>();
}

TEST(Target, NothingIsReachedThatTheBoxDoesNotHoldAndMostOfTheRestIs) {
  const Classifier net = three_classes();
  const Samples samples = samples_for(net, 120, 2);
  const at::Tensor z = *net.logits(samples.x);
  const double epsilon = 0.15;
  const auto targets = targets_of("second", samples, z);
  ASSERT_TRUE(targets.has_value());
  std::vector<double> leads;
  for (std::int64_t i = 0; i < samples.count(); ++i)
    leads.push_back(best_lead(net, samples.x[i], targets->wanted[i].item<std::int64_t>(), epsilon));
  const auto can_fall = std::ranges::count_if(leads, [](double lead) { return lead > 0.03; });
  EXPECT_GT(can_fall, 30);
  EXPECT_GT(std::ranges::count_if(leads, [](double lead) { return lead < -0.03; }), 20);
  for (const char* attack : {"pgd", "mi-fgsm", "apgd-ce", "apgd-dlr", "fmn", "hsj", "square"}) {
    const auto outcome = measured(net, samples, attack, "linf", epsilon, "second");
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    std::int64_t missed = 0;
    for (std::size_t i = 0; i < leads.size(); ++i) {
      // The grid is exact to some hundredths of a lead.
      if (leads[i] < -0.03) {
        EXPECT_EQ(outcome->is_broken[i], 0) << attack << " " << i;
      }
      missed += leads[i] > 0.03 && outcome->is_broken[i] == 0 ? 1 : 0;
    }
    // The point where the class is likeliest is not always one where it leads.
    EXPECT_LE(missed, can_fall / 4) << attack;
  }
}

// Where the third class is out of the question, the class is reached when the margin is below
// epsilon * |w_target - w_right|_dual.
TEST(Target, ALinearNetReachesTheClassExactlyWhereItsMarginSays) {
  test::ToyModel model;
  model.input("x", {2}).output("z", {3});
  model.weight("w", {2, 3}, {1, -1, 0, 0.3F, 0.5F, 0}).weight("b", {3}, {-0.3F, 0.4F, -20});
  model.node("Gemm", {"x", "w", "b"}, {"z"});
  const Classifier net = classifier_of(model.bytes());
  Samples samples = samples_for(net, 150, 2);
  samples.x = samples.x * 0.4 + 0.3;  // away from the bounds, which would help the net
  const at::Tensor z = net.logits(samples.x)->to(at::kDouble);
  samples.y = z.argmax(1);
  const at::Tensor margin = (z.select(1, 0) - z.select(1, 1)).abs();
  const double epsilon = 0.1;
  const double reach = epsilon * (2 + 0.2);
  for (const char* attack : {"fgsm", "pgd", "mi-fgsm", "apgd-ce", "apgd-dlr", "fmn"}) {
    const auto outcome = measured(net, samples, attack, "linf", epsilon, "second");
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    for (std::int64_t i = 0; i < samples.count(); ++i) {
      const double m = margin[i].item<double>();
      if (std::abs(m - reach) < 2e-3) continue;
      EXPECT_EQ(outcome->is_broken[static_cast<std::size_t>(i)], m < reach ? 1 : 0)
          << attack << " " << i;
    }
  }
  EXPECT_GT(margin.lt(reach).sum().item<std::int64_t>(), 30);
  EXPECT_GT(margin.gt(reach).sum().item<std::int64_t>(), 30);
  // The third class is out of reach for all of them.
  const auto third = measured(net, samples, "apgd-ce", "linf", epsilon, "2");
  EXPECT_EQ(third->measurement.robust.correct, 150);
}

TEST(Target, OfTwoClassesTheOtherIsAnyWrongOne) {
  const Classifier net = classifier_of(test::linear_model({1, -2, -0.5F, 1.5F}, {1, 0}));
  const Samples samples = samples_for(net, 80, 2);
  for (const char* attack : {"fgsm", "pgd", "mi-fgsm", "apgd-ce", "apgd-dlr"}) {
    const auto any = measured(net, samples, attack, "linf", 0.1, "");
    const auto second = measured(net, samples, attack, "linf", 0.1, "second");
    const auto next = measured(net, samples, attack, "linf", 0.1, "next");
    ASSERT_TRUE(any && second && next);
    EXPECT_EQ(any->is_broken, second->is_broken) << attack;
    EXPECT_EQ(any->is_broken, next->is_broken) << attack;
    EXPECT_EQ(second->measurement.left_out, 0);
  }
}

class EachTargeted : public ::testing::TestWithParam<std::string> {};

TEST_P(EachTargeted, WhatBreaksIsInTheClassToReach) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 40, 16);
  const AttackRow& row = *find_attack(GetParam());
  ASSERT_TRUE(row.takes_target);
  const std::string norm = takes_norm(row, "linf") ? "linf" : takes_norm(row, "l2") ? "l2" : "l1";
  const double epsilon = norm == "linf" ? 0.3 : norm == "l2" ? 2.0 : 3.0;
  // A class that some sample is in, where those begin that follow the border.
  const auto first = samples.y[0].item<std::int64_t>();
  const auto there = samples.y.eq(first).sum().item<std::int64_t>();
  const std::string number = std::to_string(first);
  for (const std::string& target : {number, std::string("next"), std::string("second")}) {
    const auto outcome = measured(net, samples, GetParam(), norm, epsilon, target);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    const Measurement& m = outcome->measurement;
    EXPECT_EQ(m.target, target);
    EXPECT_EQ(m.left_out, target == number ? there : 0);
    EXPECT_EQ(m.clean.total, 40 - m.left_out);
    EXPECT_EQ(m.robust.total, 40 - m.left_out);
    EXPECT_EQ(m.clean.correct - m.robust.correct, m.confirmed);
    EXPECT_EQ(m.attacks[0].tried, 40 - m.left_out);
    EXPECT_GT(m.confirmed, 0) << target;
    const at::Tensor wanted = targets_of(target, samples, *net.logits(samples.x))->wanted;
    for (const Confirmed& one : outcome->confirmed)
      EXPECT_EQ(net.reference_logits(one.x)->argmax(1).item<std::int64_t>(),
                wanted[one.index].item<std::int64_t>());
  }
}

INSTANTIATE_TEST_SUITE_P(Family,
                         EachTargeted,
                         ::testing::Values("fgsm",
                                           "pgd",
                                           "mi-fgsm",
                                           "apgd-ce",
                                           "apgd-dlr",
                                           "ddn",
                                           "fmn",
                                           "cw",
                                           "ead",
                                           "square",
                                           "simba",
                                           "hsj",
                                           "boundary"),
                         test::name_of_row);

TEST(Target, WhatCannotBeReachedIsRefused) {
  const Classifier net = classifier_of(test::mlp_model());
  Samples samples = samples_for(net, 40, 16);
  const auto message = [&](const char* attack, const char* target) {
    const auto outcome = measured(net, samples, attack, "linf", 0.1, target);
    return outcome ? "measured" : outcome.error().code + ": " + outcome.error().message;
  };
  EXPECT_EQ(message("deepfool", "next"),
            "ai.no_target: the attack deepfool cannot be told a class to reach");
  EXPECT_EQ(message("autoattack", "second"),
            "ai.no_target: the attack apgd-t cannot be told a class to reach, and is part of "
            "autoattack");
  for (const char* target : {"4", "-1", "2 ", "third"})
    EXPECT_EQ(message("pgd", target),
              "ai.plan: expected second, next, or a class from 0 to 3 as "
              "the class to reach, found '" +
                  std::string(target) + "'");
  const at::Tensor ones = samples.y.eq(1).nonzero().squeeze(1);
  samples.x = samples.x.index_select(0, ones);
  samples.y = samples.y.index_select(0, ones);
  EXPECT_EQ(message("pgd", "1").substr(0, 55),
            "ai.plan: expected a sample outside the class to reach, ");
}

}  // namespace
}  // namespace lockstep::ai
