// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/corruption/corruption.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "ai/worker/answer.hpp"
#include "ai/worker/corruption/measure.hpp"
#include "ai/worker/data/npz.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

/// A picture of 9 rows and 11 columns whose values are all over the range.
Image uneven() {
  Image image(1, 9, 11);
  for (std::int64_t y = 0; y < image.height; ++y)
    for (std::int64_t x = 0; x < image.width; ++x)
      image.at(0, y, x) = static_cast<float>((7 * y * y + 13 * x + 5 * y * x) % 17) / 16;
  return image;
}

Image even(std::int64_t channels, std::int64_t side, float value) {
  Image image(channels, side, side);
  std::ranges::fill(image.pixels, value);
  return image;
}

struct Place {
  std::int64_t y;
  std::int64_t x;
  double value;
};

void expect_at(const Image& image, std::initializer_list<Place> places) {
  for (const auto& [y, x, value] : places)
    EXPECT_NEAR(image.at(0, y, x), value, 1e-6) << y << " " << x;
}

/// Numbers of scipy.ndimage 1.10.1: gaussian_filter, correlate, zoom of order 1.
TEST(Filters, GiveTheNumbersOfSciPy) {
  expect_at(blurred(uneven(), 0.7, 4, Border::nearest),
            {{0, 0, 0.23326806474867023}, {4, 5, 0.4483190072313005}, {8, 10, 0.5202035992084587}});
  expect_at(blurred(uneven(), 1.1, 3, Border::mirrored),
            {{0, 0, 0.3653847007518273}, {4, 5, 0.4676810572299741}, {8, 10, 0.493125602251663}});
  const Kernel kernel{3, 3, {0, 1, 2, 3, -4, 5, 6, 7, 8}};
  expect_at(filtered(uneven(), kernel, Border::reflected),
            {{0, 0, 18.0}, {4, 5, 14.375}, {8, 10, 14.75}, {0, 5, 18.0625}});
  expect_at(zoomed(uneven(), 1.2),
            {{0, 0, 0.0}, {4, 5, 0.3743686868686868}, {8, 10, 0.30113636363636365}});
  expect_at(zoomed(uneven(), 1.75),
            {{0, 0, 0.5625}, {4, 5, 0.7051767676767674}, {3, 1, 0.4431818181818181}});
  expect_at(zoomed(uneven(), 2.25),
            {{0, 0, 0.75}, {4, 5, 0.65625}, {8, 10, 1.0}, {3, 1, 0.521875}});
}

TEST(Filters, BordersRepeatAsTheyAreNamed) {
  std::string nearest;
  std::string mirrored;
  std::string reflected;
  for (std::int64_t place = -3; place < 7; ++place) {
    nearest += static_cast<char>('a' + inside(place, 4, Border::nearest));
    mirrored += static_cast<char>('a' + inside(place, 4, Border::mirrored));
    reflected += static_cast<char>('a' + inside(place, 4, Border::reflected));
  }
  EXPECT_EQ(nearest, "aaaabcdddd");
  EXPECT_EQ(mirrored, "cbaabcddcb");
  EXPECT_EQ(reflected, "dcbabcdcba");
}

