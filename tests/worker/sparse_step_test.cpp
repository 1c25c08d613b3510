// SPDX-License-Identifier: Apache-2.0
// Steps under L1 go to few elements, and so must choose ones that can still move.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/evasion/campaign.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

constexpr std::int64_t width = 100;

/// The second class leads by x_1 - 2 x_0 - 0.55: the steepest element can only fall.
std::string lopsided_model() {
  std::vector<float> w(2 * width, 0);
  w[width] = -2;
  w[width + 1] = 1;
  test::ToyModel model;
  model.input("x", {width}).output("z", {2});
  model.weight("w", {2, width}, w).weight("b", {2}, {0.55F, 0});
  auto* transposed = model.node("Gemm", {"x", "w", "b"}, {"z"}).add_attribute();
  transposed->set_name("transB");
  transposed->set_type(lockstep_onnx::AttributeProto::INT);
  transposed->set_i(1);
  return model.bytes();
}

class SparseStep : public ::testing::TestWithParam<std::string> {};

// The steepest element is at its bound, and the next one is 0.05 from the border.
TEST_P(SparseStep, IsNotLostWhereTheBoundsStopIt) {
  const Classifier net = test::classifier_of(lopsided_model());
  at::Tensor x = at::full({1, width}, 0.5);
  x.select(1, 0).fill_(0);
  const Samples samples{x, at::zeros({1}, at::kLong)};
  const AttackRow& row = *find_attack(GetParam());
  Progress quiet;
  const auto broken = [&](double epsilon) {
    const auto tally = run_attack({net, samples, 1, 1, quiet}, row, {row.steps, 1, false, true, 1},
                                  {Norm::l1, epsilon}, {0});
    EXPECT_TRUE(tally.has_value());
    return tally->broken.size();
  };
  EXPECT_EQ(broken(0.06), 1U);
  EXPECT_EQ(broken(0.04), 0U);
}

INSTANTIATE_TEST_SUITE_P(Family,
                         SparseStep,
                         ::testing::Values("fgsm", "pgd", "mi-fgsm"),
                         test::name_of_row);

}  // namespace
}  // namespace lockstep::ai
