// SPDX-License-Identifier: Apache-2.0
// Attacks that look for the nearest point of a wrong class: closed forms on linear nets, and the
// distances that the known libraries reached on the same samples.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/data/npz.hpp"
#include "ai/worker/evasion/attacks/decisions.hpp"
#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/evasion/distances.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/evasion/noise_words.hpp"
#include "support/paths.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using test::all_of;
using test::classifier_of;
using test::name_of;
using test::samples_for;

struct Exact {
  const char* attack;
  Norm norm;
  int steps;
  double beyond;  ///< largest distance allowed, in units of the closed form
};

class OnALinearNet : public ::testing::TestWithParam<Exact> {};

// The border of a linear net of two classes is |f| / |w| away, in the dual norm.
TEST_P(OnALinearNet, TheDistanceIsTheClosedForm) {
  const Exact& exact = GetParam();
  const Classifier net =
      classifier_of(test::linear_model({1.0F, -2.0F, -0.5F, 1.5F}, {1.0F, 0.0F}));
  Samples samples = samples_for(net, 40, 2);
  samples.x = samples.x * 0.1 + 0.45;  // away from the bounds, which would cut the way
  const at::Tensor z = net.logits(samples.x)->to(at::kDouble);
  samples.y = z.argmax(1);
  const at::Tensor margin = (z.select(1, 0) - z.select(1, 1)).abs();
  const double length = exact.norm == Norm::linf ? 1.5 + 3.5
                        : exact.norm == Norm::l2 ? std::hypot(1.5, 3.5)
                                                 : 3.5;
  Progress quiet;
  const auto tally =
      run_attack({net, samples, 16, 1, quiet}, *find_attack(exact.attack),
                 {exact.steps, 1, true, true, 1}, {exact.norm, 0.05}, all_of(samples));
  ASSERT_TRUE(tally.has_value());
  ASSERT_EQ(tally->nearest.size(), 40U);
  for (const Nearest& found : tally->nearest) {
    const double expected = margin[found.index].item<double>() / length;
    EXPECT_GE(found.distance, expected * (1 - 1e-5) - 1e-7) << found.index;
    EXPECT_LE(found.distance, expected * exact.beyond + 1e-5) << found.index;
    const bool is_broken = std::ranges::binary_search(tally->broken, found.index);
    EXPECT_EQ(is_broken, is_within(found.distance, 0.05)) << found.index;
  }
}

INSTANTIATE_TEST_SUITE_P(Family,
                         OnALinearNet,
                         ::testing::Values(Exact{"deepfool", Norm::l2, 50, 1.002},
                                           Exact{"deepfool", Norm::linf, 50, 1.002},
                                           Exact{"ddn", Norm::l2, 300, 1.01},
                                           Exact{"fmn", Norm::linf, 300, 1.01},
                                           Exact{"fmn", Norm::l2, 300, 1.01},
                                           Exact{"fmn", Norm::l1, 300, 1.01},
                                           Exact{"hsj", Norm::l2, 3000, 1.05},
                                           Exact{"hsj", Norm::linf, 3000, 1.05},
                                           Exact{"boundary", Norm::l2, 3000, 1.05},
                                           Exact{"rays", Norm::linf, 500, 1.01},
                                           Exact{"cw", Norm::l2, 1000, 1.1},
                                           Exact{"ead", Norm::l1, 1000, 1.05}),
                         [](const auto& row) {
                           return std::string(row.param.attack) + "_" +
                                  std::string(name_of(row.param.norm));
                         });

EvasionOutcome measured(const char* model, const EvasionPlan& plan, int threads = 2) {
  const std::string data = "ai/models/mnist_test1000.npz";
  const Classifier net = classifier_of(
      lockstep::test::read_file(lockstep::test::shared_path(std::string("ai/models/") + model)));
  const auto arrays = read_npz(lockstep::test::read_file(lockstep::test::shared_path(data)), data);
  const auto samples = samples_of(*arrays, net.sample_shape(), plan.samples, false, data);
  Progress quiet;
  auto outcome = measure_evasion(net, *samples, plan, threads, quiet);
  EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
  return *std::move(outcome);
}

