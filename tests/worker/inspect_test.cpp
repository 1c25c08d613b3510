// SPDX-License-Identifier: Apache-2.0
// Each check on a model against a net that has what it looks for, and against one that has not.
#include "ai/worker/inspect.hpp"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <limits>

#include "base/files.hpp"
#include "support/paths.hpp"
#include "toy.hpp"

namespace lockstep::ai {
namespace {

using test::ToyModel;

ModelDescription described(const std::string& bytes) {
  auto model = read_onnx(bytes, "toy.onnx", "");
  if (!model) throw std::runtime_error(model.error().message);
  return inspect(*std::move(model), "toy.onnx");
}

State state_of(const ModelDescription& description, std::string_view check) {
  const auto found = std::ranges::find(description.checks, check, &ModelCheck::check);
  return found == description.checks.end() ? State::not_checked : found->state;
}

std::string says_of(const ModelDescription& description, std::string_view check) {
  const auto found = std::ranges::find(description.checks, check, &ModelCheck::check);
  return found == description.checks.end() ? "" : found->says;
}

/// x -> MatMul -> z, of three features and two classes.
ToyModel plain(std::int64_t opset = 13) {
  ToyModel model(opset);
  model.input("x", {3}).output("z", {2}).weight("w", {3, 2}, {1, 2, 3, 4, 5, 6});
  model.node("MatMul", {"x", "w"}, {"z"});
  return model;
}

void set_integer(lockstep_onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(lockstep_onnx::AttributeProto::INT);
  attribute->set_i(value);
}

TEST(Inspect, APlainNetPassesEveryCheck) {
  const ModelDescription d = described(plain().bytes());
  EXPECT_EQ(d.parameters, 6);
  EXPECT_EQ(d.operators, (std::map<std::string, std::int64_t>{{"MatMul", 1}}));
  EXPECT_EQ(d.opsets, (std::map<std::string, std::int64_t>{{"", 13}}));
  EXPECT_EQ(d.inputs, (std::vector<Port>{{"x", "float32", {-1, 3}}}));
  EXPECT_EQ(d.engine.substr(0, 11), "fused loops");
  for (const ModelCheck& check : d.checks)
    EXPECT_EQ(check.state, State::pass) << check.check << ": " << check.says;
}

struct Sign {
  std::string check;
  State state;
  std::function<std::string()> bytes;
};

void PrintTo(const Sign& sign, std::ostream* out) {
  *out << sign.check;
}

class EachSign : public testing::TestWithParam<Sign> {};

TEST_P(EachSign, IsSeen) {
  const ModelDescription d = described(GetParam().bytes());
  EXPECT_EQ(state_of(d, GetParam().check), GetParam().state) << says_of(d, GetParam().check);
}

const std::vector<Sign> signs{
    {"operators_known", State::fail,
     [] {
       ToyModel model;
       model.input("x", {2}).output("z", {2});
       model.node("NoSuchOperator", {"x"}, {"z"});
       return model.bytes();
     }},
    {"custom_domains", State::warn,
     [] {
       ToyModel model;
       model.input("x", {2}).output("z", {2});
       model.node("Magic", {"x"}, {"z"}).set_domain("com.example");
       return model.bytes();
     }},
    {"weights_finite", State::fail,
     [] {
       ToyModel model;
       model.input("x", {1}).output("z", {2});
       model.weight("w", {1, 2}, {1, std::numeric_limits<float>::quiet_NaN()});
       model.node("MatMul", {"x", "w"}, {"z"});
       return model.bytes();
     }},
    {"weights_used", State::warn,
     [] {
       ToyModel model = plain();
       return model.weight("payload", {2}, {1, 2}).bytes();
     }},
    {"training_mode", State::fail,
     [] {
       ToyModel model(6);
       model.input("x", {2}).output("z", {2});
       model.node("Dropout", {"x"}, {"z"});  // is_test is 0 when it is not said
       return model.bytes();
     }},
    {"training_mode", State::pass,
     [] {
       ToyModel model(6);
       model.input("x", {2}).output("z", {2});
       set_integer(model.node("Dropout", {"x"}, {"z"}), "is_test", 1);
       return model.bytes();
     }},
    {"training_mode", State::fail,
     [] {
       ToyModel model(15);
       model.input("x", {2}).output("z", {2});
       for (const char* name : {"s", "b", "m", "v"})
         model.weight(name, {2}, {1, 1});
       set_integer(model.node("BatchNormalization", {"x", "s", "b", "m", "v"}, {"z"}),
                   "training_mode", 1);
       return model.bytes();
     }},
    {"training_mode", State::fail,
     [] {
       ToyModel model(13);
       model.input("x", {2}).output("z", {2}).weight("ratio", {}, {0.5F});
       auto* mode = model.proto().mutable_graph()->add_initializer();
       mode->set_name("on");
       mode->set_data_type(lockstep_onnx::TensorProto::BOOL);
       mode->add_int32_data(1);
       model.node("Dropout", {"x", "ratio", "on"}, {"z"});
       return model.bytes();
     }},
    {"random_answers", State::warn,
     [] {
       ToyModel model;
       model.input("x", {2}).output("z", {2});
       model.node("RandomNormalLike", {"x"}, {"n"});
       model.node("Add", {"x", "n"}, {"z"});
       return model.bytes();
     }},
    {"outputs_depend", State::fail,
     [] {
       ToyModel model = plain();
       model.output("c", {2}).weight("k", {1, 2}, {1, 2});
       model.node("Relu", {"k"}, {"c"});
       return model.bytes();
     }},
    {"inputs_used", State::warn,
     [] {
       ToyModel model = plain();
       return model.input("spare", {2}).bytes();
     }},
    {"fixed_batch", State::warn,
     [] {
       ToyModel model = plain();
       auto* shape = model.proto()
                         .mutable_graph()
                         ->mutable_input(0)
                         ->mutable_type()
                         ->mutable_tensor_type()
                         ->mutable_shape();
       shape->mutable_dim(0)->set_dim_value(4);
       return model.bytes();
     }},
    {"final_softmax", State::warn,
     [] {
       ToyModel model;
       model.input("x", {2}).output("z", {2});
       model.node("Softmax", {"x"}, {"z"});
       return model.bytes();
     }},
    {"classifier", State::warn,
     [] {
       ToyModel model = plain();
       return model.input("spare", {2}).bytes();
     }},
    {"branches", State::warn,
     [] {
       ToyModel model = plain();
       auto& node = model.node("If", {"c"}, {"q"});
       auto* graph = node.add_attribute();
       graph->set_name("then_branch");
       graph->set_type(lockstep_onnx::AttributeProto::GRAPH);
       graph->mutable_g()->set_name("then");
       return model.bytes();
     }},
};

INSTANTIATE_TEST_SUITE_P(Inspect, EachSign, testing::ValuesIn(signs));

TEST(Inspect, WeightsInOtherFilesAreNamed) {
  const std::string folder = lockstep::test::fresh_folder("inspect-external");
  ToyModel model;
  model.input("x", {1}).output("z", {2});
  model.node("MatMul", {"x", "w"}, {"z"});
  auto* tensor = model.proto().mutable_graph()->add_initializer();
  tensor->set_name("w");
  tensor->set_data_type(lockstep_onnx::TensorProto::FLOAT);
  tensor->add_dims(1);
  tensor->add_dims(2);
  tensor->set_data_location(lockstep_onnx::TensorProto::EXTERNAL);
  auto* entry = tensor->add_external_data();
  entry->set_key("location");
  entry->set_value("weights.bin");
  ASSERT_TRUE(RealFiles().write(folder + "/weights.bin", std::string(8, '\0')));
  auto read = read_onnx(model.bytes(), folder + "/toy.onnx", folder);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  const ModelDescription d = inspect(*std::move(read), "toy.onnx");
  EXPECT_EQ(state_of(d, "external_data"), State::warn);
  EXPECT_NE(says_of(d, "external_data").find("weights.bin"), std::string::npos);
}

}  // namespace
}  // namespace lockstep::ai
