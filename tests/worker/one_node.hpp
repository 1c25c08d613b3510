// SPDX-License-Identifier: Apache-2.0
// Nets of one node, built from plain values.
#pragma once

#include <ATen/ATen.h>
#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "ai/worker/nets/net.hpp"
#include "base/diagnostics.hpp"

namespace lockstep::ai::test {

template <typename T>
Attribute attribute_of(const std::string& name,
                       Attribute::Kind kind,
                       T Attribute::* member,
                       T value) {
  Attribute attribute;
  attribute.name = name;
  attribute.kind = kind;
  attribute.*member = std::move(value);
  return attribute;
}

inline Attribute integer(const std::string& name, std::int64_t value) {
  return attribute_of(name, Attribute::Kind::integer, &Attribute::integer, value);
}

inline Attribute real(const std::string& name, float value) {
  return attribute_of(name, Attribute::Kind::real, &Attribute::real, value);
}

inline Attribute text(const std::string& name, std::string value) {
  return attribute_of(name, Attribute::Kind::text, &Attribute::text, std::move(value));
}

inline Attribute integers(const std::string& name, std::vector<std::int64_t> values) {
  return attribute_of(name, Attribute::Kind::integers, &Attribute::integers, std::move(values));
}

inline Attribute reals(const std::string& name, std::vector<float> values) {
  return attribute_of(name, Attribute::Kind::reals, &Attribute::reals, std::move(values));
}

inline Attribute texts(const std::string& name, std::vector<std::string> values) {
  return attribute_of(name, Attribute::Kind::texts, &Attribute::texts, std::move(values));
}

/// What a net of one node, 'one', makes of its inputs. An input that is not defined is left out.
inline Result<Values> answer(const std::string& type,
                             std::int64_t opset,
                             const std::vector<Attribute>& attributes,
                             const Values& inputs,
                             std::size_t outputs = 1) {
  Model model;
  model.opsets[""] = opset;
  Node node;
  node.name = "one";
  node.op_type = type;
  node.attributes = attributes;
  Values given;
  for (const Value& input : inputs) {
    node.inputs.push_back(input.tensor.defined() ? "x" + std::to_string(given.size()) : "");
    if (!input.tensor.defined()) continue;
    model.graph.inputs.push_back({node.inputs.back(), ElementType::undefined, false, {}});
    given.push_back(input);
  }
  for (std::size_t i = 0; i < outputs; ++i) {
    node.outputs.push_back("y" + std::to_string(i));
    model.graph.outputs.push_back({node.outputs.back(), ElementType::undefined, false, {}});
  }
  model.graph.nodes.push_back(node);
  const auto net = Net::build(std::move(model), "one.onnx");
  if (!net) return tl::unexpected(net.error());
  return net->run(given);
}

/// The elements of an output; none, and a failure of the test, where there is no answer.
inline std::vector<double> numbers(const Result<Values>& outputs, std::size_t i = 0) {
  if (outputs) return numbers_of(array_of((*outputs)[i]));
  ADD_FAILURE() << to_text(outputs.error());
  return {};
}

/// Why there is no answer; "" where there is one.
inline std::string why(const Result<Values>& outputs) {
  return outputs ? std::string() : to_text(outputs.error());
}

inline at::Tensor longs(const std::vector<std::int64_t>& values) {
  return at::tensor(values, at::kLong);
}

inline at::Tensor floats(const std::vector<float>& values) {
  return at::tensor(values, at::kFloat);
}

using Numbers = std::vector<double>;

}  // namespace lockstep::ai::test
