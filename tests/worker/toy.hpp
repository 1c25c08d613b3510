// SPDX-License-Identifier: Apache-2.0
// Small nets, written here node by node and read through the reader of ONNX files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ai/worker/nets/classifier.hpp"
#include "ai/worker/nets/net.hpp"
#include "ai/worker/nets/onnx.pb.h"
#include "base/random.hpp"

namespace lockstep::ai::test {

/// Builds an ONNX file.
class ToyModel {
 public:
  explicit ToyModel(std::int64_t opset = 13) {
    proto_.set_ir_version(8);
    auto* set = proto_.add_opset_import();
    set->set_domain("");
    set->set_version(opset);
    proto_.mutable_graph()->set_name("toy");
  }

  /// A float input whose first dimension is free.
  ToyModel& input(const std::string& name, const std::vector<std::int64_t>& sample) {
    describe(proto_.mutable_graph()->add_input(), name, sample);
    return *this;
  }

  ToyModel& output(const std::string& name, const std::vector<std::int64_t>& sample) {
    describe(proto_.mutable_graph()->add_output(), name, sample);
    return *this;
  }

  ToyModel& weight(const std::string& name,
                   const std::vector<std::int64_t>& shape,
                   const std::vector<float>& values) {
    auto* tensor = proto_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(lockstep_onnx::TensorProto::FLOAT);
    for (const std::int64_t size : shape)
      tensor->add_dims(size);
    for (const float value : values)
      tensor->add_float_data(value);
    return *this;
  }

  /// A list of integers, as axes and shapes are given.
  ToyModel& integers(const std::string& name, const std::vector<std::int64_t>& values) {
    auto* tensor = proto_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(lockstep_onnx::TensorProto::INT64);
    tensor->add_dims(static_cast<std::int64_t>(values.size()));
    for (const std::int64_t value : values)
      tensor->add_int64_data(value);
    return *this;
  }

  lockstep_onnx::NodeProto& node(const std::string& type,
                                 const std::vector<std::string>& inputs,
                                 const std::vector<std::string>& outputs) {
    auto* node = proto_.mutable_graph()->add_node();
    node->set_op_type(type);
    node->set_name(type + "_" + outputs.front());
    for (const std::string& name : inputs)
      node->add_input(name);
    for (const std::string& name : outputs)
      node->add_output(name);
    return *node;
  }

  lockstep_onnx::ModelProto& proto() { return proto_; }

  std::string bytes() const { return proto_.SerializeAsString(); }

 private:
  static void describe(lockstep_onnx::ValueInfoProto* info,
                       const std::string& name,
                       const std::vector<std::int64_t>& sample) {
    info->set_name(name);
    auto* type = info->mutable_type()->mutable_tensor_type();
    type->set_elem_type(lockstep_onnx::TensorProto::FLOAT);
    type->mutable_shape()->add_dim()->set_dim_param("samples");
    for (const std::int64_t size : sample)
      type->mutable_shape()->add_dim()->set_dim_value(size);
  }

  lockstep_onnx::ModelProto proto_;
};

inline void set_integers(lockstep_onnx::NodeProto& node,
                         const std::string& name,
                         const std::vector<std::int64_t>& values) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(lockstep_onnx::AttributeProto::INTS);
  for (const std::int64_t value : values)
    attribute->add_ints(value);
}

inline std::vector<float> random_weights(std::size_t count, double scale, std::uint32_t stream) {
  Random random(RandomKey{7, stream, 0, 0});
  std::vector<float> values(count);
  for (float& value : values)
    value = static_cast<float>(scale * random.normal());
  return values;
}

/// scores = x W^T + b, of two features and two classes.
inline std::string linear_model(const std::vector<float>& w, const std::vector<float>& b) {
  ToyModel model;
  model.input("x", {2}).output("z", {2}).weight("w", {2, 2}, w).weight("b", {2}, b);
  auto* transposed = model.node("Gemm", {"x", "w", "b"}, {"z"}).add_attribute();
  transposed->set_name("transB");
  transposed->set_type(lockstep_onnx::AttributeProto::INT);
  transposed->set_i(1);
  return model.bytes();
}

/// 16 inputs, 24 hidden units, 4 classes, fixed random weights.
inline std::string mlp_model() {
  ToyModel model;
  model.input("x", {16}).output("z", {4});
  model.weight("w1", {16, 24}, random_weights(16 * 24, 0.5, 1));
  model.weight("b1", {24}, random_weights(24, 0.1, 2));
  model.weight("w2", {24, 4}, random_weights(24 * 4, 0.5, 3));
  model.weight("b2", {4}, random_weights(4, 0.1, 4));
  model.node("MatMul", {"x", "w1"}, {"h"});
  model.node("Add", {"h", "b1"}, {"hb"});
  model.node("Relu", {"hb"}, {"r"});
  model.node("Gemm", {"r", "w2", "b2"}, {"z"});
  return model.bytes();
}

inline Classifier classifier_of(const std::string& bytes) {
  auto model = read_onnx(bytes, "toy.onnx", "");
  if (!model) throw std::runtime_error(model.error().message);
  auto net = Net::build(*std::move(model), "toy.onnx");
  if (!net) throw std::runtime_error(net.error().message);
  auto classifier = Classifier::build(*std::move(net), "toy.onnx");
  if (!classifier) throw std::runtime_error(classifier.error().message);
  return *std::move(classifier);
}

}  // namespace lockstep::ai::test