/// Distances that a library reached, sample by sample.
std::vector<double> library_distances(const std::string& name, std::size_t count) {
  const auto masks = read_npz(
      lockstep::test::read_file(lockstep::test::shared_path("ai/models/references_masks.npz")),
      "masks");
  const Array* array = find_array(*masks, name);
  EXPECT_NE(array, nullptr) << name;
  std::vector<float> values(count);
  std::memcpy(values.data(), array->bytes.data(), count * sizeof(float));
  return {values.begin(), values.end()};
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

struct Library {
  const char* name;
  const char* attack;
  const char* norm;
  std::int64_t samples;  ///< the first so many, all of which the net gets right
  const char* distances;
};

class AsNear : public ::testing::TestWithParam<Library> {};

TEST_P(AsNear, AsTheBestLibraryOnTheSameSamples) {
  LS_NEEDS_SHARED("ai/models/references_masks.npz");
  const Library& library = GetParam();
  EvasionPlan plan;
  plan.attacks = {library.attack};
  plan.norm = library.norm;
  plan.epsilon = 0.1;
  plan.samples = library.samples;
  const EvasionOutcome outcome = measured("mnist_cnn_std.onnx", plan);
  const auto& distances = outcome.measurement.distances;
  ASSERT_TRUE(distances.has_value());
  EXPECT_EQ(distances->attacked, library.samples);
  EXPECT_EQ(distances->fooled, library.samples);
  EXPECT_EQ(distances->median_attacked, distances->median);
  const double theirs =
      median_of(library_distances(library.distances, static_cast<std::size_t>(library.samples)));
  EXPECT_LE(distances->median, 1.01 * theirs);
  EXPECT_GE(distances->median, 0.5 * theirs);
}

INSTANTIATE_TEST_SUITE_P(
    References,
    AsNear,
    ::testing::Values(
        Library{"DeepFool", "deepfool", "l2", 150, "foolbox.deepfool.mnist_cnn_std.L2.0.n1000|l2"},
        Library{"DeepFoolLinf", "deepfool", "linf", 150,
                "foolbox.deepfool.mnist_cnn_std.Linf.0.n1000|linf"},
        Library{"FmnLinf", "fmn", "linf", 40, "foolbox.deepfool.mnist_cnn_std.Linf.0.n1000|linf"},
        Library{"FmnL2", "fmn", "l2", 40, "foolbox.cw.mnist_cnn_std.L2.0.n200|l2"},
        Library{"Ddn", "ddn", "l2", 40, "foolbox.cw.mnist_cnn_std.L2.0.n200|l2"},
        Library{"Hsj", "hsj", "l2", 16, "art.hsj.mnist_cnn_std.L2.0.n20|l2"},
        Library{"HsjLinf", "hsj", "linf", 16, "foolbox.hsj.mnist_cnn_std.Linf.0.n100|linf"},
        Library{"Boundary", "boundary", "l2", 20, "foolbox.boundary.mnist_cnn_std.L2.0.n100|l2"},
        Library{"Simba", "simba", "l2", 20, "art.simba.mnist_cnn_std.L2.0.n20|l2"},
        Library{"Rays", "rays", "linf", 20, "foolbox.hsj.mnist_cnn_std.Linf.0.n100|linf"},
        Library{"CarliniWagner", "cw", "l2", 24, "foolbox.cw.mnist_cnn_std.L2.0.n200|l2"}),
    [](const auto& row) { return row.param.name; });

TEST(Nearest, QuestionsAreCountedToTheLast) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 30, 16);
  Progress quiet;
  for (const char* name : {"hsj", "boundary", "rays", "simba"}) {
    const AttackRow& row = *find_attack(name);
    const auto tally = run_attack({net, samples, 16, 1, quiet}, row, {1200, 1, true, true, 1},
                                  test::threats_for(row, 0.1, 0.1, 0.1).front(), all_of(samples));
    ASSERT_TRUE(tally.has_value());
    std::int64_t asked = 0;
    for (const Trace& trace : tally->traces) {
      asked += trace.asked;
      EXPECT_LE(trace.asked, 1200 + 64) << name;  // a last jump, and its way back to the border
      EXPECT_GE(trace.after[0], trace.nearest);
    }
    EXPECT_EQ(asked, tally->forward) << name;
    EXPECT_EQ(tally->backward, 0) << name;
  }
}

