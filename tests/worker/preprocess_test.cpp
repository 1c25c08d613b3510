// SPDX-License-Identifier: Apache-2.0
// A net behind its preprocessing against the same net given preprocessed inputs.
#include "ai/worker/nets/preprocess.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "toy.hpp"

namespace lockstep::ai {
namespace {

using test::ToyModel;

at::Tensor noise(const std::vector<std::int64_t>& shape) {
  const at::Tensor x = at::empty(shape, at::kFloat);
  Random random(RandomKey{1, 2, 3, 4});
  for (std::int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<float>()[i] = static_cast<float>(random.uniform());
  return x;
}

Classifier built(const std::string& bytes, const Preprocessing& preprocessing) {
  auto model = read_onnx(bytes, "toy.onnx", "");
  if (!model) throw std::runtime_error(model.error().message);
  if (const auto done = prepend(*model, preprocessing, "toy.onnx"); !done)
    throw std::runtime_error(done.error().message);
  auto net = Net::build(*std::move(model), "toy.onnx");
  if (!net) throw std::runtime_error(net.error().message);
  auto classifier = Classifier::build(*std::move(net), "toy.onnx");
  if (!classifier) throw std::runtime_error(classifier.error().message);
  return *std::move(classifier);
}

/// Scores and their gradient, by both back ends, are those of the net at (s x - m) / d.
void expect_same(const std::string& bytes,
                 const Preprocessing& preprocessing,
                 const at::Tensor& x,
                 const at::Tensor& mean,
                 const at::Tensor& deviation) {
  const Classifier plain = test::classifier_of(bytes);
  const Classifier behind = built(bytes, preprocessing);
  EXPECT_EQ(behind.is_fused(), plain.is_fused()) << behind.engine();
  const at::Tensor z = (preprocessing.scale * x - mean) / deviation;
  const at::Tensor y = at::zeros({x.size(0)}, at::kLong);
  const auto expected = plain.reference_gradient(z, cross_entropy(y.data_ptr<std::int64_t>()));
  const at::Tensor gradient = expected->input * preprocessing.scale / deviation;
  for (const auto& found :
       {behind.gradient(x, y),
        behind.reference_gradient(x, cross_entropy(y.data_ptr<std::int64_t>()))}) {
    ASSERT_TRUE(found.has_value());
    const double scale = expected->logits.abs().max().item<double>();
    EXPECT_LT((found->logits - expected->logits).abs().max().item<double>(), 1e-5 * scale + 1e-6);
    EXPECT_LT((found->input - gradient).abs().max().item<double>(),
              1e-4 * gradient.abs().max().item<double>() + 1e-7);
  }
}

TEST(Preprocessing, OneNumberForAllFeatures) {
  Preprocessing preprocessing;
  preprocessing.scale = 255;
  preprocessing.mean = {120};
  preprocessing.deviation = {60};
  EXPECT_EQ(to_text(preprocessing), "(255 x - 120) / 60");
  expect_same(test::mlp_model(), preprocessing, noise({5, 16}), at::full({1}, 120.0F),
              at::full({1}, 60.0F));
}

std::string image_model(std::int64_t opset, bool is_last) {
  ToyModel model(opset);
  const std::vector<std::int64_t> shape =
      is_last ? std::vector<std::int64_t>{4, 4, 3} : std::vector<std::int64_t>{3, 4, 4};
  model.input("x", shape).output("z", {5});
  model.weight("w", {48, 5}, test::random_weights(48 * 5, 0.3, 9));
  model.node("Flatten", {"x"}, {"f"});
  model.node("MatMul", {"f", "w"}, {"z"});
  return model.bytes();
}

TEST(Preprocessing, OneNumberForEachChannel) {
  Preprocessing preprocessing;
  preprocessing.mean = {0.485, 0.456, 0.406};
  preprocessing.deviation = {0.229, 0.224, 0.225};
  const at::Tensor mean = at::tensor({0.485F, 0.456F, 0.406F});
  const at::Tensor deviation = at::tensor({0.229F, 0.224F, 0.225F});
  for (const std::int64_t opset : {6, 13}) {
    expect_same(image_model(opset, false), preprocessing, noise({3, 3, 4, 4}),
                mean.reshape({3, 1, 1}), deviation.reshape({3, 1, 1}));
    expect_same(image_model(opset, true), preprocessing, noise({3, 4, 4, 3}), mean, deviation);
  }
}

TEST(Preprocessing, WhatDoesNotFitTheModelIsRefused) {
  const auto trouble = [](const std::string& bytes, const Preprocessing& preprocessing) {
    auto model = read_onnx(bytes, "toy.onnx", "");
    const auto done = prepend(*model, preprocessing, "toy.onnx");
    return done ? "" : done.error().message;
  };
  Preprocessing two;
  two.mean = {1, 2};
  EXPECT_EQ(
      trouble(image_model(13, false), two),
      "expected one mean and deviation, or one for each of the 3 channels of the input, found "
      "2");
  Preprocessing zero;
  zero.deviation = {0};
  EXPECT_NE(trouble(image_model(13, false), zero), "");
  EXPECT_EQ(trouble(image_model(13, false), {}), "");
}

}  // namespace
}  // namespace lockstep::ai
