// SPDX-License-Identifier: Apache-2.0
// Trees and feature operators, beyond what the suites have.
#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ai/worker/nets/forest.hpp"
#include "ai/worker/nets/texts.hpp"
#include "base/diagnostics.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using Texts = std::vector<std::string>;
using Reals = std::vector<float>;
using Integers = std::vector<std::int64_t>;

struct Given {
  std::string name;
  std::variant<Texts, Reals, Integers, std::string, float, std::int64_t> value;
};

void set(lockstep_onnx::NodeProto& node, const Given& given) {
  using lockstep_onnx::AttributeProto;
  auto& attribute = *node.add_attribute();
  attribute.set_name(given.name);
  if (const auto* texts = std::get_if<Texts>(&given.value)) {
    attribute.set_type(AttributeProto::STRINGS);
    for (const std::string& text : *texts)
      attribute.add_strings(text);
  } else if (const auto* reals = std::get_if<Reals>(&given.value)) {
    attribute.set_type(AttributeProto::FLOATS);
    for (const float real : *reals)
      attribute.add_floats(real);
  } else if (const auto* integers = std::get_if<Integers>(&given.value)) {
    attribute.set_type(AttributeProto::INTS);
    for (const std::int64_t integer : *integers)
      attribute.add_ints(integer);
  } else if (const auto* text = std::get_if<std::string>(&given.value)) {
    attribute.set_type(AttributeProto::STRING);
    attribute.set_s(*text);
  } else if (const auto* real = std::get_if<float>(&given.value)) {
    attribute.set_type(AttributeProto::FLOAT);
    attribute.set_f(*real);
  } else {
    attribute.set_type(AttributeProto::INT);
    attribute.set_i(std::get<std::int64_t>(given.value));
  }
}

/// A model of one node of ai.onnx.ml.
Result<Net> net_of(const std::string& type,
                   const std::vector<Given>& attributes,
                   const std::vector<std::string>& outputs = {"y"}) {
  test::ToyModel model;
  auto* opset = model.proto().add_opset_import();
  opset->set_domain("ai.onnx.ml");
  opset->set_version(3);
  model.input("x", {3});
  for (const std::string& output : outputs)
    model.output(output, {1});
  auto& node = model.node(type, {"x"}, outputs);
  node.set_domain("ai.onnx.ml");
  for (const Given& given : attributes)
    set(node, given);
  TRY(Model read, read_onnx(model.bytes(), "toy.onnx", ""));
  return Net::build(std::move(read), "toy.onnx");
}

Result<Values> answers(const std::string& type,
                       const std::vector<Given>& attributes,
                       const Value& x,
                       const std::vector<std::string>& outputs = {"y"}) {
  TRY(const Net net, net_of(type, attributes, outputs));
  return net.run({x});
}

std::vector<double> numbers(const Result<Values>& outputs, std::size_t place = 0) {
  if (!outputs) throw std::runtime_error(to_text(outputs.error()));
  return numbers_of(array_of((*outputs)[place]));
}

Value texts(const Texts& given) {
  return value_of({ElementType::string, {std::ssize(given)}, {}, given});
}

TEST(FeatureOperators, TablesGoFromWordsToNumbersAndBack) {
  const std::vector<Given> words{{"keys_strings", Texts{"red", "green"}},
                                 {"values_int64s", Integers{10, 20}},
                                 {"default_int64", std::int64_t{-5}}};
  EXPECT_EQ(numbers(answers("LabelEncoder", words, texts({"green", "blue", "red"}))),
            (std::vector<double>{20, -5, 10}));
  const std::vector<Given> back{{"keys_int64s", Integers{10, 20}},
                                {"values_strings", Texts{"red", "green"}}};
  const auto outputs = answers("LabelEncoder", back, {at::tensor({20, 7}, at::kLong)});
  ASSERT_TRUE(outputs.has_value()) << to_text(outputs.error());
  EXPECT_EQ(array_of(outputs->front()).strings, (Texts{"green", "_Unused"}));
  const std::vector<Given> floats{{"keys_floats", Reals{NAN, 1.5F}},
                                  {"values_floats", Reals{7, 8}}};
  EXPECT_EQ(numbers(answers("LabelEncoder", floats, {at::tensor({1.5, NAN, 2.0}, at::kFloat)})),
            (std::vector<double>{8, 7, 0}));
}

TEST(FeatureOperators, ACategoryHasAWordAndANumber) {
  const std::vector<Given> pairs{{"cats_strings", Texts{"red", "green"}},
                                 {"cats_int64s", Integers{30, 7}},
                                 {"default_string", std::string("none")},
                                 {"default_int64", std::int64_t{-9}}};
  EXPECT_EQ(numbers(answers("CategoryMapper", pairs, texts({"green", "blue", "red"}))),
            (std::vector<double>{7, -9, 30}));
  const auto words = answers("CategoryMapper", pairs, {at::tensor({30, 1, 7}, at::kLong)});
  ASSERT_TRUE(words.has_value()) << to_text(words.error());
  EXPECT_EQ(array_of(words->front()).strings, (Texts{"red", "none", "green"}));
}

