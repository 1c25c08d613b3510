// SPDX-License-Identifier: Apache-2.0
// Laws of attacks on toy nets, and the reference numbers of the known libraries.
#include "worker/evasion.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/answer.hpp"
#include "ai/worker/evasion/ball.hpp"
#include "ai/worker/evasion/campaign.hpp"
#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/evasion/soundness_transfer.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using test::all_of;
using test::candidates_of;
using test::classifier_of;
using test::points_of;
using test::samples_for;
using test::threats_for;

class EachAttack : public ::testing::TestWithParam<std::string> {};

constexpr AttackOptions short_attack{10, 2, true, true, 5};

TEST_P(EachAttack, StaysWithinTheBallAndTheBounds) {
  const Classifier net = classifier_of(test::mlp_model());
  const Points points = points_of(samples_for(net, 64, 16));
  const AttackRow& row = *find_attack(GetParam());
  for (const Threat& threat : threats_for(row, 0.2, 0.7, 1.5)) {
    const at::Tensor candidates = candidates_of(net, row, short_attack, points, threat, 1);
    if (row.goal == Goal::within) {
      EXPECT_LE(distances(candidates, points.x, threat.norm).max().item<double>(),
                threat.epsilon * (1 + 1e-6) + 1e-7);
    }
    EXPECT_GE(candidates.min().item<double>(), 0);
    EXPECT_LE(candidates.max().item<double>(), 1);
  }
}

TEST_P(EachAttack, ASampleFaresTheSameAloneAndInCompany) {
  const AttackRow& row = *find_attack(GetParam());
  if (row.search == nullptr) GTEST_SKIP() << "an attack on batches";
  const Classifier net = classifier_of(test::mlp_model());
  ASSERT_TRUE(net.is_fused());
  const Points points = points_of(samples_for(net, 90, 16));
  const Threat threat = threats_for(row, 0.1, 0.3, 0.6).back();
  const at::Tensor together = candidates_of(net, row, short_attack, points, threat, 2);
  for (const std::int64_t i : {0, 41, 89}) {
    const Points one = points.at(at::tensor({i}, at::kLong));
    EXPECT_TRUE(candidates_of(net, row, short_attack, one, threat, 1)[0].equal(together[i])) << i;
  }
}

TEST_P(EachAttack, GivesTheSameForEveryBatchSize) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 100, 16);
  std::vector<std::vector<std::int64_t>> broken;
  for (const std::int64_t batch : {1, 32, 1000}) {
    Progress quiet;
    const Campaign campaign{net, samples, batch, batch == 32 ? 2 : 1, quiet};
    const AttackRow& row = *find_attack(GetParam());
    const auto tally = run_attack(campaign, row, {10, 2, true, true, 5},
                                  threats_for(row, 0.1, 0.3, 0.6).front(), all_of(samples));
    ASSERT_TRUE(tally.has_value()) << tally.error().message;
    broken.push_back(tally->broken);
  }
  EXPECT_EQ(broken[0], broken[1]);
  EXPECT_EQ(broken[1], broken[2]);
}

TEST_P(EachAttack, CannotBreakAConstantNet) {
  const Classifier net = classifier_of(test::linear_model({0, 0, 0, 0}, {1, 0}));
  const Samples samples = samples_for(net, 20, 2);
  Progress quiet;
  const AttackRow& row = *find_attack(GetParam());
  const auto tally = run_attack({net, samples, 8, 1, quiet}, row, {10, 1, true, true, 5},
                                threats_for(row, 1, 1, 1).front(), all_of(samples));
  ASSERT_TRUE(tally.has_value());
  EXPECT_EQ(tally->claimed, 0);
}

INSTANTIATE_TEST_SUITE_P(Family,
                         EachAttack,
                         ::testing::ValuesIn(test::attacks_but()),
                         test::name_of_row);

TEST(Attacks, TheTestsKnowEveryRow) {
  EXPECT_EQ(std::ranges::count_if(attacks(), &AttackRow::needs_table), 2);  // table_attack_test.cpp
}

