// SPDX-License-Identifier: Apache-2.0
// Operators whose inputs may be of several types, by the types that the ONNX specification gives
// their outputs.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <vector>

#include "base/diagnostics.hpp"
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

}  // namespace
}  // namespace lockstep::ai