TEST(FeatureOperators, CategoriesBecomeColumns) {
  const std::vector<Given> words{{"cats_strings", Texts{"a", "b"}}};
  EXPECT_EQ(numbers(answers("OneHotEncoder", words, texts({"b", "c"}))),
            (std::vector<double>{0, 1, 0, 0}));
  const std::vector<Given> strict{{"cats_int64s", Integers{3, 4}}, {"zeros", std::int64_t{0}}};
  EXPECT_EQ(numbers(answers("OneHotEncoder", strict, {at::tensor({3.0}, at::kFloat)})),
            (std::vector<double>{1, 0}));
  EXPECT_FALSE(answers("OneHotEncoder", strict, {at::tensor({5}, at::kLong)}).has_value());
}

TEST(FeatureOperators, ComputeWhatTheirFormulasSay) {
  const Value x{at::tensor({1.0, -2.0, 2.0}, at::kFloat).reshape({1, 3})};
  EXPECT_EQ(numbers(answers("Scaler", {{"offset", Reals{1}}, {"scale", Reals{2, 3, 4}}}, x)),
            (std::vector<double>{0, -9, 4}));
  EXPECT_EQ(numbers(answers("Normalizer", {{"norm", std::string("L1")}}, x)),
            (std::vector<double>{0.2F, -0.4F, 0.4F}));
  EXPECT_EQ(numbers(answers("Normalizer", {{"norm", std::string("MAX")}}, x)),
            (std::vector<double>{0.5, -1, 1}));
  EXPECT_EQ(numbers(answers(
                "Imputer",
                {{"imputed_value_floats", Reals{9, 8, 7}}, {"replaced_value_float", -2.0F}}, x)),
            (std::vector<double>{1, 8, 2}));
  EXPECT_EQ(numbers(answers("LinearRegressor",
                            {{"coefficients", Reals{1, 2, 3, 0, 1, 0}},
                             {"intercepts", Reals{1, -1}},
                             {"targets", std::int64_t{2}}},
                            x)),
            (std::vector<double>{4, -3}));
}

TEST(FeatureOperators, ALinearClassifierOfTwoClassesMayHaveOneRow) {
  const Value x{at::tensor({1.0, 0.0, 0.0, -1.0, 0.0, 0.0}, at::kFloat).reshape({2, 3})};
  const std::vector<Given> given{{"coefficients", Reals{2, 0, 0}},
                                 {"classlabels_ints", Integers{-1, 5}},
                                 {"post_transform", std::string("LOGISTIC")}};
  const auto outputs = answers("LinearClassifier", given, x, {"label", "scores"});
  EXPECT_EQ(numbers(outputs), (std::vector<double>{5, -1}));
  const double p = 1 / (1 + std::exp(-2.0));
  const std::vector<double> scores = numbers(outputs, 1);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(scores[i], i == 1 || i == 2 ? p : 1 - p, 1e-6);
}