TEST(Attacks, RandomPointsBelongToTheirSampleNotToTheBatch) {
  const Classifier net = classifier_of(test::mlp_model());
  const Points points = points_of(samples_for(net, 10, 16));
  for (const Norm norm : {Norm::linf, Norm::l2}) {
    const Threat threat{norm, 0.3};
    const at::Tensor whole = random_point(points, threat, 1, 2, 3);
    const Points one = points.at(at::tensor({7}, at::kLong));
    EXPECT_TRUE(random_point(one, threat, 1, 2, 3)[0].equal(whole[7]));
    EXPECT_FALSE(random_point(points, threat, 2, 2, 3).equal(whole));
    EXPECT_LE(distances(whole, points.x, norm).max().item<double>(), 0.3 + 1e-6);
  }
}

// A linear net of two classes falls exactly where the margin is below epsilon * |w0 - w1|_dual.
TEST(Attacks, ALinearNetFallsExactlyWhereItsMarginSays) {
  const std::vector<float> w{1.0F, -2.0F, -0.5F, 1.5F};
  const Classifier net = classifier_of(test::linear_model(w, {1.0F, 0.0F}));
  Samples samples = samples_for(net, 200, 2);
  samples.x = samples.x * 0.4 + 0.3;  // away from the bounds, which would help the net
  samples.y = net.logits(samples.x)->argmax(1);
  const at::Tensor z = net.logits(samples.x)->to(at::kDouble);
  const at::Tensor margin = (z.select(1, 0) - z.select(1, 1)).abs();
  for (const Norm norm : {Norm::linf, Norm::l2, Norm::l1})
    for (const char* name : {"pgd", "apgd-ce", "apgd-dlr", "apgd-t", "fab-t"}) {
      // Its sparse steps need more than two features to be sparse in.
      if (norm == Norm::l1 && std::string(name).starts_with("apgd")) continue;
      const double length = norm == Norm::linf ? 1.5 + 3.5
                            : norm == Norm::l2 ? std::hypot(1.5, 3.5)
                                               : 3.5;
      const double epsilon = 0.1;
      Progress quiet;
      const auto tally = run_attack({net, samples, 64, 1, quiet}, *find_attack(name),
                                    {300, 1, false, true, 1}, {norm, epsilon}, all_of(samples));
      ASSERT_TRUE(tally.has_value());
      // A lead that rounding could take back counts or not, as it happens.
      std::vector<std::int64_t> least;
      std::vector<std::int64_t> most;
      for (std::int64_t i = 0; i < samples.count(); ++i) {
        // FAB comes to the border from beyond it, in steps that shrink to some thousandths.
        const double beyond = name == std::string("fab-t") ? 1.01 : 1;
        if (beyond * margin[i].item<double>() < epsilon * length - 2e-4) least.push_back(i);
        if (margin[i].item<double>() < epsilon * length + 1e-6) most.push_back(i);
      }
      EXPECT_TRUE(std::ranges::includes(tally->broken, least)) << name << int(norm);
      EXPECT_TRUE(std::ranges::includes(most, tally->broken)) << name << int(norm);
      EXPECT_GT(least.size(), 10U);
    }
}

TEST(Attacks, GradientsBeatNoiseOnAnUndefendedNet) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 200, 16);
  Progress quiet;
  const Campaign campaign{net, samples, 128, 1, quiet};
  const Threat threat{Norm::linf, 0.08};
  const auto count = [&](const char* name) {
    return run_attack(campaign, *find_attack(name), {20, 1, true, true, 1}, threat, all_of(samples))
        ->broken.size();
  };
  EXPECT_GT(count("pgd"), count("noise") + 20);
  EXPECT_GE(count("pgd"), count("fgsm"));
}

/// An attack that lies: its candidates leave the ball and the bounds.
class Liar final : public Attack {
 public:
  Result<at::Tensor> propose(Oracle&, const Points& points, const Threat&) override {
    return at::full_like(points.x, -5);
  }
};

TEST(Measure, CandidatesOfALiarAreBroughtBackIntoTheThreat) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 50, 16);
  const AttackRow row{
      "liar", "none", Sees::scores, 1,
      [](const AttackOptions&) -> std::unique_ptr<Attack> { return std::make_unique<Liar>(); }};
  Progress quiet;
  const auto tally =
      run_attack({net, samples, 16, 1, quiet}, row, {}, {Norm::linf, 1e-9}, all_of(samples));
  ASSERT_TRUE(tally.has_value());
  EXPECT_EQ(tally->broken.size(), 0U);
}

