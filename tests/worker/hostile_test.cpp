// SPDX-License-Identifier: Apache-2.0
// Models that are broken on purpose. Each must end in a message that names the node or the tensor
// and says what is wrong; none may crash, hang or be measured.
#include <ATen/ATen.h>
#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using lockstep_onnx::AttributeProto;
using test::ToyModel;

void flag(lockstep_onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(AttributeProto::INT);
  attribute->set_i(value);
}

/// What reading, building and one pass say of a model: "" when all of it goes well.
std::string said(const std::string& bytes) {
  const auto words = [](const Error& error) { return error.code + ": " + error.message; };
  auto model = read_onnx(bytes, "toy.onnx", "");
  if (!model) return words(model.error());
  auto net = Net::build(*std::move(model), "toy.onnx");
  if (!net) return words(net.error());
  const auto classifier = Classifier::build(*std::move(net), "toy.onnx");
  if (!classifier) return words(classifier.error());
  std::vector<std::int64_t> shape{2};
  for (const std::int64_t size : classifier->sample_shape())
    shape.push_back(std::clamp<std::int64_t>(size, 1, 64));  // a flipped bit may make it huge
  const auto logits = classifier->logits(at::full(shape, 0.5));
  return logits ? std::string() : words(logits.error());
}

/// Two inputs, two classes: z = x + 0, and what `change` does to it.
std::string model_with(const std::function<void(ToyModel&)>& change) {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  change(model);
  return model.bytes();
}

struct Hostile {
  std::string name;
  std::string bytes;
  std::vector<std::string> says;  ///< parts of the message
};

std::vector<Hostile> hostile_models() {
  std::vector<Hostile> all;
  all.push_back({"circle",
                 model_with([](ToyModel& m) {
                   m.node("Add", {"x", "b"}, {"a"});
                   m.node("Relu", {"a"}, {"b"});
                   m.node("Identity", {"b"}, {"z"});
                 }),
                 {"onnx.graph", "'b'", "'Add_a'"}});
  all.push_back({"self",
                 model_with([](ToyModel& m) { m.node("Add", {"x", "z"}, {"z"}); }),
                 {"onnx.graph", "'z'", "'Add_z'"}});
  all.push_back({"twice",
                 model_with([](ToyModel& m) {
                   m.node("Relu", {"x"}, {"z"});
                   m.node("Abs", {"x"}, {"z"});
                 }),
                 {"onnx.graph", "'z'"}});
  all.push_back({"negative dimension",
                 model_with([](ToyModel& m) {
                   m.weight("w", {-1, 2}, {1, 2});
                   m.node("MatMul", {"x", "w"}, {"z"});
                 }),
                 {"onnx.limit", "'w'", "-1"}});
  all.push_back({"huge constant",
                 model_with([](ToyModel& m) {
                   m.weight("one", {1}, {1});
                   auto& shape = m.node("Constant", {}, {"s"});
                   test::set_integers(shape, "value_ints", {1'000'000, 1'000'000});
                   m.node("Expand", {"one", "s"}, {"e"});
                   m.node("Identity", {"x"}, {"z"});
                 }),
                 {"onnx.run", "'Expand_e'"}});
  all.push_back({"shapes that do not fit",
                 model_with([](ToyModel& m) {
                   m.weight("w", {3, 2}, {1, 2, 3, 4, 5, 6});
                   m.node("MatMul", {"x", "w"}, {"z"});
                 }),
                 {"onnx.run", "'MatMul_z'", "MatMul"}});
  all.push_back({"wrong type",
                 model_with([](ToyModel& m) {
                   auto& k = m.node("Constant", {}, {"k"});
                   test::set_integers(k, "value_ints", {1, 2, 3, 4});
                   m.node("Conv", {"x", "k"}, {"z"});
                 }),
                 {"onnx.run", "'Conv_z'"}});
  all.push_back({"unknown operators",
                 model_with([](ToyModel& m) {
                   m.node("Teleport", {"x"}, {"a"});
                   m.node("Run", {"a"}, {"z"}).set_domain("com.example");
                 }),
                 {"onnx.operator", "Teleport", "com.example.Run"}});
  all.push_back({"a node without inputs",
                 model_with([](ToyModel& m) { m.node("Relu", {}, {"z"}); }),
                 {"onnx.run", "'Relu_z'", "input 0"}});
  all.push_back({"batch normalisation in training",
                 model_with([](ToyModel& m) {
                   m.proto().mutable_opset_import(0)->set_version(15);
                   for (const char* name : {"s", "b", "m", "v"})
                     m.weight(name, {2}, {1, 1});
                   flag(m.node("BatchNormalization", {"x", "s", "b", "m", "v"}, {"z"}),
                        "training_mode", 1);
                 }),
                 {"onnx.training", "'BatchNormalization_z'"}});
  all.push_back({"dropout in training",
                 model_with([](ToyModel& m) {
                   m.weight("ratio", {}, {0.5F});
                   auto& on = m.node("Constant", {}, {"on"});
                   flag(on, "value_int", 1);
                   m.node("Dropout", {"x", "ratio", "on"}, {"z"});
                 }),
                 {"ai.random", "'Dropout_z'"}});
  all.push_back({"no classes",
                 model_with([](ToyModel& m) {
                   m.weight("w", {2, 0}, {});
                   m.node("MatMul", {"x", "w"}, {"z"});
                 }),
                 {"ai.shape", "two classes", "found 0"}});
  all.push_back({"one class",
                 model_with([](ToyModel& m) {
                   m.weight("w", {2, 1}, {1, 1});
                   m.node("MatMul", {"x", "w"}, {"z"});
                 }),
                 {"ai.shape", "two classes", "found 1"}});
  all.push_back({"a loop without end",
                 model_with([](ToyModel& m) {
                   flag(m.node("Constant", {}, {"trips"}), "value_int", 1'000'000'000'000);
                   auto& loop = m.node("Loop", {"trips", "", "x"}, {"z"});
                   auto* body = loop.add_attribute();
                   body->set_name("body");
                   body->set_type(AttributeProto::GRAPH);
                   auto* graph = body->mutable_g();
                   for (const char* name : {"i", "go", "v"})
                     graph->add_input()->set_name(name);
                   auto* same = graph->add_node();
                   same->set_op_type("Identity");
                   same->add_input("v");
                   same->add_output("w");
                   for (const char* name : {"go", "w"})
                     graph->add_output()->set_name(name);
                 }),
                 {"onnx.run", "'Loop_z'", "fewer iterations"}});
  return all;
}

TEST(Hostile, EachModelGetsAMessageThatNamesItsFault) {
  for (const Hostile& one : hostile_models()) {
    const std::string message = said(one.bytes);
    for (const std::string& part : one.says)
      EXPECT_NE(message.find(part), std::string::npos)
          << one.name << ": expected '" << part << "' in '" << message << "'";
  }
}

TEST(Hostile, AModelThatIsCutShortIsNeverTakenForAWholeOne) {
  const std::string whole = test::mlp_model();
  ASSERT_EQ(said(whole), "");
  for (std::size_t length = 0; length < whole.size(); length += 7)
    EXPECT_NE(said(whole.substr(0, length)), "") << length;
}

/// A flipped bit may leave a valid model; what counts is that nothing else happens.
TEST(Hostile, FlippedBitsAreReadOrRefused) {
  const std::string whole = test::linear_model({1, 2, 3, 4}, {0, 0});
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      (void)said(changed);
    }
}

}  // namespace
}  // namespace lockstep::ai
