// SPDX-License-Identifier: Apache-2.0
// Nets that draw random numbers: the frequencies that the standard asks for, numbers that belong to
// samples and not to batches, averaged gradients against closed forms.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/evasion/measure.hpp"
#include "ai/worker/inspect.hpp"
#include "ai/worker/nets/chance.hpp"
#include "ai/worker/nets/net.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using test::ToyModel;

void set_real(lockstep_onnx::NodeProto& node, const std::string& name, float value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(lockstep_onnx::AttributeProto::FLOAT);
  attribute->set_f(value);
}

void set_integer(lockstep_onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(lockstep_onnx::AttributeProto::INT);
  attribute->set_i(value);
}

Classifier random_classifier(const std::string& bytes) {
  auto model = read_onnx(bytes, "toy.onnx", "");
  EXPECT_TRUE(model.has_value());
  auto net = Net::build(*std::move(model), "toy.onnx");
  EXPECT_TRUE(net.has_value()) << net.error().message;
  auto classifier = Classifier::build(*std::move(net), "toy.onnx", Classifier::Randomness::allowed);
  EXPECT_TRUE(classifier.has_value()) << classifier.error().message;
  return *std::move(classifier);
}

/// The output of one node that draws, for the given input.
at::Tensor drawn(ToyModel& model, const at::Tensor& x, std::uint32_t sample = 0) {
  auto read = read_onnx(model.bytes(), "toy.onnx", "");
  EXPECT_TRUE(read.has_value());
  const auto net = Net::build(*std::move(read), "toy.onnx");
  EXPECT_TRUE(net.has_value()) << net.error().message;
  Chance chance({RandomKey{1, 2, 0, sample}});
  const auto outputs = net->run({Value(x)}, &chance);
  EXPECT_TRUE(outputs.has_value()) << outputs.error().message;
  return outputs->front().tensor.to(at::kDouble);
}

ToyModel model_of(const std::string& type, std::int64_t width, std::int64_t opset = 15) {
  ToyModel model(opset);
  model.input("x", {width}).output("z", {width});
  model.node(type, {"x"}, {"z"});
  return model;
}

lockstep_onnx::NodeProto& node_of(ToyModel& model) {
  return *model.proto().mutable_graph()->mutable_node(0);
}

double mean_in(const at::Tensor& x) {
  return x.mean().item<double>();
}

double deviation(const at::Tensor& x) {
  return x.std().item<double>();
}

constexpr std::int64_t many = 40'000;

TEST(RandomOperators, NormalNumbersHaveTheirMeanAndScale) {
  ToyModel model = model_of("RandomNormalLike", many);
  set_real(node_of(model), "mean", 3);
  set_real(node_of(model), "scale", 2);
  const at::Tensor z = drawn(model, at::zeros({1, many}));
  EXPECT_NEAR(mean_in(z), 3, 5 * 2 / std::sqrt(many));
  EXPECT_NEAR(deviation(z), 2, 5 * 2 / std::sqrt(2.0 * many));
  EXPECT_NEAR(mean_in(z.lt(3 + 2 * 1.6449).to(at::kDouble)), 0.95, 5 * 0.218 / std::sqrt(many));
}

TEST(RandomOperators, UniformNumbersFillTheirRange) {
  ToyModel model = model_of("RandomUniformLike", many);
  set_real(node_of(model), "low", -1);
  set_real(node_of(model), "high", 3);
  const at::Tensor z = drawn(model, at::zeros({1, many}));
  EXPECT_NEAR(mean_in(z), 1, 5 * 4 / std::sqrt(12.0 * many));
  EXPECT_NEAR(deviation(z), 4 / std::sqrt(12.0), 0.02);
  EXPECT_GE(z.min().item<double>(), -1);
  EXPECT_LE(z.max().item<double>(), 3);
}

TEST(RandomOperators, NumbersOfAFixedShapeAreNoConstant) {
  for (const std::string type : {"RandomNormal", "RandomUniform"}) {
    ToyModel model(15);
    model.input("x", {4}).output("z", {4});
    test::set_integers(model.node(type, {}, {"n"}), "shape", {1, 4});
    model.node("Add", {"x", "n"}, {"z"});
    const at::Tensor zero = at::zeros({1, 4});
    EXPECT_TRUE(drawn(model, zero, 1).equal(drawn(model, zero, 1))) << type;
    EXPECT_FALSE(drawn(model, zero, 1).equal(drawn(model, zero, 2))) << type;
  }
}