TEST(Measure, PlansOutsideTheirRangeGetAMessage) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 5, 16);
  Progress quiet;
  const auto message = [&](const EvasionPlan& plan) {
    const auto outcome = measure_evasion(net, samples, plan, 1, quiet);
    return outcome ? "measured" : outcome.error().code + ": " + outcome.error().message;
  };
  EvasionPlan plan;
  EXPECT_EQ(message(plan), "ai.plan: expected an epsilon above 0 and up to 1e+15, found 0");
  plan.epsilon = 0.1;
  plan.norm = "l3";
  EXPECT_EQ(message(plan), "ai.norm: expected the norm linf, l2 or l1, found 'l3'");
  plan.norm = "linf";
  plan.attacks = {"pdg"};
  EXPECT_EQ(message(plan),
            "ai.attack: expected one of the attacks fgsm, pgd, mi-fgsm, apgd-ce, apgd-dlr, apgd-t, "
            "fab-t, "
            "deepfool, ddn, fmn, cw, ead, square, simba, hsj, boundary, rays, capgd, moeva, noise, "
            "autoattack, autoattack-plus, autoattack-rand, caa, found 'pdg'; "
            "did you mean 'pgd'?");
}

TEST(Measure, TheCurveNeverRises) {
  const Classifier net = classifier_of(test::mlp_model());
  const Samples samples = samples_for(net, 100, 16);
  EvasionPlan plan;
  plan.epsilon = 0.05;
  plan.steps = 10;
  plan.curve = {0.2, 0.02, 0.1};
  Progress quiet;
  const auto outcome = measure_evasion(net, samples, plan, 1, quiet);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  const auto& curve = outcome->measurement.curve;
  ASSERT_EQ(curve.size(), 4U);
  for (std::size_t i = 1; i < curve.size(); ++i) {
    EXPECT_GT(curve[i].epsilon, curve[i - 1].epsilon);
    EXPECT_LE(curve[i].robust.correct, curve[i - 1].robust.correct);
  }
}

/// What the known libraries measured on the same net and images.
struct Reference {
  const char* name;
  const char* model;
  const char* attack;
  const char* norm;
  double epsilon;
  const char* mask;  ///< array of references_masks.npz
};

class Known : public ::testing::TestWithParam<Reference> {};

EvasionOutcome measured(const Reference& reference, const std::string& data) {
  const std::string path = lockstep::test::shared_path(std::string("ai/models/") + reference.model);
  const Classifier net = classifier_of(lockstep::test::read_file(path));
  const auto arrays = read_npz(lockstep::test::read_file(lockstep::test::shared_path(data)), data);
  const auto samples = samples_of(*arrays, net.sample_shape(), 1000, false, data);
  EvasionPlan plan;
  plan.attacks = {reference.attack};
  plan.norm = reference.norm;
  plan.epsilon = reference.epsilon;
  plan.random_start = false;
  plan.keep_best = false;
  Progress quiet;
  auto outcome = measure_evasion(net, *samples, plan, 2, quiet);
  EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
  return *std::move(outcome);
}

TEST_P(Known, TheSameSamplesFallAsUnderTheLibraries) {
  LS_NEEDS_SHARED("ai/models/references_masks.npz");
  const Reference& reference = GetParam();
  const EvasionOutcome outcome = measured(reference, "ai/models/mnist_test1000.npz");
  const auto masks = read_npz(
      lockstep::test::read_file(lockstep::test::shared_path("ai/models/references_masks.npz")),
      "masks");
  ASSERT_TRUE(masks.has_value()) << masks.error().message;
  const Array* mask = find_array(*masks, reference.mask);
  ASSERT_NE(mask, nullptr) << reference.mask;
  int different = 0;
  for (std::size_t i = 0; i < outcome.is_broken.size(); ++i) {
    const auto byte = static_cast<unsigned char>(mask->bytes[i / 8]);
    const bool expected = ((byte >> (7 - i % 8)) & 1) != 0;
    const bool fell = outcome.is_right[i] != 0 && outcome.is_broken[i] != 0;
    different += expected != fell ? 1 : 0;
  }
  EXPECT_LE(different, 2);
  EXPECT_EQ(outcome.measurement.claimed, outcome.measurement.confirmed);
}

