// SPDX-License-Identifier: Apache-2.0
// Attributes of recurrent layers, on cells of one unit that are worked by hand.
#include <cmath>
#include <gmock/gmock.h>

#include "worker/one_node.hpp"

namespace lockstep::ai {
namespace {

using test::answer;
using test::numbers;
using test::real;
using test::reals;
using test::text;
using test::texts;

const at::Tensor one_step = at::full({1, 1, 1}, 1.0F);

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

// clip "is applied to the input of activations", and the new cell is the input of the last one.
TEST(Recurrent, ClipBoundsTheCellOnItsWayToTheOutput) {
  const at::Tensor w = at::tensor({10.0F, 20.0F, 30.0F, 40.0F}).reshape({1, 4, 1});
  const at::Tensor r = at::zeros({1, 4, 1});
  const at::Tensor cell = at::full({1, 1, 1}, 3.0F);
  const auto y = answer("LSTM", 14, {real("clip", 0.5F)},
                        {one_step, w, r, Value(), Value(), Value(), cell}, 3);
  const double gate = sigmoid(0.5);
  const double next = gate * 3 + gate * std::tanh(0.5);
  EXPECT_NEAR(numbers(y, 2).at(0), next, 1e-6);
  EXPECT_NEAR(numbers(y, 0).at(0), gate * std::tanh(0.5), 1e-6);
}

// "The values are consumed in the order of activation functions": Sigmoid and Tanh consume none.
TEST(Recurrent, ParametersGoToTheFunctionsThatHaveOne) {
  const at::Tensor w = at::tensor({0.0F, 0.0F, -2.0F}).reshape({1, 3, 1});
  const at::Tensor r = at::zeros({1, 3, 1});
  const auto gru = [&](const std::vector<float>& alphas) {
    return numbers(
        answer("GRU", 14,
               {texts("activations", {"Sigmoid", "LeakyRelu"}), reals("activation_alpha", alphas)},
               {one_step, w, r}));
  };
  // (1 - sigmoid(0)) * alpha * -2
  EXPECT_NEAR(gru({0.5F}).at(0), -0.5, 1e-6);
  EXPECT_NEAR(gru({0, 0.25F}).at(0), -0.25, 1e-6);  // one for each function: read by place
  EXPECT_NEAR(gru({}).at(0), -0.01, 1e-6);
}

TEST(Recurrent, ADirectionThatIsNoneIsRefused) {
  const at::Tensor w = at::zeros({1, 1, 1});
  EXPECT_THAT(test::why(answer("RNN", 14, {text("direction", "backward")}, {one_step, w, w})),
              testing::HasSubstr("'one' (RNN): expected the direction"));
}

}  // namespace
}  // namespace lockstep::ai
