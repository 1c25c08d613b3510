// SPDX-License-Identifier: Apache-2.0
// Resize against the formulas of its specification, in whole numbers where they can be.
#include <gmock/gmock.h>
#include <limits>

#include "worker/one_node.hpp"

namespace lockstep::ai {
namespace {

using test::answer;
using test::floats;
using test::integers;
using test::longs;
using test::numbers;
using test::Numbers;
using test::real;
using test::text;
using test::why;
using testing::HasSubstr;

at::Tensor counted(std::int64_t size) {
  return at::arange(size, at::kFloat);
}

// asymmetric, floor: x * in / out, rounded down; half_pixel: ((2 x + 1) in - out) / (2 out). Both
// are quotients of whole numbers, which a scale in between does not always give back.
TEST(Resize, ToSizesReadsTheElementThatWholeNumbersSay) {
  const auto resized = [](std::int64_t in, std::int64_t out, const char* coordinates) {
    return numbers(
        answer("Resize", 13,
               {text("coordinate_transformation_mode", coordinates), text("nearest_mode", "floor")},
               {counted(in), Value(), Value(), longs({out})}));
  };
  for (std::int64_t in = 1; in < 40; ++in)
    for (std::int64_t out = 1; out < 60; ++out) {
      Numbers asymmetric;
      Numbers half_pixel;
      for (std::int64_t x = 0; x < out; ++x) {
        asymmetric.push_back(static_cast<double>(x * in / out));
        const std::int64_t above = (2 * x + 1) * in - out;
        half_pixel.push_back(static_cast<double>(above < 0 ? 0 : above / (2 * out)));
      }
      ASSERT_EQ(resized(in, out, "asymmetric"), asymmetric) << in << " to " << out;
      ASSERT_EQ(resized(in, out, "half_pixel"), half_pixel) << in << " to " << out;
    }
}

// The last place of a whole image is its last element, never one outside of it.
TEST(Resize, OfAWholeImageExtrapolatesNothing) {
  for (std::int64_t in = 2; in < 60; ++in)
    for (std::int64_t out = 2; out < 60; ++out) {
      const auto y = numbers(answer("Resize", 13,
                                    {text("coordinate_transformation_mode", "tf_crop_and_resize"),
                                     text("mode", "linear"), real("extrapolation_value", -9)},
                                    {counted(in), floats({0, 1}), Value(), longs({out})}));
      ASSERT_NEAR(y.back(), static_cast<double>(in - 1), 1e-4) << in << " to " << out;
    }
}

// 5/3 as float32 is a little less than 5/3; its product with 3 in float32 is 5.
TEST(Resize, ByAScaleMultipliesInFloat32) {
  for (const auto& [in, wanted] : {std::pair<std::int64_t, std::int64_t>{3, 5}, {6, 10}, {9, 15}}) {
    const at::Tensor scale = floats({5.0F / 3.0F});
    EXPECT_EQ(numbers(answer("Resize", 13, {}, {counted(in), Value(), scale})).size(), wanted);
    EXPECT_EQ(numbers(answer("Upsample", 9, {}, {counted(in), scale})).size(), wanted);
  }
}

TEST(Resize, RefusesWordsThatTheStandardDoesNotHave) {
  const at::Tensor scale = floats({2});
  EXPECT_THAT(why(answer("Resize", 13, {text("nearest_mode", "up")}, {counted(3), Value(), scale})),
              HasSubstr("'one' (Resize): expected a nearest_mode"));
  EXPECT_THAT(why(answer("Resize", 18, {text("keep_aspect_ratio_policy", "larger")},
                         {counted(3), Value(), Value(), longs({5})})),
              HasSubstr("expected keep_aspect_ratio_policy"));
  EXPECT_THAT(why(answer("Resize", 18,
                         {integers("axes", {}), text("keep_aspect_ratio_policy", "not_larger")},
                         {counted(3), Value(), Value(), longs({})})),
              HasSubstr("expected a scale or a size for each axis"));
  const at::Tensor image = at::ones({1, 1, 5, 5});
  const at::Tensor grid = at::zeros({1, 1, 1, 2});
  EXPECT_THAT(why(answer("GridSample", 20, {text("mode", "near")}, {image, grid})),
              HasSubstr("'one' (GridSample): expected the mode"));
  EXPECT_THAT(why(answer("GridSample", 20, {text("padding_mode", "edge")}, {image, grid})),
              HasSubstr("'one' (GridSample): expected the padding_mode"));
}

// Places 0.5, 1.5 and 2.5 of four elements, half to even: 0, 2 and 2. The same in the plane and in
// space, in the image and at its border.
TEST(GridSample, RoundsHalvesToEvenInPlaneAndSpace) {
  for (const char* padding : {"zeros", "border"}) {
    const at::Tensor across = floats({-0.5F, 0, 0.5F}).reshape({1, 1, 3, 1});
    const at::Tensor zero = at::zeros({1, 1, 3, 1});
    const at::Tensor plane = at::cat({across, zero}, -1);
    const at::Tensor space = at::cat({across, zero, zero}, -1).unsqueeze(1);
    const at::Tensor row = counted(4).reshape({1, 1, 1, 4});
    const std::vector<Attribute> mode{text("mode", "nearest"), text("padding_mode", padding)};
    EXPECT_EQ(numbers(answer("GridSample", 20, mode, {row, plane})), (Numbers{0, 2, 2})) << padding;
    EXPECT_EQ(numbers(answer("GridSample", 20, mode, {row.unsqueeze(2), space})),
              (Numbers{0, 2, 2}))
        << padding;
  }
}

}  // namespace
}  // namespace lockstep::ai