INSTANTIATE_TEST_SUITE_P(
    References,
    Known,
    ::testing::Values(Reference{"FgsmStd", "mnist_cnn_std.onnx", "fgsm", "linf", 0.1,
                                "torchattacks.fgsm.mnist_cnn_std.Linf.0.1.n1000|broken"},
                      Reference{"MiFgsmStd", "mnist_cnn_std.onnx", "mi-fgsm", "linf", 0.1,
                                "torchattacks.mifgsm.mnist_cnn_std.Linf.0.1.n1000|broken"},
                      Reference{"MiFgsmMlp", "mnist_mlp.onnx", "mi-fgsm", "linf", 0.05,
                                "torchattacks.mifgsm.mnist_mlp.Linf.0.05.n1000|broken"},
                      Reference{"PgdStd", "mnist_cnn_std.onnx", "pgd", "linf", 0.1,
                                "foolbox.pgd40.mnist_cnn_std.Linf.0.1.n1000|broken"},
                      Reference{"PgdL2Std", "mnist_cnn_std.onnx", "pgd", "l2", 1.5,
                                "torchattacks.pgd40.mnist_cnn_std.L2.1.5.n1000|broken"},
                      Reference{"PgdMasked", "mnist_cnn_masked.onnx", "pgd", "linf", 0.1,
                                "art.pgd40.mnist_cnn_masked.Linf.0.1.n1000|broken"},
                      Reference{"FgsmMasked", "mnist_cnn_masked.onnx", "fgsm", "linf", 0.1,
                                "foolbox.fgsm.mnist_cnn_masked.Linf.0.1.n1000|broken"},
                      Reference{"FgsmMlp", "mnist_mlp.onnx", "fgsm", "linf", 0.05,
                                "foolbox.fgsm.mnist_mlp.Linf.0.05.n1000|broken"},
                      Reference{"PgdMlp", "mnist_mlp.onnx", "pgd", "linf", 0.05,
                                "art.pgd40.mnist_mlp.Linf.0.05.n1000|broken"}),
    [](const auto& row) { return row.param.name; });

/// How many of the first samples the AutoAttack library left standing, and lockstep does: within
/// what random starts do to both.
struct Strength {
  const char* name;
  const char* model;
  const char* attack;
  const char* norm;
  double epsilon;
  std::int64_t samples;
  const char* mask;
};

class AsStrong : public ::testing::TestWithParam<Strength> {};

TEST_P(AsStrong, AsTheOriginalWithinItsOwnSpread) {
  LS_NEEDS_SHARED("ai/models/references_masks.npz");
  const Strength& strength = GetParam();
  const std::string data = "ai/models/mnist_test1000.npz";
  const Classifier net = classifier_of(lockstep::test::read_file(
      lockstep::test::shared_path(std::string("ai/models/") + strength.model)));
  const auto arrays = read_npz(lockstep::test::read_file(lockstep::test::shared_path(data)), data);
  const auto samples = samples_of(*arrays, net.sample_shape(), strength.samples, false, data);
  EvasionPlan plan;
  plan.attacks = {strength.attack};
  plan.norm = strength.norm;
  plan.epsilon = strength.epsilon;
  plan.samples = strength.samples;
  Progress quiet;
  const auto outcome = measure_evasion(net, *samples, plan, 2, quiet);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  const auto masks = read_npz(
      lockstep::test::read_file(lockstep::test::shared_path("ai/models/references_masks.npz")),
      "masks");
  const Array* mask = find_array(*masks, strength.mask);
  ASSERT_NE(mask, nullptr) << strength.mask;
  std::int64_t expected = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(strength.samples); ++i) {
    const bool fell = ((static_cast<unsigned char>(mask->bytes[i / 8]) >> (7 - i % 8)) & 1) != 0;
    expected += outcome->is_right[i] != 0 && !fell ? 1 : 0;
  }
  // The libraries' own runs of the square attack differ by 1.7 points.
  const double share = strength.attack == std::string("square") ? 0.03 : 0.008;
  const double spread = share * static_cast<double>(strength.samples) + 1;
  EXPECT_NEAR(static_cast<double>(outcome->measurement.robust.correct),
              static_cast<double>(expected), spread);
}

