// SPDX-License-Identifier: Apache-2.0
// An ONNX model as plain values, without protobuf and without tensors of a library.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ai/worker/data/array.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

struct Graph;

/// An attribute of a node; the field that its kind names is filled.
struct Attribute {
  enum class Kind { none, real, integer, text, tensor, graph, reals, integers, texts };
  std::string name;
  Kind kind = Kind::none;
  float real = 0;
  std::int64_t integer = 0;
  std::string text;
  Array tensor;
  std::vector<Graph> graph;  ///< one element when the kind is `graph`
  std::vector<float> reals;
  std::vector<std::int64_t> integers;
  std::vector<std::string> texts;
  std::string refers_to;  ///< inside a function: the function's attribute that gives the value
};

struct Node {
  std::string name;
  std::string op_type;
  std::string domain;               ///< "" for the standard operators
  std::vector<std::string> inputs;  ///< "" where an optional input is left out
  std::vector<std::string> outputs;
  std::vector<Attribute> attributes;
  std::string overload = {};  ///< which of the model's functions of this name
};

/// What a graph declares about an input or output.
struct ValueInfo {
  std::string name;
  ElementType type = ElementType::undefined;  ///< undefined: not a tensor, or not said
  bool has_shape = false;
  std::vector<std::int64_t> shape;  ///< -1 where a dimension is free
};

struct Graph {
  std::string name;
  std::vector<Node> nodes;
  std::vector<std::pair<std::string, Array>> initializers;
  std::vector<ValueInfo> inputs;  ///< without those that an initializer gives
  std::vector<ValueInfo> outputs;
};

/// An operator that the model defines by other operators.
struct Function {
  std::string domain;
  std::string name;
  std::string overload;  ///< tells functions of the same name apart
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<Node> nodes;
  std::vector<Attribute> defaults;
  std::map<std::string, std::int64_t> opsets;
};

/// A weight with elements that are NaN or infinite.
struct NotFinite {
  std::string tensor;
  std::int64_t count = 0;
};

struct Model {
  std::int64_t ir_version = 0;
  std::string producer;                        ///< name and version of the exporter
  std::map<std::string, std::int64_t> opsets;  ///< by domain; "" is the standard one
  Graph graph;
  std::vector<Function> functions;
  std::vector<NotFinite> not_finite;
  std::vector<std::string> external;  ///< files of weights beside the model, sorted
  std::int64_t parameters = 0;        ///< elements of all initializers
};

/// Reads an .onnx file. Never runs or allocates what the file only claims: sizes are checked first.
/// @param bytes  the file
/// @param file   its path, for messages
/// @param folder where external data may lie: only files inside it are read; "" refuses all
/// Errors: onnx.syntax, onnx.limit, onnx.tensor, onnx.external, onnx.graph.
/// Source: ONNX specification, IR version 3 to 11.
Result<Model> read_onnx(std::string_view bytes, const std::string& file, const std::string& folder);

/// Reads one TensorProto, as test data of ONNX is kept. Errors as above.
Result<Array> read_tensor(std::string_view bytes, const std::string& file);

}  // namespace lockstep::ai
