// SPDX-License-Identifier: Apache-2.0
// A universal change of a linear net has a closed form: the loss rises along the weights of the
// net, for every sample alike.
#include <ATen/ATen.h>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>

#include "ai/worker/answer.hpp"
#include "ai/worker/data/image.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/universal/measure.hpp"
#include "ai/worker/universal/shared_change.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

const std::vector<float> slope{0.5F, -1, 0.25F, 2};  // of the lead of class 1, by feature

/// Class 1 leads by slope * x.
Classifier tilted() {
  test::ToyModel model;
  std::vector<float> weights;
  for (const float one : slope) {
    weights.push_back(0);
    weights.push_back(one);
  }
  model.input("x", {4}).output("z", {2}).weight("w", {4, 2}, weights);
  model.node("MatMul", {"x", "w"}, {"z"});
  return test::classifier_of(model.bytes());
}

double margin(const at::Tensor& x) {
  double sum = 0;
  for (std::size_t i = 0; i < slope.size(); ++i)
    sum += slope[i] * x[static_cast<std::int64_t>(i)].item<double>();
  return sum;
}

/// Samples of class 1 at rising margins, spread wide so that no end of the range is met.
Samples rising(std::int64_t count) {
  Samples samples;
  samples.x = at::zeros({count + 2, 4});
  for (std::int64_t i = 0; i < count; ++i)
    samples.x[i][3] = 0.02 * static_cast<double>(i + 1);
  samples.x[count].fill_(100);  // only the range comes from these two
  samples.x[count + 1].fill_(-100);
  samples.y = at::ones({count + 2}, at::kLong);
  return samples;
}

UniversalPlan perturbation(const std::string& norm, double epsilon) {
  UniversalPlan plan;
  plan.change = {UniversalChange::Kind::perturbation, norm, epsilon, 0};
  plan.steps = 60;
  return plan;
}

UniversalOutcome outcome_of(const Classifier& net,
                            const Samples& samples,
                            const UniversalPlan& plan,
                            int threads = 1) {
  Progress quiet;
  const auto outcome = measure_universal(net, samples, plan, threads, quiet);
  EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
  return *outcome;
}

UniversalReport run(const Classifier& net,
                    const Samples& samples,
                    const UniversalPlan& plan,
                    int threads = 1) {
  return outcome_of(net, samples, plan, threads).report;
}

TEST(Universal, ReachesTheClosedFormOfALinearNet) {
  const Classifier net = tilted();
  const Samples samples = rising(100);
  for (const auto& [norm, dual] : {std::pair{"linf", 3.75}, std::pair{"l2", 2.3048861}}) {
    const double epsilon = 0.2;
    const UniversalReport report = run(net, samples, perturbation(norm, epsilon));
    // Both halves together hold every sample once: those that fall are known in advance.
    std::int64_t standing = 0;
    for (std::int64_t i = 0; i < 100; ++i)
      standing += margin(samples.x[i]) > epsilon * dual ? 1 : 0;
    EXPECT_EQ(report.changed.correct + report.trained.correct, standing + 1) << norm;
    EXPECT_EQ(report.claimed, report.confirmed);
    EXPECT_LE(report.size, epsilon * (1 + 1e-6)) << norm;
    EXPECT_GE(report.control.correct, report.changed.correct) << norm;
    EXPECT_EQ(report.clean.total + report.trained.total, samples.count());
  }
}

TEST(Universal, IsTheSameForAnyNumberOfThreads) {
  const Classifier net = test::classifier_of(test::mlp_model());
  Samples samples;
  samples.x = at::tensor(test::random_weights(16 * 90, 1, 5)).reshape({90, 16});
  samples.y = net.logits(samples.x)->argmax(1);
  UniversalReport one = run(net, samples, perturbation("linf", 0.3), 1);
  UniversalReport two = run(net, samples, perturbation("linf", 0.3), 2);
  one.seconds = two.seconds = 0;
  EXPECT_EQ(to_canonical_json(to_json(one)), to_canonical_json(to_json(two)));
  EXPECT_LT(one.changed.correct, one.clean.correct);
}

/// Says class 1 where the picture is bright.
Classifier bright() {
  test::ToyModel model;
  model.input("x", {1, 12, 12}).output("z", {2});
  std::vector<float> weights(144 * 2, 0);
  for (std::size_t i = 1; i < weights.size(); i += 2)
    weights[i] = 1;
  model.weight("w", {144, 2}, weights).weight("b", {2}, {0, -60});
  model.node("Flatten", {"x"}, {"f"});
  model.node("Gemm", {"f", "w", "b"}, {"z"});
  return test::classifier_of(model.bytes());
}

TEST(Universal, ABlackPatchHidesWhatIsBright) {
  Samples samples;
  samples.x = at::full({40, 1, 12, 12}, 0.5);
  samples.y = at::ones({40}, at::kLong);
  UniversalPlan plan;
  plan.change = {UniversalChange::Kind::patch, "linf", 0, 0.25};
  plan.steps = 30;
  // 72 - 60 leads; a black square of 6 by 6 takes at least 0.5 * 4.9 * 4.9 of it.
  const UniversalReport report = run(bright(), samples, plan);
  EXPECT_EQ(report.clean.correct, 20);
  EXPECT_EQ(report.changed.correct, 0);
  EXPECT_EQ(report.control.correct, 20) << "grey on average";
  EXPECT_EQ(report.size, 6);
}