TEST(Filters, ABoxIsTheMeanOfWhatItCovers) {
  Image image(1, 2, 4);
  image.pixels = {0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(boxed(image, 1, 2).pixels, (std::vector<float>{2.5F, 4.5F}));
  EXPECT_EQ(boxed(boxed(image, 1, 2), 2, 4).pixels,
            (std::vector<float>{2.5F, 2.5F, 4.5F, 4.5F, 2.5F, 2.5F, 4.5F, 4.5F}));
}

TEST(Corruptions, AreFifteenInTheOrderOfTheirGroups) {
  EXPECT_EQ(corruptions().size(), 15U);
  EXPECT_EQ(find_corruption("fog")->group, "weather");
  EXPECT_EQ(find_corruption("mist"), nullptr);
}

/// What blurs, moves or compresses leaves an even picture as it is, but for rounding to 8 bits. The
/// grey is the one that JPEG keeps exactly.
TEST(Corruptions, WhatOnlyMovesLightLeavesAnEvenPictureAlone) {
  for (const char* name : {"defocus_blur", "glass_blur", "motion_blur", "zoom_blur", "contrast",
                           "elastic_transform", "pixelate", "jpeg_compression"})
    for (const std::int64_t side : {32, 80})
      for (int severity = 1; severity <= severities; ++severity) {
        const Image image = even(1, side, 128.0F / 255);
        const Image spoilt = corrupted(*find_corruption(name), image, severity, 1, 0);
        for (const float value : spoilt.pixels)
          ASSERT_NEAR(value, 128.0 / 255, 1.01 / 255) << name << " " << side << " " << severity;
      }
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments moments_of(const Image& image) {
  const auto count = static_cast<double>(image.pixels.size());
  Moments moments;
  for (const float value : image.pixels)
    moments.mean += static_cast<double>(value) / count;
  for (const float value : image.pixels)
    moments.variance += std::pow(static_cast<double>(value) - moments.mean, 2) / count;
  return moments;
}

/// 40,000 pixels: a mean is off by less than 5 standard errors, a variance by less than 5 %.
TEST(Corruptions, NoiseHasItsDistribution) {
  const Image image = even(1, 200, 0.4F);
  Random random(RandomKey{1, 2, 3, 4});
  const Moments normal = moments_of(find_corruption("gaussian_noise")->apply(image, 1, random));
  EXPECT_NEAR(normal.mean, 0.4, 5 * 0.08 / 200);
  EXPECT_NEAR(normal.variance, 0.08 * 0.08, 0.05 * 0.08 * 0.08);
  const Moments shot = moments_of(find_corruption("shot_noise")->apply(image, 2, random));
  EXPECT_NEAR(shot.mean, 0.4, 5 * std::sqrt(0.4 / 25) / 200);
  EXPECT_NEAR(shot.variance, 0.4 / 25, 0.05 * 0.4 / 25);
  const Image impulse = find_corruption("impulse_noise")->apply(image, 5, random);
  const auto black = std::ranges::count(impulse.pixels, 0.0F);
  const auto white = std::ranges::count(impulse.pixels, 1.0F);
  EXPECT_NEAR(static_cast<double>(black) / 40'000, 0.135, 5 * std::sqrt(0.135 / 40'000));
  EXPECT_NEAR(static_cast<double>(white) / 40'000, 0.135, 5 * std::sqrt(0.135 / 40'000));
}

TEST(Corruptions, BrightnessKeepsHueAndSaturation) {
  Image image(3, 16, 16);
  std::ranges::fill(image.pixels, 0.0F);
  image.at(0, 3, 3) = 0.4F;
  image.at(1, 3, 3) = 0.2F;
  Random random(RandomKey{});
  const Image bright = find_corruption("brightness")->apply(image, 4, random);
  EXPECT_NEAR(bright.at(0, 3, 3), 0.6, 1e-6);
  EXPECT_NEAR(bright.at(1, 3, 3), 0.3, 1e-6);
  EXPECT_NEAR(bright.at(2, 3, 3), 0.0, 1e-6);
  EXPECT_NEAR(bright.at(2, 0, 0), 0.2, 1e-6);
}

TEST(Corruptions, BelongToTheirSampleAndStayInRange) {
  const Image image = uneven();
  for (const CorruptionRow& row : corruptions())
    for (int severity = 1; severity <= severities; ++severity) {
      const Image first = corrupted(row, image, severity, 7, 5);
      (void)corrupted(row, image, severity, 7, 6);
      EXPECT_EQ(corrupted(row, image, severity, 7, 5).pixels, first.pixels) << row.name;
      for (const float value : first.pixels)
        ASSERT_TRUE(value >= 0 && value <= 1) << row.name << " " << severity;
    }
  const CorruptionRow& noise = *find_corruption("gaussian_noise");
  EXPECT_NE(corrupted(noise, image, 1, 7, 5).pixels, corrupted(noise, image, 1, 7, 6).pixels);
  EXPECT_NE(corrupted(noise, image, 1, 7, 5).pixels, corrupted(noise, image, 1, 8, 5).pixels);
}

