// SPDX-License-Identifier: Apache-2.0
// Pictures against files whose pixels are known: PNG files that a script wrote byte by byte
// (tests/data/images/make.py), and JPEG files that another library decoded.
#include "ai/worker/data/image.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <set>

#include "ai/worker/data/npz.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "support/paths.hpp"

namespace lockstep::ai {
namespace {

using lockstep::test::fresh_folder;
using lockstep::test::read_file;
using lockstep::test::shared_path;
using lockstep::test::source_path;

constexpr std::int64_t width = 5;
constexpr std::int64_t height = 3;

unsigned char byte_of(int value) {
  return static_cast<unsigned char>(value);
}

std::string grey_pixels() {
  std::string bytes;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      bytes += static_cast<char>(byte_of(10 + x + 4 * y));
  return bytes;
}

std::string rgb_pixels() {
  std::string bytes;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (const int value : {10 + x, 20 + y, 30 + x + y})
        bytes += static_cast<char>(byte_of(value));
  return bytes;
}

std::string checkered_pixels() {
  std::string bytes;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      bytes += static_cast<char>(byte_of((x + y) % 2 * 255));
  return bytes;
}

struct Png {
  const char* name;
  std::int64_t channels;
  std::string (*pixels)();
};

void PrintTo(const Png& png, std::ostream* out) {
  *out << png.name;
}

class EachPng : public testing::TestWithParam<Png> {};

TEST_P(EachPng, HasThePixelsThatWereWritten) {
  const std::string name = GetParam().name;
  const auto image = read_image(read_file(source_path("tests/data/images/" + name)), name);
  ASSERT_TRUE(image.has_value()) << image.error().message;
  EXPECT_EQ(image->shape, (std::vector<std::int64_t>{height, width, GetParam().channels}));
  EXPECT_EQ(image->bytes, GetParam().pixels());
}

INSTANTIATE_TEST_SUITE_P(Images,
                         EachPng,
                         testing::Values(Png{"grey.png", 1, grey_pixels},
                                         Png{"rgb.png", 3, rgb_pixels},
                                         Png{"gamma.png", 1, grey_pixels},
                                         Png{"opaque.png", 3, rgb_pixels},
                                         Png{"interlaced.png", 3, rgb_pixels},
                                         Png{"palette.png", 3, rgb_pixels},
                                         Png{"one_bit.png", 1, checkered_pixels}));

std::string trouble_with(const std::string& bytes) {
  const auto image = read_image(bytes, "a.png");
  if (image) return "";
  EXPECT_EQ(image.error().code, "ai.image");
  EXPECT_EQ(image.error().where.file, "a.png");
  return image.error().message;
}

std::string trouble_with_file(const std::string& name) {
  return trouble_with(read_file(source_path("tests/data/images/" + name)));
}

TEST(Images, WhatCannotBeTakenAsItIsIsRefused) {
  const std::string start = "expected a PNG or JPEG image that can be read: ";
  EXPECT_EQ(trouble_with_file("transparent.png"),
            start + "expected an image that is transparent nowhere; put it on a background");
  EXPECT_EQ(trouble_with_file("deep.png"),
            start + "expected 8 bits per sample, found 16; convert it");
  EXPECT_EQ(trouble_with_file("short.png"), start + "the file ends too early");
  EXPECT_NE(trouble_with_file("damaged.png"), "");
  EXPECT_EQ(trouble_with(""), start + "found other bytes");
  EXPECT_EQ(trouble_with("GIF89a"), start + "found other bytes");
  EXPECT_NE(trouble_with(std::string("\xFF\xD8\xFF\xE0", 4)), "");
}

TEST(Images, ClaimsAreHeldAgainstTheLimitsBeforeAnythingIsAllocated) {
  EXPECT_NE(trouble_with_file("bomb.png").find("at most 33554432 pixels, found 32768 x 32768"),
            std::string::npos)
      << trouble_with_file("bomb.png");
  EXPECT_NE(trouble_with_file("wide.png"), "");
}

TEST(Images, WhatIsWrittenReadsBackTheSame) {
  Random random(RandomKey{1, 2, 3, 4});
  for (const std::int64_t channels : {1, 3}) {
    Array image{ElementType::uint8, {7, 9, channels}, {}, {}};
    for (std::int64_t i = 0; i < image.elements(); ++i)
      image.bytes += static_cast<char>(random.below(256));
    const auto bytes = write_png(image);
    ASSERT_TRUE(bytes.has_value());
    const auto again = read_image(*bytes, "again.png");
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(again->shape, image.shape);
    EXPECT_EQ(again->bytes, image.bytes);
  }
}

// 0.299, 0.587 and 0.114 of 255, rounded: what Pillow's "L" gives for pure red, green and blue.
TEST(Images, GreyIsTheWeightedSumOfTheColours) {
  const Array pure{
      ElementType::uint8, {1, 4, 3}, std::string("\xFF\0\0\0\xFF\0\0\0\xFF\xFF\xFF\xFF", 12), {}};
  EXPECT_EQ(with_channels(pure, 1).bytes, std::string("\x4C\x96\x1D\xFF"));
  EXPECT_EQ(with_channels(with_channels(pure, 1), 3).bytes.substr(0, 3), "\x4C\x4C\x4C");
}

// The first 1,000 of the JPEG files, decoded by others, are beside the models; half of the files
// are here.
TEST(Images, JpegsDecodeAsInAnotherLibrary) {
  LS_NEEDS_SHARED("ai/data/cifar10-jpeg-test/cifar10_test_jpeg.tar");
  const std::string folder = fresh_folder("jpeg");
  const std::string command =
      "tar xf " + shared_path("ai/data/cifar10-jpeg-test/cifar10_test_jpeg.tar") + " -C " + folder;
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT: one command of ours
  const auto arrays =
      read_npz(read_file(shared_path("ai/models/cifar10jpg_test1000.npz")), "cifar.npz");
  ASSERT_TRUE(arrays.has_value());
  const std::vector<double> known = numbers_of(*find_array(*arrays, "x"));
  constexpr std::size_t pixels = 32 * 32;
  std::multiset<std::string> expected;
  for (std::size_t i = 0; i < 1000; ++i) {
    std::string image(3 * pixels, '\0');
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t p = 0; p < pixels; ++p)
        image[p * 3 + c] = static_cast<char>(std::lround(255 * known[(i * 3 + c) * pixels + p]));
    expected.insert(std::move(image));
  }
  const auto paths = RealFiles().list(folder, ".jpg");
  ASSERT_TRUE(paths.has_value());
  std::size_t found = 0;
  for (const std::string& path : *paths) {
    const auto image = read_image(read_file(path), path);
    ASSERT_TRUE(image.has_value()) << image.error().message;
    found += expected.contains(image->bytes);
  }
  RecordProperty("found", static_cast<int>(found));
  // About half of the thousand are among the files that are here.
  EXPECT_GT(found, 400U);
  EXPECT_LE(found, 1000U);
}

}  // namespace
}  // namespace lockstep::ai
