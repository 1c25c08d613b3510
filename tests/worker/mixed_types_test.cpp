// SPDX-License-Identifier: Apache-2.0
// Operators whose inputs may be of several types, by the types that the ONNX specification gives
// their outputs.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

#include "base/diagnostics.hpp"
#include "worker/one_node.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

void cast(test::ToyModel& model, const std::string& from, const std::string& to, int type) {
  auto& attribute = *model.node("Cast", {from}, {to}).add_attribute();
  attribute.set_name("to");
  attribute.set_type(lockstep_onnx::AttributeProto::INT);
  attribute.set_i(type);
}

/// 3 to the power of 2, with each of them cast to a type first.
Array nine(int base, int exponent) {
  test::ToyModel model(15);
  model.input("x", {}).output("y", {}).weight("two", {}, {2});
  cast(model, "x", "base", base);
  cast(model, "two", "exponent", exponent);
  model.node("Pow", {"base", "exponent"}, {"y"});
  auto read = read_onnx(model.bytes(), "toy.onnx", "");
  if (!read) throw std::runtime_error(to_text(read.error()));
  const auto net = Net::build(*std::move(read), "toy.onnx");
  if (!net) throw std::runtime_error(to_text(net.error()));
  const auto outputs = net->run({Value(at::tensor({3.0F}))});
  if (!outputs) throw std::runtime_error(to_text(outputs.error()));
  return array_of(outputs->front());
}

TEST(MixedTypes, APowerHasTheTypeOfItsBase) {
  using lockstep_onnx::TensorProto;
  for (const int base : {TensorProto::FLOAT, TensorProto::FLOAT16, TensorProto::DOUBLE,
                         TensorProto::INT32, TensorProto::INT64}) {
    for (const int exponent : {TensorProto::FLOAT, TensorProto::FLOAT16, TensorProto::DOUBLE,
                               TensorProto::INT32, TensorProto::INT64, TensorProto::UINT64}) {
      const Array power = nine(base, exponent);
      EXPECT_EQ(static_cast<int>(power.type), base) << base << " to the " << exponent;
      EXPECT_EQ(numbers_of(power), std::vector<double>{9}) << base << " to the " << exponent;
    }
  }
}

// Values of OneHot are of a type of their own, whatever that of the indices is.
TEST(MixedTypes, OneHotHasTheTypeOfItsValues) {
  const Value index(test::longs({1}), ElementType::uint32);
  const auto hot = test::answer("OneHot", 11, {}, {index, test::longs({3}), test::longs({-5, 7})});
  EXPECT_EQ(test::numbers(hot), (test::Numbers{-5, 7, -5}));
  EXPECT_EQ(element_type(hot->front()), ElementType::int64);
}

/// A Loop of two turns over an unsigned and a signed number that becomes one less each time. It
/// shows the words and the unsigned numbers of all turns.
std::string countdown() {
  using lockstep_onnx::AttributeProto;
  test::ToyModel model;
  auto& outer = *model.proto().mutable_graph();
  outer.add_input()->set_name("unsigned");
  outer.add_input()->set_name("signed");
  auto& trips = *model.node("Constant", {}, {"trips"}).add_attribute();
  trips.set_name("value_int");
  trips.set_type(AttributeProto::INT);
  trips.set_i(2);
  auto& loop = model.node("Loop", {"trips", "", "unsigned", "signed"}, {"u", "s", "words", "all"});
  for (const std::string& name : loop.output())
    outer.add_output()->set_name(name);
  auto& body = *loop.add_attribute();
  body.set_name("body");
  body.set_type(AttributeProto::GRAPH);
  auto& graph = *body.mutable_g();
  for (const char* name : {"i", "go", "a", "b"})
    graph.add_input()->set_name(name);
  const auto add = [&](const char* type, std::vector<std::string> inputs,
                       const char* output) -> AttributeProto& {
    auto& node = *graph.add_node();
    node.set_op_type(type);
    node.add_output(output);
    for (const std::string& input : inputs)
      node.add_input(input);
    return *node.add_attribute();
  };
  auto& word = add("Constant", {}, "word");
  word.set_name("value_string");
  word.set_type(AttributeProto::STRING);
  word.set_s("turn");
  auto& one = add("Constant", {}, "one");
  one.set_name("value_int");
  one.set_type(AttributeProto::INT);
  one.set_i(1);
  add("Identity", {"a"}, "same");
  add("Sub", {"b", "one"}, "less");
  for (const char* name : {"go", "same", "less", "word", "a"})
    graph.add_output()->set_name(name);
  return model.bytes();
}

TEST(MixedTypes, WhatALoopGivesIsOfTheTypesOfItsBody) {
  auto read = read_onnx(countdown(), "toy.onnx", "");
  ASSERT_TRUE(read.has_value()) << to_text(read.error());
  const auto net = Net::build(*std::move(read), "toy.onnx");
  ASSERT_TRUE(net.has_value()) << to_text(net.error());
  const auto y = net->run({Value(test::longs({7}), ElementType::uint32), test::longs({-3})});
  ASSERT_TRUE(y.has_value()) << to_text(y.error());
  EXPECT_EQ(element_type((*y)[0]), ElementType::uint32);
  EXPECT_EQ(test::numbers(y, 1), test::Numbers{-5});
  EXPECT_EQ(element_type((*y)[1]), ElementType::int64);
  EXPECT_EQ(array_of((*y)[2]).strings, (std::vector<std::string>{"turn", "turn"}));
  EXPECT_EQ(element_type((*y)[3]), ElementType::uint32);
}

// uint64 is kept in int64: what is above its range would be taken for a negative number.
TEST(MixedTypes, NumbersFrom2To63OnAreNotTakenForNegativeOnes) {
  const Value most(test::longs({-1, 4}), ElementType::uint64);  // 2^64 - 1
  const Value two(test::longs({2, 2}), ElementType::uint64);
  EXPECT_THAT(test::why(test::answer("Div", 14, {}, {most, two})),
              testing::HasSubstr("Div of uint64 numbers from 2^63 on"));
  EXPECT_THAT(test::why(test::answer("Cast", 14, {test::integer("to", 1)}, {most})),
              testing::HasSubstr("Cast of uint64 numbers from 2^63 on"));
  EXPECT_EQ(test::numbers(test::answer("Div", 14, {}, {two, two})), (test::Numbers{1, 1}));
  EXPECT_EQ(array_of(test::answer("Reshape", 14, {}, {most, test::longs({2, 1})})->front()).bytes,
            array_of(most).bytes);
}

}  // namespace
}  // namespace lockstep::ai