/// Laying is linear in the patch, so that the gradient by the patch is known: what a step climbs is
/// the number of points that each point of the patch lends its value to.
TEST(Universal, APatchCoversItsShareAndNothingElse) {
  const PictureLayout layout{3, 20, 30, true};
  const auto patch = make_patch(8, layout, {0, 1}, 1);
  const std::vector<float> x(static_cast<std::size_t>(layout.size()), 0.125F);
  std::vector<float> to(x.size());
  patch->restore(std::vector<float>(3 * 8 * 8, 1.0F));
  for (std::uint32_t draw = 0; draw < 200; ++draw) {
    patch->lay(x, {7, draw}, to);
    std::size_t covered = 0;
    for (const float value : to) {
      ASSERT_TRUE(value == 0.125F || std::abs(value - 1) < 1e-6F) << value;
      covered += value == 0.125F ? 0 : 1;
    }
    EXPECT_EQ(covered % 3, 0U);
    const auto points = static_cast<double>(covered) / 3;
    EXPECT_GT(points, 0.75 * 0.81 * 64);
    EXPECT_LT(points, 1.25 * 1.21 * 64);
  }
  std::vector<float> again(x.size());
  patch->lay(x, {7, 199}, again);
  EXPECT_EQ(again, to);
  patch->lay(x, {8, 199}, again);
  EXPECT_NE(again, to);
}

TEST(Universal, TheChangeIsKeptAsItIs) {
  const UniversalOutcome outcome = outcome_of(tilted(), rising(100), perturbation("linf", 0.2));
  EXPECT_EQ(outcome.shape, std::vector<std::int64_t>{4});
  // Against the slope in every feature, as far as it may or nearly so.
  for (std::size_t i = 0; i < slope.size(); ++i)
    EXPECT_NEAR(outcome.values[i], slope[i] > 0 ? -0.195 : 0.195, 0.005 + 1e-6);
  const auto npy = read_npy(*bytes_of(outcome, {0, 1}, "x.npy"), "x.npy");
  ASSERT_TRUE(npy.has_value()) << npy.error().message;
  EXPECT_EQ(npy->shape, outcome.shape);
  EXPECT_TRUE(at::equal(value_of(*npy).tensor, at::tensor(outcome.values)));
  EXPECT_EQ(bytes_of(outcome, {0, 1}, "x.png").error().code, "ai.shape");
  // Said before the work, too.
  UniversalPlan drawn = perturbation("linf", 0.2);
  drawn.file = "x.png";
  Progress quiet;
  const auto refused = measure_universal(tilted(), rising(100), drawn, 1, quiet);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "ai.shape");
  EXPECT_EQ(refused.error().where.file, "x.png");

  UniversalOutcome picture{{}, {-0.5F, 0, 0.25F, 0.5F, 0.5F, -0.5F}, {1, 2, 3}};
  const auto pixels = [&](ValueRange range) {
    return read_image(*bytes_of(picture, range, "x.png"), "x.png")->bytes;
  };
  EXPECT_EQ(pixels({0, 1}), std::string("\0\x80\xBF\xFF\xFF\0", 6));
  picture.report.change.kind = UniversalChange::Kind::patch;
  EXPECT_EQ(pixels({-0.5, 0.5}), std::string("\0\x80\xBF\xFF\xFF\0", 6));
  EXPECT_EQ(pixels({0, 1}), std::string("\0\0\x40\x80\x80\0", 6));
}

TEST(Universal, APlaceThatCannotBeWrittenIsSaidBeforeAnythingElse) {
  const std::string folder = lockstep::test::fresh_folder("universal-place");
  ASSERT_TRUE(RealFiles().write(folder + "/plain", "x").has_value());
  WorkerRequest request;
  request.command = WorkerCommand::universal;
  request.model = folder + "/none.onnx";
  request.data = folder + "/none.npz";
  Progress quiet;
  request.universal.file = folder + "/plain/change.npy";
  const auto refused = answer(request, quiet);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "file.unwritable");
  EXPECT_EQ(refused.error().where.file, folder + "/plain/change.npy");
  request.universal.file = folder + "/change.npy";
  EXPECT_EQ(answer(request, quiet).error().code, "file.missing");
  std::filesystem::remove_all(folder);
}

TEST(Universal, PlansThatCannotBeAreRefused) {
  Progress quiet;
  const Classifier net = tilted();
  const auto code = [&](const Samples& samples, const UniversalPlan& plan) {
    const auto report = measure_universal(net, samples, plan, 1, quiet);
    return report ? std::string("none") : report.error().code;
  };
  EXPECT_EQ(code(rising(10), perturbation("linf", 0.1)), "ai.plan");
  EXPECT_EQ(code(rising(30), perturbation("l1", 0.1)), "ai.norm");
  EXPECT_EQ(code(rising(30), perturbation("linf", 0)), "ai.plan");
  UniversalPlan patch;
  patch.change = {UniversalChange::Kind::patch, "linf", 0, 0.1};
  EXPECT_EQ(code(rising(30), patch), "ai.shape");
  patch.change.area = 0.9;
  EXPECT_EQ(code(rising(30), patch), "ai.plan");
}

}  // namespace
}  // namespace lockstep::ai