TEST(Nearest, NoiseInBulkIsThatOfTheGenerator) {
  const RandomKey key{std::uint64_t{7} << 40U, 3, 5, 11};
  Noise noise(key);
  Random random(key);
  double sum = 0;
  double squares = 0;
  for (const std::size_t count : {4U, 784U, 4U, 20'000U}) {
    std::vector<float> values(count);
    noise.fill(values);
    for (const float value : values) {
      const std::uint32_t word = random.next_u32();
      const auto bytes = static_cast<float>((word & 255U) + (word >> 8U & 255U) +
                                            (word >> 16U & 255U) + (word >> 24U));
      ASSERT_NEAR(value, (bytes - 510) / 147.80054F, 1e-6);
      sum += value;
      squares += static_cast<double>(value) * value;
    }
  }
  EXPECT_NEAR(sum / 20'792, 0, 0.03);
  EXPECT_NEAR(squares / 20'792, 1, 0.03);
}

TEST(Nearest, WordsInBulkAreThoseOfTheGeneratorOnEveryProcessor) {
  const RandomKey key{(std::uint64_t{7} << 40U) + 5, 3, 5, 11};
  for (const auto fill : {fill_words, fill_words_anywhere})
    for (const std::uint32_t first : {0U, 9U, 0xFFFFFFFCU})
      for (const std::size_t blocks : {1U, 8U, 13U}) {
        std::vector<std::uint32_t> words(4 * blocks, 0);
        fill(key, first, blocks, words.data());
        for (std::uint32_t i = 0; i < blocks; ++i) {
          const auto expected = philox(
              {static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32U)},
              {first + i, key.stream, key.restart, key.sample});
          EXPECT_TRUE(
              std::ranges::equal(expected, std::span(words).subspan(4 * std::size_t{i}, 4)));
        }
      }
}

TEST(Nearest, OneRunIsTheWholeCurve) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 60, 16);
  EvasionPlan plan;
  plan.attacks = {"ddn"};
  plan.norm = "l2";
  plan.epsilon = 0.1;
  plan.steps = 100;
  plan.curve = {0.02, 0.05, 0.2, 0.4};
  Progress quiet;
  const auto whole = measure_evasion(net, samples, plan, 1, quiet);
  ASSERT_TRUE(whole.has_value()) << whole.error().message;
  ASSERT_EQ(whole->measurement.curve.size(), 5U);
  EXPECT_LT(whole->measurement.curve.back().robust.correct, 30);
  EXPECT_GT(whole->measurement.curve.front().robust.correct, 30);
  for (const CurvePoint& point : whole->measurement.curve) {
    EvasionPlan alone = plan;
    alone.epsilon = point.epsilon;
    alone.curve.clear();
    const auto one = measure_evasion(net, samples, alone, 1, quiet);
    EXPECT_EQ(one->measurement.robust.correct, point.robust.correct) << point.epsilon;
    EXPECT_EQ(one->measurement.distances->median, whole->measurement.distances->median);
  }
}

TEST(Nearest, MediansCountWhatWasNotFound) {
  Reach reach(7);
  AttackRow row = *find_attack("ddn");
  AttackTally tally;
  tally.nearest = {{1, 3.0}, {2, 1.0}, {4, 2.0}};
  reach.add(row, {1, 2, 3, 4, 5}, tally);
  auto distances = summary_of(reach);
  ASSERT_TRUE(distances.has_value());
  EXPECT_EQ(distances->attacked, 5);
  EXPECT_EQ(distances->fooled, 3);
  EXPECT_DOUBLE_EQ(distances->mean, 2.0);
  EXPECT_DOUBLE_EQ(distances->median, 2.0);
  EXPECT_EQ(distances->median_attacked, 3.0);
  reach.add(row, {6}, {});
  EXPECT_EQ(summary_of(reach)->median_attacked, std::nullopt);  // between the third and none
  EXPECT_FALSE(summary_of(Reach(3)).has_value());
}

TEST(Nearest, ANormThatAnAttackDoesNotMeasureGetsAMessage) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 5, 16);
  Progress quiet;
  EvasionPlan plan;
  plan.epsilon = 0.1;
  plan.attacks = {"deepfool"};
  plan.norm = "l1";
  const auto outcome = measure_evasion(net, samples, plan, 1, quiet);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, "ai.norm");
  EXPECT_EQ(outcome.error().message, "expected one of the norms l2 linf for deepfool, found 'l1'");
}

// Scores a hundred times as large blind the cross entropy; the border is where it was.
TEST(Nearest, LargeScoresDoNotHideTheBorder) {
  LS_NEEDS_SHARED("ai/models/mnist_cnn_masked.onnx");
  for (const char* attack : {"deepfool", "ddn", "fmn"}) {
    EvasionPlan plan;
    plan.attacks = {attack};
    plan.norm = "l2";
    plan.epsilon = 1;
    plan.samples = 30;
    plan.steps = 50;
    const EvasionOutcome masked = measured("mnist_cnn_masked.onnx", plan);
    const EvasionOutcome plain = measured("mnist_cnn_std.onnx", plan);
    EXPECT_EQ(masked.measurement.distances->fooled, 30) << attack;
    EXPECT_NEAR(masked.measurement.distances->median, plain.measurement.distances->median,
                0.1 * plain.measurement.distances->median)
        << attack;
  }
}

}  // namespace
}  // namespace lockstep::ai