TEST(RandomOperators, BernoulliIsOneAsOftenAsItsInputSays) {
  ToyModel model = model_of("Bernoulli", many);
  for (const double p : {0.0, 0.3, 1.0}) {
    const at::Tensor z = drawn(model, at::full({1, many}, p));
    EXPECT_TRUE(z.eq(0).logical_or(z.eq(1)).all().item<bool>());
    EXPECT_NEAR(mean_in(z), p, 5 * std::sqrt(p * (1 - p) / many) + 1e-12);
  }
}

TEST(RandomOperators, MultinomialDrawsClassesByTheirSoftmax) {
  ToyModel model = model_of("Multinomial", 3);
  set_integer(node_of(model), "sample_size", many);
  // Logarithms of 0.5, 0.2 and 0.3, up to a constant.
  const at::Tensor z = drawn(model, at::log(at::tensor({5.0F, 2.0F, 3.0F}).reshape({1, 3})));
  EXPECT_EQ(z.sizes(), (std::vector<std::int64_t>{1, many}));
  const double shares[] = {0.5, 0.2, 0.3};
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(mean_in(z.eq(c).to(at::kDouble)), shares[c],
                5 * std::sqrt(shares[c] * (1 - shares[c]) / many));
}

/// Dropout with this ratio, in training mode.
ToyModel dropout_model(std::int64_t width, float ratio) {
  ToyModel model(15);
  model.input("x", {width}).output("z", {width});
  model.weight("ratio", {}, {ratio});
  auto& on = model.node("Constant", {}, {"one"});
  set_integer(on, "value_int", 1);
  set_integer(model.node("Cast", {"one"}, {"on"}), "to", 9);
  model.node("Dropout", {"x", "ratio", "on"}, {"z"});
  return model;
}

TEST(RandomOperators, DropoutKeepsItsShareAndScalesIt) {
  ToyModel model = dropout_model(many, 0.25F);
  const at::Tensor z = drawn(model, at::full({1, many}, 3.0F));
  EXPECT_TRUE(z.eq(0).logical_or(z.eq(4)).all().item<bool>());
  EXPECT_NEAR(mean_in(z.eq(0).to(at::kDouble)), 0.25, 5 * std::sqrt(0.25 * 0.75 / many));
}

/// scores = (x + scale * x * n) W^T, n standard normal, or x with Dropout.
std::string noisy_linear(float scale) {
  ToyModel model(15);
  model.input("x", {4}).output("z", {2});
  model.weight("w", {4, 2}, {1, -1, -0.5F, 0.5F, 2, -2, -1, 1}).weight("s", {}, {scale});
  model.node("RandomNormalLike", {"x"}, {"n"});
  model.node("Mul", {"n", "s"}, {"m"});
  model.node("Mul", {"x", "m"}, {"noise"});
  model.node("Add", {"x", "noise"}, {"y"});
  model.node("MatMul", {"y", "w"}, {"z"});
  return model.bytes();
}