/// Says class 1 where the upper left pixel is brighter than a half.
Classifier bright_corner() {
  test::ToyModel model;
  model.input("x", {1, 16, 16}).output("z", {2});
  std::vector<float> weights(256 * 2);
  weights[0] = -1;
  weights[1] = 1;
  model.weight("w", {256, 2}, weights).weight("b", {2}, {0.5F, -0.5F});
  model.node("Flatten", {"x"}, {"f"});
  model.node("Gemm", {"f", "w", "b"}, {"z"});
  return test::classifier_of(model.bytes());
}

Samples corners() {
  Samples samples;
  samples.x = at::zeros({40, 1, 16, 16});
  samples.x.narrow(0, 0, 20).fill_(1.0);
  samples.y = at::cat({at::ones({20}, at::kLong), at::zeros({20}, at::kLong)});
  return samples;
}

TEST(MeasureCorruptions, CountsWhatTheNetGetsRight) {
  const Classifier net = bright_corner();
  Progress progress;
  CorruptionPlan plan;
  plan.corruptions = {"contrast", "impulse_noise"};
  const auto report = measure_corruptions(net, &net, corners(), plan, 1, progress);
  ASSERT_TRUE(report.has_value()) << to_text(report.error());
  EXPECT_EQ(report->clean.correct, 40);
  ASSERT_EQ(report->cells.size(), 10U);
  EXPECT_EQ(report->cells[4].corruption, "contrast");
  EXPECT_EQ(report->cells[4].accuracy.correct, 40);  // an even picture keeps its mean
  // The corner is flipped with half the share of impulses.
  EXPECT_NEAR(static_cast<double>(report->cells[9].accuracy.correct), 40 * (1 - 0.035), 4);
  EXPECT_EQ(report->table, "small");
  EXPECT_NEAR(report->mean_interval95.high - report->mean_interval95.low,
              std::min(1.0, report->mean + std::sqrt(std::log(40.0) / 80)) -
                  (report->mean - std::sqrt(std::log(40.0) / 80)),
              1e-12);
  for (const CorruptionCell& cell : report->cells)
    EXPECT_EQ(cell.baseline_correct, cell.accuracy.correct);
  plan.batch_size = 7;
  const auto again = measure_corruptions(net, nullptr, corners(), plan, 2, progress);
  ASSERT_TRUE(again.has_value());
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_EQ(again->cells[i].accuracy.correct, report->cells[i].accuracy.correct);
}

TEST(MeasureCorruptions, WhatIsNoPictureOrNoCorruptionGetsAMessage) {
  const Classifier net = bright_corner();
  Progress progress;
  Samples samples = corners();
  CorruptionPlan plan;
  plan.corruptions = {"fogg"};
  const auto unknown = measure_corruptions(net, nullptr, samples, plan, 1, progress);
  ASSERT_FALSE(unknown.has_value());
  EXPECT_NE(unknown.error().message.find("did you mean 'fog'?"), std::string::npos);
  plan.corruptions = {"fog"};
  samples.x = samples.x * 255;
  const auto range = measure_corruptions(net, nullptr, samples, plan, 1, progress);
  ASSERT_FALSE(range.has_value());
  EXPECT_NE(range.error().message.find("0 to 255"), std::string::npos) << range.error().message;
}

