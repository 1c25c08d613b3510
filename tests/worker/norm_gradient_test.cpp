// SPDX-License-Identifier: Apache-2.0
// Gradients of norms where all that is measured is zero.
#include <gmock/gmock.h>

#include "worker/one_node.hpp"

namespace lockstep::ai {
namespace {

using test::answer;
using test::integer;
using test::integers;
using test::numbers;
using test::Numbers;
using test::why;

Numbers gradient_of(const std::string& type,
                    const std::vector<Attribute>& attributes,
                    const at::Tensor& x) {
  const at::Tensor leaf = x.clone().set_requires_grad(true);
  const auto y = answer(type, 18, attributes, {leaf});
  if (!y) ADD_FAILURE() << why(y);
  (*y)[0].tensor.sum().backward();
  return numbers({{Value(leaf.grad())}});
}

// Behind a ReLU whole windows are zero: their norm must not make the gradient of all others NaN.
TEST(Norms, OfZerosHaveNoSlope) {
  const at::Tensor x = test::floats({0, 0, 3, 4}).reshape({1, 1, 4});
  const std::vector<Attribute> windows{integers("kernel_shape", {2}), integers("strides", {2})};
  for (const Numbers& gradient : {gradient_of("LpPool", windows, x),
                                  gradient_of("ReduceL2", {}, x.reshape({1, 2, 2}).narrow(1, 1, 1)),
                                  gradient_of("GlobalLpPool", {}, x.narrow(2, 2, 2))}) {
    EXPECT_NEAR(gradient[gradient.size() - 2], 0.6, 1e-6);
    EXPECT_NEAR(gradient.back(), 0.8, 1e-6);
  }
  EXPECT_THAT(gradient_of("LpPool", windows, x), testing::Contains(0.0).Times(2));
  const at::Tensor zeros = at::zeros({1, 1, 2, 2});
  const Numbers none(4, 0);
  EXPECT_EQ(gradient_of("ReduceL2", {}, zeros), none);
  EXPECT_EQ(gradient_of("GlobalLpPool", {}, zeros), none);
  EXPECT_EQ(gradient_of("LpNormalization", {}, zeros), none);
  EXPECT_EQ(gradient_of("LpNormalization", {integer("p", 1)}, zeros), none);
  EXPECT_EQ(gradient_of("MeanVarianceNormalization", {}, zeros), none);
}

}  // namespace
}  // namespace lockstep::ai