INSTANTIATE_TEST_SUITE_P(
    References,
    AsStrong,
    ::testing::Values(Strength{"ApgdCe", "mnist_cnn_std.onnx", "apgd-ce", "linf", 0.1, 1000,
                               "autoattack.apgd_ce.mnist_cnn_std.Linf.0.1.n1000|broken"},
                      Strength{"ApgdDlrMasked", "mnist_cnn_masked.onnx", "apgd-dlr", "linf", 0.1,
                               1000, "autoattack.apgd_dlr.mnist_cnn_masked.Linf.0.1.n1000|broken"},
                      Strength{"ApgdCeL2", "mnist_cnn_std.onnx", "apgd-ce", "l2", 1.5, 1000,
                               "autoattack.apgd_ce.mnist_cnn_std.L2.1.5.n1000|broken"},
                      Strength{"ApgdDlrMlp", "mnist_mlp.onnx", "apgd-dlr", "linf", 0.05, 1000,
                               "autoattack.apgd_dlr.mnist_mlp.Linf.0.05.n1000|broken"},
                      Strength{"ApgdT", "mnist_cnn_std.onnx", "apgd-t", "linf", 0.1, 300,
                               "autoattack.apgd_t.mnist_cnn_std.Linf.0.1.n1000|broken"},
                      Strength{"FabT", "mnist_cnn_std.onnx", "fab-t", "linf", 0.1, 150,
                               "autoattack.fab_t.mnist_cnn_std.Linf.0.1.n1000|broken"},
                      Strength{"FabTL2", "mnist_cnn_std.onnx", "fab-t", "l2", 1.5, 150,
                               "autoattack.fab_t.mnist_cnn_std.L2.1.5.n1000|broken"},
                      Strength{"Square", "mnist_cnn_std.onnx", "square", "linf", 0.1, 80,
                               "autoattack.square.mnist_cnn_std.Linf.0.1.n1000|broken"},
                      Strength{"SquareL2", "mnist_cnn_std.onnx", "square", "l2", 1.5, 60,
                               "autoattack.square.mnist_cnn_std.L2.1.5.n1000|broken"},
                      Strength{"AutoAttackL1", "mnist_cnn_std.onnx", "autoattack", "l1", 10, 120,
                               "autoattack.autoattack.mnist_cnn_std.L1.10.n500|broken"}),
    [](const auto& row) { return row.param.name; });

State state_of(const EvasionOutcome& outcome, const std::string& check) {
  const auto found =
      std::ranges::find(outcome.measurement.soundness, check, &SoundnessCheck::check);
  return found == outcome.measurement.soundness.end() ? State::not_checked : found->state;
}

TEST(Soundness, MaskedGradientsAreFoundAndOrdinaryOnesAreNot) {
  LS_NEEDS_SHARED("ai/models/mnist_cnn_masked.onnx");
  const char* data = "ai/models/mnist_test1000.npz";
  const EvasionOutcome masked =
      measured({"", "mnist_cnn_masked.onnx", "fgsm", "linf", 0.1, ""}, data);
  const EvasionOutcome plain = measured({"", "mnist_cnn_std.onnx", "fgsm", "linf", 0.1, ""}, data);
  EXPECT_EQ(state_of(masked, "zero_gradients"), State::fail);
  EXPECT_EQ(state_of(masked, "saturated_logits"), State::warn);
  EXPECT_EQ(state_of(masked, "transfer"), State::fail);
  for (const char* check : {"evaluation_mode", "nested_balls", "transfer"})
    EXPECT_EQ(state_of(plain, check), State::pass) << check;
  for (const SoundnessCheck& check : plain.measurement.soundness)
    EXPECT_EQ(check.state, State::pass) << check.check << ": " << check.says;
}

/// Rounding has no gradient, and a function with steps has slopes all the same.
TEST(Soundness, AGradientThatIsNotThatOfTheFunctionIsFound) {
  test::ToyModel model;
  model.input("x", {16}).output("z", {4});
  model.weight("many", {1}, {50}).weight("w", {16, 4}, test::random_weights(64, 0.5, 1));
  model.node("Mul", {"x", "many"}, {"m"});
  model.node("Round", {"m"}, {"r"});
  model.node("Div", {"r", "many"}, {"d"});
  model.node("MatMul", {"d", "w"}, {"z"});
  const Classifier stepped = classifier_of(model.bytes());
  const Classifier smooth = classifier_of(test::mlp_model());
  EvasionPlan plan;
  plan.epsilon = 0.05;
  Progress quiet;
  for (const Classifier* net : {&stepped, &smooth}) {
    const auto outcome = measure_evasion(*net, samples_for(*net, 40, 16), plan, 1, quiet);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    EXPECT_EQ(state_of(*outcome, "finite_differences"),
              net == &stepped ? State::fail : State::pass);
    EXPECT_EQ(state_of(*outcome, "more_steps"), State::pass);
  }
}

