// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/samples.hpp"

#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

namespace lockstep::ai {
namespace {

template <typename T>
NamedArray named(const std::string& name,
                 std::vector<std::int64_t> shape,
                 const std::vector<T>& values) {
  return {name, array_of<T>(std::move(shape), values)};
}

std::string message_of(const std::vector<NamedArray>& arrays,
                       const std::vector<std::int64_t>& shape) {
  const auto samples = samples_of(arrays, shape, 1000, false, "d.npz");
  return samples ? "read" : samples.error().code + ": " + samples.error().message;
}

const NamedArray labels = named<std::int64_t>("labels", {2}, {0, 1});

TEST(Samples, BytesAreScaledAndChannelsMoved) {
  std::vector<std::uint8_t> pixels(2 * 2 * 2 * 3);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<std::uint8_t>(i * 10);
  const std::vector<NamedArray> arrays{named<std::uint8_t>("images", {2, 2, 2, 3}, pixels), labels};
  const auto samples = samples_of(arrays, {3, 2, 2}, 1000, false, "d.npz");
  ASSERT_TRUE(samples.has_value()) << samples.error().message;
  EXPECT_EQ(samples->x.sizes().vec(), (std::vector<std::int64_t>{2, 3, 2, 2}));
  // Sample 1, channel 2, row 1, column 0 is byte 12 + 6 + 0 + 2.
  EXPECT_FLOAT_EQ(samples->x[1][2][1][0].item<float>(), 200.0F / 255.0F);
}

TEST(Samples, DimensionsOfOneAndFlatInputsFit) {
  const std::vector<float> values(2 * 4, 0.5F);
  const std::vector<NamedArray> arrays{named<float>("x", {2, 2, 2}, values), labels};
  EXPECT_EQ(samples_of(arrays, {1, 2, 2}, 9, false, "d")->x.dim(), 4);
  EXPECT_EQ(samples_of(arrays, {4}, 9, false, "d")->x.dim(), 2);
  EXPECT_EQ(samples_of(arrays, {-1, 2}, 1, false, "d")->count(), 1);
}

TEST(Samples, WhatDoesNotFitGetsAMessage) {
  const std::vector<float> values(2 * 4, 0.5F);
  EXPECT_EQ(message_of({named<float>("x", {2, 2, 2}, values), labels}, {3, 3}),
            "ai.shape: expected samples of shape [3, 3], as the model's input has, found [2, 2]");
  EXPECT_EQ(message_of({named<float>("pictures", {2, 4}, values), labels}, {4}),
            "ai.data: expected an array 'images' or 'x', found: pictures, labels");
  EXPECT_EQ(message_of({named<float>("x", {1, 8}, values), labels}, {8}),
            "ai.shape: expected 1 labels, one for each sample, found an array of shape [2]");
  std::vector<float> broken = values;
  broken[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of({named<float>("x", {2, 4}, broken), labels}, {4}),
            "ai.data: expected numbers in the samples, found NaN or infinite elements");
  EXPECT_EQ(message_of({named<std::int64_t>("x", {2, 1}, {1, 2}), labels}, {1}),
            "ai.data: expected images of uint8 (0 to 255) or float32 (0 to 1), found int64");
}

}  // namespace
}  // namespace lockstep::ai