/// Two trees: x0 <= 0.5 ? 1 : 2, and x1 > 0 ? 10 : (x2 < 3 ? 20 : 30).
std::vector<Given> two_trees() {
  return {{"nodes_treeids", Integers{0, 0, 0, 1, 1, 1, 1, 1}},
          {"nodes_nodeids", Integers{0, 1, 2, 0, 1, 2, 3, 4}},
          {"nodes_featureids", Integers{0, 0, 0, 1, 0, 2, 0, 0}},
          {"nodes_modes",
           Texts{"BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "BRANCH_LT", "LEAF", "LEAF"}},
          {"nodes_values", Reals{0.5, 0, 0, 0, 0, 3, 0, 0}},
          {"nodes_truenodeids", Integers{1, 0, 0, 1, 0, 3, 0, 0}},
          {"nodes_falsenodeids", Integers{2, 0, 0, 2, 0, 4, 0, 0}},
          {"target_treeids", Integers{0, 0, 1, 1, 1}},
          {"target_nodeids", Integers{1, 2, 1, 3, 4}},
          {"target_ids", Integers{0, 0, 0, 0, 0}},
          {"target_weights", Reals{1, 2, 10, 20, 30}}};
}

TEST(Trees, AddWhatTheirLeavesSay) {
  const Value x{
      at::tensor({0.5, 1.0, 0.0, 0.6, 0.0, 2.0, 0.0, -1.0, 3.0}, at::kFloat).reshape({3, 3})};
  EXPECT_EQ(numbers(answers("TreeEnsembleRegressor", two_trees(), x)),
            (std::vector<double>{11, 22, 31}));
  for (const auto& [word, expected] : {std::pair{"AVERAGE", std::vector<double>{5.5, 11, 15.5}},
                                       std::pair{"MIN", std::vector<double>{1, 2, 1}},
                                       std::pair{"MAX", std::vector<double>{10, 20, 30}}}) {
    std::vector<Given> given = two_trees();
    given.push_back({"aggregate_function", std::string(word)});
    EXPECT_EQ(numbers(answers("TreeEnsembleRegressor", given, x)), expected) << word;
  }
}

TEST(Trees, WhatIsNoTreeIsRefused) {
  const Value x{at::zeros({1, 3})};
  const auto changed = [&](const std::string& name, const Integers& value) {
    std::vector<Given> given = two_trees();
    for (Given& one : given)
      if (one.name == name) one.value = value;
    const auto outputs = answers("TreeEnsembleRegressor", given, x);
    return outputs ? std::string("no error") : outputs.error().message;
  };
  // The root of the first tree leads to itself; the leaf that nothing leads to stands for it.
  EXPECT_NE(changed("nodes_truenodeids", {0, 0, 0, 1, 0, 3, 0, 0}).find("no root"),
            std::string::npos);
  // Node 2 of the second tree leads to itself.
  EXPECT_NE(changed("nodes_truenodeids", {1, 0, 0, 1, 0, 2, 0, 0}).find("root for each tree"),
            std::string::npos);
  EXPECT_NE(changed("nodes_truenodeids", {9, 0, 0, 1, 0, 3, 0, 0}).find("nodes of the tree"),
            std::string::npos);
  EXPECT_NE(changed("nodes_featureids", {3, 0, 0, 1, 0, 2, 0, 0}).find("features"),
            std::string::npos);
  EXPECT_NE(changed("target_ids", {0, 0, 0, 0, 4}).find("targets"), std::string::npos);
  EXPECT_NE(changed("target_nodeids", {0, 2, 1, 3, 4}).find("weights of leaves"),
            std::string::npos);
  EXPECT_NE(changed("target_ids", {0}).find("equally long"), std::string::npos);
}

TEST(Classifier, TakesScoresBehindLabelsAndOneScoreForTwoClasses) {
  test::ToyModel model;
  model.input("x", {2}).output("label", {}).output("z", {2});
  model.proto()
      .mutable_graph()
      ->mutable_output(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(lockstep_onnx::TensorProto::INT64);
  auto& argmax = model.node("ArgMax", {"z"}, {"label"});
  set(argmax, {"axis", std::int64_t{1}});
  set(argmax, {"keepdims", std::int64_t{0}});
  model.weight("w", {2, 2}, {1, 0, 0, 1});
  model.node("MatMul", {"x", "w"}, {"z"});
  std::rotate(model.proto().mutable_graph()->mutable_node()->pointer_begin(),
              model.proto().mutable_graph()->mutable_node()->pointer_begin() + 1,
              model.proto().mutable_graph()->mutable_node()->pointer_end());
  const Classifier two = test::classifier_of(model.bytes());
  const at::Tensor x = at::tensor({1.0F, 3.0F}).reshape({1, 2});
  EXPECT_EQ((*two.logits(x))[0][1].item<float>(), 3);

  test::ToyModel single;
  single.input("x", {2}).output("p", {1}).weight("w", {2, 1}, {1, -1});
  single.node("MatMul", {"x", "w"}, {"z"});
  single.node("Sigmoid", {"z"}, {"p"});
  const Classifier one = test::classifier_of(single.bytes());
  const at::Tensor y = at::tensor({std::int64_t{1}});
  EXPECT_EQ((*one.logits(x))[0][0].item<float>(), 0);
  EXPECT_EQ((*one.logits(x))[0][1].item<float>(), -2);
  // The gradient of -log sigmoid(z) is (sigmoid(z) - 1) (1, -1).
  const auto gradient = one.gradient(x, y);
  ASSERT_TRUE(gradient.has_value());
  const double slope = 1 / (1 + std::exp(2.0)) - 1;
  EXPECT_NEAR(gradient->input[0][0].item<float>(), slope, 1e-6);
  EXPECT_NEAR(gradient->input[0][1].item<float>(), -slope, 1e-6);
}

TEST(Texts, HaveOneNumberEach) {
  EXPECT_EQ(number_of_text(""), 0);
  EXPECT_EQ(number_of_text("left"), number_of_text(std::string("le") + "ft"));
  EXPECT_NE(number_of_text("left"), number_of_text("right"));
  EXPECT_EQ(text_of(number_of_text("left")), "left");
  EXPECT_THROW(text_of(-1), OperatorError);
}

}  // namespace
}  // namespace lockstep::ai
