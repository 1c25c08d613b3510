// SPDX-License-Identifier: Apache-2.0
// Corners of the operator specifications. Expected values are worked by hand from the formulas, or
// by the slow loop that stands in the test.
#include <gmock/gmock.h>
#include <limits>

#include "worker/one_node.hpp"

namespace lockstep::ai {
namespace {

using test::answer;
using test::integer;
using test::integers;
using test::longs;
using test::numbers;
using test::Numbers;
using test::why;

// The processor stops at this quotient, and with it the program. All other arithmetic of integers
// wraps, and so does this.
TEST(Integers, TheLowestOneMayBeDividedByMinusOne) {
  const auto low = std::numeric_limits<std::int64_t>::min();
  const auto low32 = std::numeric_limits<std::int32_t>::min();
  const at::Tensor wide = longs({low, 7, -9});
  const at::Tensor narrow = at::tensor({low32, 7, -9}, at::kInt);
  const at::Tensor by = longs({-1, -1, 2});
  EXPECT_TRUE(at::equal(answer("Div", 14, {}, {wide, by})->front().tensor, longs({low, -7, -4})));
  EXPECT_TRUE(at::equal(answer("Div", 14, {}, {narrow, by.to(at::kInt)})->front().tensor,
                        at::tensor({low32, -7, -4}, at::kInt)));
  EXPECT_EQ(numbers(answer("Mod", 13, {}, {wide, by})), (Numbers{0, 0, 1}));
  EXPECT_EQ(numbers(answer("Mod", 13, {integer("fmod", 1)}, {wide, by})), (Numbers{0, 0, -1}));
  EXPECT_EQ(numbers(answer("Mod", 13, {}, {narrow, by.to(at::kInt)})), (Numbers{0, 0, 1}));
  const at::Tensor bytes = at::tensor({255, 254}, at::kByte);
  EXPECT_EQ(numbers(answer("Div", 14, {}, {bytes, bytes.flip(0)})), (Numbers{1, 0}));
}

// What a node says of sizes is held against the sizes that are there, before anything is read.
TEST(Sizes, ThatDoNotFitTogetherGetAMessage) {
  using testing::HasSubstr;
  const at::Tensor image = at::ones({1, 4, 2, 2});
  const std::int64_t block = std::int64_t{1} << 32;  // its square is 0 in 64 bits
  for (const char* name : {"DepthToSpace", "SpaceToDepth"})
    EXPECT_THAT(why(answer(name, 13, {integer("blocksize", block)}, {image})),
                HasSubstr("'one' (" + std::string(name) + "): expected [N, C, H, W]"));
  EXPECT_THAT(why(answer("NonMaxSuppression", 11, {},
                         {at::ones({1, 2, 4}), at::ones({50'000, 1, 2}), longs({5})})),
              HasSubstr("'one' (NonMaxSuppression): expected boxes"));
  EXPECT_THAT(why(answer("Tile", 1, {}, {image, longs({}), longs({})})),
              HasSubstr("'one' (Tile): expected a number of tiles, an axis"));
  EXPECT_THAT(why(answer("ConvInteger", 10, {},
                         {image.to(at::kByte), at::ones({}, at::kByte), Value(),
                          at::ones({2}, at::kByte)})),
              HasSubstr("'one' (ConvInteger): expected weights and outputs with an axis"));
  EXPECT_THAT(why(answer("Compress", 11, {integer("axis", 0)},
                         {at::ones({}), at::ones({2, 4}, at::kBool)})),
              HasSubstr("'one' (Compress): expected a condition"));
  EXPECT_THAT(why(answer("Compress", 11, {integer("axis", 0)},
                         {at::ones({}), at::ones({4000}, at::kBool)})),
              HasSubstr("'one' (Compress): expected an axis"));
  EXPECT_THAT(why(answer("NegativeLogLikelihoodLoss", 13, {},
                         {at::zeros({4000, 2}), at::zeros({4000}, at::kLong), at::ones({})})),
              HasSubstr("expected a weight for each class"));
  EXPECT_THAT(why(answer("ScatterElements", 16, {}, {at::zeros({3}), longs({0}), at::ones({2})})),
              HasSubstr("expected an update for each index"));
  const std::vector<Attribute> groups{integer("group", std::int64_t{1} << 62)};
  const at::Tensor kernel = at::ones({3, 2, 4});
  for (const char* name : {"Conv", "ConvTranspose", "ConvInteger"})
    EXPECT_THAT(why(answer(name, 11, groups, {kernel, kernel})),
                HasSubstr("'one' (" + std::string(name) + "): expected channels that form groups"));
  EXPECT_THAT(why(answer("Split", 13, {}, {at::ones({5}), longs({2, 2})}, 2)),
              HasSubstr("'one' (Split): expected parts that sum to the axis"));
  const at::Tensor one = at::ones({1, 1, 1, 1});
  const at::Tensor sizes = longs(std::vector<std::int64_t>(4000, 4));
  EXPECT_THAT(why(answer("MaxUnpool", 11, {integers("kernel_shape", {2, 2})},
                         {one, one.to(at::kLong), sizes})),
              HasSubstr("'one' (MaxUnpool): expected an output_shape"));
}

// An attribute of another type than the operator's was read as 0.
TEST(Attributes, OfAnotherTypeAreRefused) {
  const at::Tensor x = at::ones({2, 2});
  EXPECT_THAT(why(answer("Softmax", 13, {test::real("axis", 1)}, {x})),
              testing::HasSubstr("'one' (Softmax): expected an integer as the attribute 'axis'"));
  EXPECT_THAT(why(answer("LeakyRelu", 16, {integer("alpha", 1)}, {x})),
              testing::HasSubstr("'one' (LeakyRelu): expected a number as the attribute 'alpha'"));
  EXPECT_THAT(why(answer("Transpose", 13, {integer("perm", 1)}, {x})),
              testing::HasSubstr("expected a list of integers as the attribute 'perm'"));
}

// [1, 1e20, inf, 2] without an element's own number: 0, 1, 1 + 1e20, inf.
TEST(CumSum, WithoutTheElementItselfIsNoDifferenceOfSums) {
  const double infinity = std::numeric_limits<double>::infinity();
  const at::Tensor x = at::tensor({1.0, 1e20, infinity, 2.0}, at::kDouble);
  const at::Tensor axis = longs({0});
  EXPECT_EQ(numbers(answer("CumSum", 14, {integer("exclusive", 1)}, {x, axis})),
            (Numbers{0, 1, 1e20, infinity}));
  EXPECT_EQ(numbers(answer("CumSum", 14, {integer("exclusive", 1), integer("reverse", 1)},
                           {x.flip(0), axis})),
            (Numbers{infinity, 1e20, 1, 0}));
  EXPECT_EQ(numbers(answer("CumSum", 14, {integer("exclusive", 1)},
                           {longs({1, 2, 3, 4, 5, 6}).reshape({2, 3}), longs({-1})})),
            (Numbers{0, 1, 3, 0, 4, 9}));
}

TEST(Elementwise, ResultsAreOfTheTypeOfTheInput) {
  const at::Tensor x = at::tensor({-3, 0, 3}, at::kInt);
  const auto shrunk = answer("Shrink", 9, {test::real("lambd", 1.5F), test::real("bias", 1)}, {x});
  EXPECT_EQ(numbers(shrunk), (Numbers{-2, 0, 2}));
  EXPECT_EQ(element_type(shrunk->front()), ElementType::int32);
  EXPECT_EQ(element_type(answer("Erf", 13, {}, {x})->front()), ElementType::int32);
}

// Without spatial axes there is nothing to take a mean of, and all axes are not what was meant.
TEST(InstanceNormalization, NeedsSpatialAxes) {
  EXPECT_THAT(why(answer("InstanceNormalization", 6, {},
                         {at::ones({2, 3}), at::ones({3}), at::zeros({3})})),
              testing::HasSubstr("'one' (InstanceNormalization): expected an input [N, C, D1"));
}

}  // namespace
}  // namespace lockstep::ai