/// Points of [0, 1]^4, the same each time.
at::Tensor points(std::int64_t count) {
  const at::Tensor x = at::empty({count, 4});
  Random random(RandomKey{31, 1, 0, 0});
  for (std::int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<float>()[i] = static_cast<float>(random.uniform());
  return x;
}

/// The second score less the first one.
const ScoreLoss difference =
    [](std::int64_t, std::int64_t count, std::int64_t classes, const float*, float* dz) {
      for (std::int64_t i = 0; i < count; ++i) {
        dz[i * classes] = -1;
        dz[i * classes + 1] = 1;
      }
    };

Draws draws_for(std::vector<std::uint32_t> samples, std::uint32_t step, int passes) {
  Draws draws{5, 7, std::move(samples), {}, passes};
  draws.steps.assign(draws.samples.size(), step);
  return draws;
}

// Of a linear net the gradient of the mean is -2 w, whatever the noise; of one pass it is
// -2 w (1 + scale n).
TEST(AveragedGradient, NearsThatOfTheMeanNet) {
  constexpr float scale = 1.5F;
  const Classifier net = random_classifier(noisy_linear(scale));
  const at::Tensor x = at::tensor({0.2F, 0.4F, 0.6F, 0.8F}).reshape({1, -1});
  const at::Tensor w = at::tensor({-2.0F, 1.0F, -4.0F, 2.0F}).reshape({1, -1});
  for (const int passes : {25, 400, 6400}) {
    const auto found = net.gradient(x, difference, draws_for({3}, 0, passes));
    ASSERT_TRUE(found.has_value()) << found.error().message;
    const at::Tensor off = ((found->input - w) / w).abs();
    EXPECT_LT(off.max().item<double>(), 5 * scale / std::sqrt(passes));
    EXPECT_GT(off.max().item<double>(), 0.02 * scale / std::sqrt(passes));
  }
}

TEST(AveragedGradient, IsTheMeanOfItsPasses) {
  const Classifier net = random_classifier(noisy_linear(1));
  const at::Tensor x = at::tensor({0.2F, 0.4F, 0.6F, 0.8F, 0.9F, 0.1F, 0.5F, 0.3F}).reshape({2, 4});
  constexpr int passes = 7;
  constexpr std::uint32_t step = 4;
  const auto found = net.gradient(x, difference, draws_for({11, 12}, step, passes));
  ASSERT_TRUE(found.has_value());
  at::Tensor input = at::zeros({2, 4});
  at::Tensor logits = at::zeros({2, 2});
  for (std::uint32_t pass = 0; pass < passes; ++pass) {
    const auto one = net.gradient(x, difference, draws_for({11, 12}, step * passes + pass, 1));
    ASSERT_TRUE(one.has_value());
    input += one->input / passes;
    logits += one->logits / passes;
  }
  EXPECT_TRUE(found->input.allclose(input, 1e-5, 1e-6));
  EXPECT_TRUE(found->logits.allclose(logits, 1e-5, 1e-6));
}

TEST(AveragedGradient, BelongsToItsSampleAndNotToTheBatch) {
  for (const std::string& bytes : {noisy_linear(1), [] {
                                     ToyModel model = dropout_model(4, 0.5F);
                                     return model.bytes();
                                   }()}) {
    const Classifier net = random_classifier(bytes);
    const at::Tensor x = points(5);
    const auto all = net.gradient(x, difference, draws_for({0, 1, 2, 3, 4}, 2, 3));
    ASSERT_TRUE(all.has_value());
    for (std::uint32_t i = 0; i < 5; ++i) {
      const auto alone = net.gradient(x.narrow(0, i, 1), difference, draws_for({i}, 2, 3));
      ASSERT_TRUE(alone.has_value());
      EXPECT_TRUE(alone->input.equal(all->input.narrow(0, i, 1)));
      EXPECT_TRUE(alone->logits.equal(all->logits.narrow(0, i, 1)));
    }
    EXPECT_FALSE(net.logits(x, draws_for({5, 6, 7, 8, 9}, 2, 3))->equal(all->logits));
  }
}

// Where noise is added to a weight of shape [4, 2], rows of a batch would share it: each pass is
// then run by itself, with the same outcome.
TEST(AveragedGradient, IsTheSameWherePassesCannotShareABatch) {
  ToyModel model(15);
  model.input("x", {4}).output("z", {2});
  model.weight("w", {4, 2}, {1, -1, -0.5F, 0.5F, 2, -2, -1, 1});
  auto& noise = model.node("RandomNormal", {}, {"n"});
  test::set_integers(noise, "shape", {4, 2});
  model.node("Add", {"w", "n"}, {"v"});
  model.node("MatMul", {"x", "v"}, {"z"});
  const Classifier net = random_classifier(model.bytes());
  const at::Tensor x = at::tensor({0.2F, 0.4F, 0.6F, 0.8F}).reshape({1, -1});
  constexpr int passes = 4000;
  const auto found = net.gradient(x, difference, draws_for({3}, 0, passes));
  ASSERT_TRUE(found.has_value()) << found.error().message;
  // v_1 - v_0 has the mean w_1 - w_0 and the variance 2 in each element.
  const at::Tensor off = found->input - at::tensor({-2.0F, 1.0F, -4.0F, 2.0F}).reshape({1, -1});
  EXPECT_LT(off.abs().max().item<double>(), 5 * std::sqrt(2.0 / passes));
  EXPECT_GT(off.abs().max().item<double>(), 0);
}

EvasionPlan plan_of(const std::string& attack, double epsilon, int passes = 1) {
  EvasionPlan plan;
  plan.attacks = {attack};
  plan.epsilon = epsilon;
  plan.passes = passes;
  plan.samples = 60;
  return plan;
}

EvasionOutcome measured(const Classifier& net, const Samples& samples, const EvasionPlan& plan) {
  Progress quiet;
  auto outcome = measure_evasion(net, samples, plan, 1, quiet);
  EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
  return *std::move(outcome);
}

const SoundnessCheck& repeat_of(const Measurement& measurement) {
  return *std::ranges::find(measurement.soundness, "clean_repeat", &SoundnessCheck::check);
}

// The difference of scores is -2 w x on average, so a sample falls at epsilon where the box lets it
// change sign; its noise over 20 passes has the deviation 2 scale |w x| / sqrt(20).
TEST(AutoAttackRand, BreaksWhatTheMeanNetLosesByItsMargin) {
  constexpr float scale = 0.5F;
  constexpr double epsilon = 0.1;
  const Classifier net = random_classifier(noisy_linear(scale));
  const at::Tensor w = at::tensor({-2.0F, 1.0F, -4.0F, 2.0F});
  Samples samples{points(30), {}};
  samples.y = at::mv(samples.x, w).gt(0).to(at::kLong);
  const EvasionOutcome outcome = measured(net, samples, plan_of("autoattack-rand", epsilon));
  ASSERT_EQ(outcome.measurement.attacks.size(), 1U + 1U);
  int clear = 0;
  for (std::int64_t i = 0; i < 30; ++i) {
    const double side = samples.y[i].item<std::int64_t>() == 1 ? 1 : -1;
    const at::Tensor x = samples.x[i];
    const at::Tensor worst = (x - side * epsilon * w.sign()).clamp(0, 1);
    const double before = side * at::dot(x, w).item<double>();
    const double after = side * at::dot(worst, w).item<double>();
    const double noise = scale * (worst * w).norm().item<double>() / std::sqrt(20.0);
    if (before < 4 * noise || std::abs(after) < 4 * noise) continue;
    ++clear;
    EXPECT_EQ(outcome.is_broken[static_cast<std::size_t>(i)] != 0, after < 0) << i;
  }
  EXPECT_GT(clear, 8);
  EXPECT_EQ(repeat_of(outcome.measurement).state, State::pass);
}

TEST(AutoAttackRand, IsAskedForByTheCheckThatFindsChance) {
  const Classifier net = random_classifier(noisy_linear(0.5F));
  Samples samples{points(10), at::zeros({10}, at::kLong)};
  const EvasionOutcome outcome = measured(net, samples, plan_of("apgd-ce", 0.1));
  EXPECT_EQ(repeat_of(outcome.measurement).state, State::fail);
  EXPECT_NE(repeat_of(outcome.measurement).says.find("autoattack-rand is due"), std::string::npos);
}

TEST(AutoAttackRand, IsNamedWhereAModelIsInspected) {
  const auto checked = [](const std::string& bytes) {
    const ModelDescription description = inspect(*read_onnx(bytes, "toy.onnx", ""), "toy.onnx");
    return *std::ranges::find(description.checks, "classifier", &ModelCheck::check);
  };
  EXPECT_EQ(checked(noisy_linear(1)).state, State::warn);
  EXPECT_NE(checked(noisy_linear(1)).says.find("autoattack-rand"), std::string::npos);
  EXPECT_EQ(checked(test::mlp_model()).state, State::pass);
}

TEST(AutoAttackRand, GivesTheSameWhateverTheBatchAndTheThreads) {
  const Classifier net = random_classifier(noisy_linear(0.5F));
  Samples samples{points(16), at::zeros({16}, at::kLong)};
  EvasionPlan plan = plan_of("pgd", 0.05, 5);
  for (const std::string attack : {"pgd", "apgd-ce", "square"}) {
    plan.attacks = {attack};
    plan.steps = 20;
    plan.batch_size = 128;
    const EvasionOutcome one = measured(net, samples, plan);
    plan.batch_size = 7;
    Progress quiet;
    const auto other = measure_evasion(net, samples, plan, 2, quiet);
    ASSERT_TRUE(other.has_value());
    EXPECT_EQ(one.is_broken, other->is_broken) << attack;
  }
}

// Averaging over passes that all answer the same changes nothing: of a net that draws nothing, and
// of one whose random numbers are multiplied by zero.
TEST(Eot, OfManyPassesIsOnePassWhereNothingIsRandom) {
  const Classifier still = test::classifier_of(test::mlp_model());
  const Samples of_mlp = test::samples_for(still, 16, 16);
  const Classifier zeroed = random_classifier(noisy_linear(0));
  Samples of_linear{points(16), {}};
  of_linear.y = zeroed.logits(of_linear.x)->argmax(1);
  for (const std::string attack : {"pgd", "apgd-ce", "apgd-dlr", "square"}) {
    using Attacked = std::pair<const Classifier*, const Samples*>;
    for (const auto& [net, samples] : {Attacked(&still, &of_mlp), Attacked(&zeroed, &of_linear)}) {
      EvasionPlan plan = plan_of(attack, 0.05, 1);
      plan.steps = 12;
      const EvasionOutcome one = measured(*net, *samples, plan);
      plan.passes = 4;
      const EvasionOutcome many_passes = measured(*net, *samples, plan);
      EXPECT_EQ(one.is_broken, many_passes.is_broken) << attack;
      ASSERT_EQ(one.confirmed.size(), many_passes.confirmed.size());
      for (std::size_t i = 0; i < one.confirmed.size(); ++i)
        EXPECT_TRUE(one.confirmed[i].x.equal(many_passes.confirmed[i].x)) << attack;
    }
  }
}

}  // namespace
}  // namespace lockstep::ai
