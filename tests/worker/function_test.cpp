// SPDX-License-Identifier: Apache-2.0
// Functions that a model defines, whose bodies take the place of their calls.
//
// Source: ONNX specification, "ONNX IR": model-local functions, attribute references, graphs.
#include <gmock/gmock.h>

#include "worker/one_node.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using test::Numbers;
using test::ToyModel;

lockstep_onnx::FunctionProto& function_of(ToyModel& model, const std::string& name, int opset) {
  auto& function = *model.proto().add_functions();
  function.set_name(name);
  function.set_domain("own");
  function.add_opset_import()->set_version(opset);
  function.add_input("a");
  function.add_output("b");
  return function;
}

template <typename Graph>
lockstep_onnx::NodeProto& node_of(Graph& graph,
                                  const std::string& type,
                                  const std::vector<std::string>& inputs,
                                  const std::string& output) {
  auto& node = *graph.add_node();
  node.set_op_type(type);
  for (const std::string& input : inputs)
    node.add_input(input);
  node.add_output(output);
  return node;
}

lockstep_onnx::AttributeProto& attribute_of(lockstep_onnx::NodeProto& node,
                                            const std::string& name,
                                            lockstep_onnx::AttributeProto::AttributeType type) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(type);
  return attribute;
}

Result<Values> answer_of(ToyModel& model, const std::vector<float>& x) {
  TRY(Model read, read_onnx(model.bytes(), "m.onnx", ""));
  TRY(const Net net, Net::build(std::move(read), "m.onnx"));
  return net.run({Value(at::tensor(x).unsqueeze(0))});
}

/// A branch of an If: one node that makes "out".
void branch(lockstep_onnx::NodeProto& chosen,
            const std::string& name,
            const std::string& type,
            const std::vector<std::string>& inputs) {
  auto& graph = *attribute_of(chosen, name, lockstep_onnx::AttributeProto::GRAPH).mutable_g();
  node_of(graph, type, inputs, "out");
  graph.add_output()->set_name("out");
}

// The graph around the call has values of the same names, and they are others.
TEST(Functions, GraphsInsideThemSeeTheFunctionsOwnValues) {
  ToyModel model;
  model.input("x", {2}).output("z", {2}).weight("a", {2}, {100, 100}).weight("h", {2}, {7, 7});
  auto& function = function_of(model, "Choose", 13);
  node_of(function, "Add", {"a", "a"}, "h");
  auto& yes = attribute_of(node_of(function, "Constant", {}, "yes"), "value_int",
                           lockstep_onnx::AttributeProto::INT);
  yes.set_i(1);
  auto& chosen = node_of(function, "If", {"yes"}, "b");
  branch(chosen, "then_branch", "Add", {"a", "h"});
  branch(chosen, "else_branch", "Sub", {"a", "h"});
  model.node("Choose", {"x"}, {"y"}).set_domain("own");
  model.node("Choose", {"y"}, {"z"}).set_domain("own");
  EXPECT_EQ(test::numbers(answer_of(model, {1, -3})), (Numbers{9, -27}));
}

// Softmax of operator set 12 works on the flattened input, of 13 along one axis.
TEST(Functions, GraphsInsideThemHaveTheFunctionsOperatorSetAndAttributes) {
  ToyModel model(13);
  model.input("x", {2}).output("z", {2});
  auto& function = function_of(model, "Leak", 12);
  function.add_attribute("slope");
  attribute_of(node_of(function, "Constant", {}, "yes"), "value_int",
               lockstep_onnx::AttributeProto::INT)
      .set_i(1);
  auto& chosen = node_of(function, "If", {"yes"}, "b");
  branch(chosen, "then_branch", "LeakyRelu", {"a"});
  auto& graph = *chosen.mutable_attribute(0)->mutable_g();
  auto& slope = attribute_of(*graph.mutable_node(0), "alpha", lockstep_onnx::AttributeProto::FLOAT);
  slope.set_ref_attr_name("slope");
  graph.mutable_node(0)->set_output(0, "leaked");
  auto& last = node_of(graph, "Unsqueeze", {"leaked"}, "out");
  test::set_integers(last, "axes", {0});
  branch(chosen, "else_branch", "Identity", {"a"});
  auto& call = model.node("Leak", {"x"}, {"z"});
  call.set_domain("own");
  attribute_of(call, "slope", lockstep_onnx::AttributeProto::FLOAT).set_f(0.5F);
  EXPECT_EQ(test::numbers(answer_of(model, {4, -8})), (Numbers{4, -4}));
}

TEST(Functions, OfOneNameAreToldApartByTheirOverload) {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  auto& twice = function_of(model, "F", 13);
  node_of(twice, "Add", {"a", "a"}, "b");
  twice.set_overload("twice");
  auto& square = function_of(model, "F", 13);
  node_of(square, "Mul", {"a", "a"}, "b");
  square.set_overload("square");
  auto& call = model.node("F", {"x"}, {"z"});
  call.set_domain("own");
  call.set_overload("square");
  EXPECT_EQ(test::numbers(answer_of(model, {1, -3})), (Numbers{1, 9}));
}

// Each calls the one before ten times: ten functions stand for 10^10 nodes.
TEST(Functions, ThatMultiplyWithoutEndAreRefused) {
  ToyModel model;
  model.input("x", {2}).output("z", {2});
  node_of(function_of(model, "F0", 13), "Relu", {"a"}, "b");
  for (int i = 1; i <= 10; ++i) {
    auto& function = function_of(model, "F" + std::to_string(i), 13);
    function.mutable_opset_import(0)->set_version(13);
    std::string last = "a";
    for (int k = 0; k < 10; ++k) {
      const std::string next = k == 9 ? "b" : "h" + std::to_string(k);
      node_of(function, "F" + std::to_string(i - 1), {last}, next).set_domain("own");
      last = next;
    }
  }
  model.node("F10", {"x"}, {"z"}).set_domain("own");
  EXPECT_THAT(test::why(answer_of(model, {1, -3})), testing::HasSubstr("onnx.limit"));
}

}  // namespace
}  // namespace lockstep::ai
