// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "ai/worker/nets/onnx.pb.h"
#include "draw.hpp"
#include "files.hpp"
#include "glyphs.hpp"

namespace quayside {
namespace {

namespace onnx = lockstep_onnx;

void add_ints(onnx::NodeProto& node, const std::string& name, std::vector<std::int64_t> values) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values)
    attribute.add_ints(value);
}

void add_int(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

/// Builds a chain of nodes: each one reads what the one before wrote.
class Chain {
 public:
  Chain(onnx::GraphProto& graph, std::string input) : graph_(graph), value_(std::move(input)) {}

  onnx::NodeProto& add(const std::string& type,
                       const std::string& name,
                       const std::vector<std::string>& parameters = {}) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type(type);
    node.set_name(name);
    node.add_input(value_);
    for (const std::string& parameter : parameters)
      node.add_input(parameter);
    value_ = name;
    node.add_output(value_);
    return node;
  }

  void block(const std::string& layer) {
    const std::string conv = "conv" + layer;
    const std::string norm = "norm" + layer;
    onnx::NodeProto& convolution = add("Conv", conv, {conv + ".weight", conv + ".bias"});
    add_ints(convolution, "kernel_shape", {3, 3});
    add_ints(convolution, "pads", {1, 1, 1, 1});
    add_ints(convolution, "strides", {1, 1});
    onnx::NodeProto& normal =
        add("BatchNormalization", norm,
            {norm + ".scale", norm + ".shift", norm + ".mean", norm + ".variance"});
    onnx::AttributeProto& epsilon = *normal.add_attribute();
    epsilon.set_name("epsilon");
    epsilon.set_type(onnx::AttributeProto::FLOAT);
    epsilon.set_f(1e-5F);
    add("Relu", "relu" + layer);
    onnx::NodeProto& pool = add("MaxPool", "pool" + layer);
    add_ints(pool, "kernel_shape", {2, 2});
    add_ints(pool, "strides", {2, 2});
  }

  void full(const std::string& layer, const std::string& output) {
    add_int(add("Gemm", output, {layer + ".weight", layer + ".bias"}), "transB", 1);
  }

 private:
  onnx::GraphProto& graph_;
  std::string value_;
};

void add_initializer(onnx::GraphProto& graph, const Parameter& parameter) {
  onnx::TensorProto& tensor = *graph.add_initializer();
  tensor.set_name(parameter.name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t size : parameter.shape)
    tensor.add_dims(size);
  std::string bytes(parameter.values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), parameter.values.data(), bytes.size());
  tensor.set_raw_data(bytes);
}

/// A float tensor whose first dimension is free.
void describe(onnx::ValueInfoProto& value,
              const std::string& name,
              const std::vector<std::int64_t>& sizes) {
  value.set_name(name);
  onnx::TypeProto::Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("batch");
  for (const std::int64_t size : sizes)
    tensor.mutable_shape()->add_dim()->set_dim_value(size);
}

}  // namespace

std::string to_onnx(const std::vector<Parameter>& parameters, const std::string& graph_name) {
  onnx::ModelProto model;
  model.set_ir_version(7);
  model.set_producer_name("quayside");
  model.add_opset_import()->set_version(13);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name(graph_name);
  describe(*graph.add_input(), "image", {1, side, side});
  describe(*graph.add_output(), "logits", {static_cast<std::int64_t>(characters.size())});
  for (const Parameter& parameter : parameters)
    add_initializer(graph, parameter);

  Chain chain(graph, "image");
  chain.block("1");
  chain.block("2");
  add_int(chain.add("Flatten", "flat"), "axis", 1);
  chain.full("full1", "full1");
  chain.add("Relu", "relu3");
  chain.full("full2", "logits");
  return model.SerializeAsString();
}

}  // namespace quayside
