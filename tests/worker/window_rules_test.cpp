// SPDX-License-Identifier: Apache-2.0
// How windows slide: pads, strides and how many there are.
#include <gmock/gmock.h>
#include <limits>

#include "worker/one_node.hpp"

namespace lockstep::ai {
namespace {

using test::answer;
using test::integer;
using test::integers;
using test::numbers;
using test::Numbers;
using test::text;
using test::why;
using testing::HasSubstr;

// VALID with ceil_mode: ceil((5 - 2 + 1) / 2) = 2 positions. The same without pads: ceil((5 - 2) /
// 2)
// + 1 = 3.
TEST(Windows, ThatAreValidHaveTheirOwnRuleForCeilMode) {
  const at::Tensor x = at::arange(5, at::kFloat).reshape({1, 1, 5});
  std::vector<Attribute> attributes{integers("kernel_shape", {2}), integers("strides", {2}),
                                    integer("ceil_mode", 1)};
  EXPECT_EQ(numbers(answer("MaxPool", 12, attributes, {x})), (Numbers{1, 3, 4}));
  attributes.push_back(text("auto_pad", "VALID"));
  EXPECT_EQ(numbers(answer("MaxPool", 12, attributes, {x})), (Numbers{1, 3}));
  EXPECT_EQ(numbers(answer("AveragePool", 19, attributes, {x})), (Numbers{0.5, 2.5}));
}

TEST(Windows, NeedAWordOfTheStandardForAutoPad) {
  const at::Tensor x = at::ones({1, 1, 5});
  const at::Tensor kernel = at::ones({1, 1, 3});
  for (const char* name : {"Conv", "ConvTranspose"}) {
    EXPECT_THAT(why(answer(name, 11, {text("auto_pad", "SAME")}, {x, kernel})),
                HasSubstr("'one' (" + std::string(name) + "): expected auto_pad"));
    // Empty: as if it were not there, and the pads count.
    const std::vector<Attribute> pads{integers("pads", {1, 1})};
    EXPECT_EQ(numbers(answer(name, 11, {pads[0], text("auto_pad", "")}, {x, kernel})),
              numbers(answer(name, 11, pads, {x, kernel})));
  }
}

TEST(Windows, RefuseStridesThatLeaveTheRangeOfIntegers) {
  const auto huge = std::numeric_limits<std::int64_t>::max();
  for (const char* name : {"MaxPool", "AveragePool"})
    EXPECT_THAT(why(answer(name, 12,
                           {integers("kernel_shape", {1}), integers("strides", {huge}),
                            integer("ceil_mode", 1)},
                           {at::ones({1, 1, 5})})),
                HasSubstr("expected kernel, strides and dilations"));
}

}  // namespace
}  // namespace lockstep::ai