TEST(MeasureCorruptions, PicturesAndScoresThatAreNoNumbersAreRefused) {
  const Classifier net = bright_corner();
  Progress progress;
  CorruptionPlan plan;
  plan.corruptions = {"contrast"};
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    Samples samples = corners();
    samples.x[39][0][7][3] = value;
    const auto refused = measure_corruptions(net, nullptr, samples, plan, 1, progress);
    ASSERT_FALSE(refused.has_value()) << value;
    EXPECT_EQ(refused.error().code, "ai.corruption") << value;
  }
  // The logarithm of what is below zero is NaN, which no class is larger than.
  test::ToyModel model;
  model.input("x", {1, 8, 8}).output("z", {64});
  model.weight("b", {64}, std::vector<float>(64, -0.5F));
  model.node("Flatten", {"x"}, {"f"});
  model.node("Add", {"f", "b"}, {"s"});
  model.node("Log", {"s"}, {"z"});
  const Classifier broken = test::classifier_of(model.bytes());
  Samples samples{at::ones({8, 1, 8, 8}), at::zeros({8}, at::kLong), "pictures.npz"};
  samples.x.narrow(0, 3, 1).fill_(0.25);
  const auto refused = measure_corruptions(broken, nullptr, samples, plan, 1, progress);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "ai.scores");
  EXPECT_NE(refused.error().message.find("for 1 of 8 samples"), std::string::npos)
      << refused.error().message;
}

// The same of a file, as the worker gets it.
TEST(MeasureCorruptions, AFileWithWhatIsNoNumberIsRefused) {
  const std::string folder = lockstep::test::fresh_folder("corrupt-nan");
  std::vector<float> x(4 * 64, 0.5F);
  std::vector<float> weights(64 * 2);
  weights[1] = 1;
  test::ToyModel model;
  model.input("x", {1, 8, 8}).output("z", {2}).weight("w", {64, 2}, weights);
  model.node("Flatten", {"x"}, {"f"});
  model.node("MatMul", {"f", "w"}, {"z"});
  WorkerRequest request;
  request.command = WorkerCommand::corrupt;
  request.model = folder + "/net.onnx";
  request.data = folder + "/data.npz";
  request.corruption.corruptions = {"contrast"};
  ASSERT_TRUE(RealFiles().write(request.model, model.bytes()).has_value());
  Progress quiet;
  for (const bool is_broken : {false, true}) {
    if (is_broken) x[70] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<NamedArray> arrays{
        {"x", array_of<float>({4, 1, 8, 8}, x)},
        {"y", array_of<std::int64_t>({4}, std::vector<std::int64_t>(4, 1))}};
    ASSERT_TRUE(RealFiles().write(request.data, *write_npz(arrays)).has_value());
    const auto result = answer(request, quiet);
    ASSERT_EQ(result.has_value(), !is_broken);
    EXPECT_EQ(is_broken ? result.error().code : "ai.data", "ai.data");
  }
  std::filesystem::remove_all(folder);
}

/// Source of the formula: Hendrycks and Dietterich 2019, section 4.
TEST(CorruptionErrors, AreRatiosOfErrors) {
  CorruptionReport report;
  report.samples = 100;
  report.clean = {90, 100, {}};
  report.errors = CorruptionErrors{{}, {}, {95, 100, {}}, {}, {}};
  report.cells = {
      {"fog", 1, {80, 100, {}}, 90}, {"fog", 2, {60, 100, {}}, 70}, {"snow", 1, {50, 100, {}}, 80}};
  summarise(report);
  EXPECT_NEAR(report.mean, (0.8 + 0.6 + 0.5) / 3, 1e-12);
  EXPECT_NEAR(*report.errors->mce, 100 * (0.6 / 0.4 + 0.5 / 0.2) / 2, 1e-9);
  EXPECT_NEAR(*report.errors->relative_mce, 100 * ((0.6 - 0.2) / (0.4 - 0.1) + 0.4 / 0.15) / 2,
              1e-9);
  EXPECT_EQ(worst_cell(report)->corruption, "snow");
  report.cells[2].baseline_correct = 95;
  summarise(report);
  EXPECT_EQ(report.errors->relative_mce, std::nullopt);
}

}  // namespace
}  // namespace lockstep::ai