/// The regression against one that is solved by hand, and how often it agrees with a real net.
TEST(Soundness, ASurrogateLearnsWhatTheNetAnswers) {
  // Two samples at distance 1: the mean squared distance is 1/2, k = exp(-2).
  const Samples two{at::tensor({0.0F, 0.0F, 1.0F, 0.0F}).reshape({2, 2}),
                    at::zeros({2}, at::kLong)};
  const at::Tensor scores = at::tensor({4.0F, 2.0F, -3.0F, 3.0F}).reshape({2, 2});
  const auto small = surrogate_of(two, scores);
  ASSERT_TRUE(small.has_value()) << small.error().message;
  EXPECT_EQ(small->learned, 2);
  EXPECT_EQ(small->asked, 0);
  const double k = std::exp(-2.0);
  const double diagonal = 1.001;
  const double determinant = diagonal * diagonal - k * k;
  const double first = 1.0 / 3;  // scores without their mean, over the largest: 1/3, -1
  const double second = -1;
  const double a = (diagonal * first - k * second) / determinant;
  const double b = (diagonal * second - k * first) / determinant;
  const at::Tensor z = *small->classifier.logits(at::tensor({0.5F, 2.0F}).reshape({1, 2}));
  const double near = std::exp(-2 * (0.25 + 4));
  EXPECT_NEAR(z[0][0].item<double>(), near * (a + b), 1e-6);
  EXPECT_NEAR(z[0][1].item<double>(), -near * (a + b), 1e-6);

  LS_NEEDS_SHARED("ai/models/mnist_cnn_std.onnx");
  const char* data = "ai/models/mnist_test1000.npz";
  const auto arrays = read_npz(lockstep::test::read_file(lockstep::test::shared_path(data)), data);
  const Classifier net = classifier_of(
      lockstep::test::read_file(lockstep::test::shared_path("ai/models/mnist_cnn_std.onnx")));
  const auto samples = samples_of(*arrays, net.sample_shape(), 1000, false, data);
  const auto learned = surrogate_of(*samples, *net.logits(samples->x));
  ASSERT_TRUE(learned.has_value()) << learned.error().message;
  EXPECT_EQ(learned->learned, 256);
  EXPECT_EQ(learned->asked, 256);
  EXPECT_GT(learned->agreed, 215);
}

TEST(Soundness, AnAttackThatBeatsGradientsWithoutThemIsATell) {
  LS_NEEDS_SHARED("ai/models/mnist_cnn_masked.onnx");
  const std::string data = "ai/models/mnist_test1000.npz";
  const auto arrays = read_npz(lockstep::test::read_file(lockstep::test::shared_path(data)), data);
  for (const char* name : {"masked", "std"}) {
    const Classifier net = classifier_of(lockstep::test::read_file(
        lockstep::test::shared_path(std::string("ai/models/mnist_cnn_") + name + ".onnx")));
    const auto samples = samples_of(*arrays, net.sample_shape(), 60, false, data);
    EvasionPlan plan;
    plan.attacks = {"pgd", "apgd-dlr", "square"};
    if (name == std::string("masked")) plan.attacks = {"pgd", "square"};
    plan.epsilon = 0.1;
    Progress quiet;
    const auto outcome = measure_evasion(net, *samples, plan, 2, quiet);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(state_of(*outcome, "black_box"),
              name == std::string("masked") ? State::fail : State::pass);
  }
}

TEST(Classifier, LogitsAreThoseOfTheReference) {
  LS_NEEDS_SHARED("ai/models/mnist_cnn_std_logits.npz");
  const auto arrays = read_npz(
      lockstep::test::read_file(lockstep::test::shared_path("ai/models/mnist_test1000.npz")), "x");
  const at::Tensor x = value_of(*find_array(*arrays, "x")).tensor;
  for (const char* name : {"mnist_cnn_std", "mnist_cnn_badnet", "mnist_mlp"}) {
    const std::string base = lockstep::test::shared_path(std::string("ai/models/") + name);
    const Classifier net = classifier_of(lockstep::test::read_file(base + ".onnx"));
    const auto expected = read_npz(lockstep::test::read_file(base + "_logits.npz"), name);
    ASSERT_TRUE(expected.has_value());
    const at::Tensor z = value_of(expected->front().array).tensor;
    EXPECT_LT((net.logits(x)->to(z.scalar_type()) - z).abs().max().item<double>(), 1e-4) << name;
  }
}

}  // namespace
}  // namespace lockstep::ai
