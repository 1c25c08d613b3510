// SPDX-License-Identifier: Apache-2.0
// From the bytes of an .onnx file to a Model. The file is untrusted: a model is downloaded more
// often than it is made. Protobuf keeps us inside the buffer; what it does not know is checked
// here:
//
//  - a tensor's shape against the bytes that are there, before anything is allocated for it;
//  - the number of nodes and tensors, the nesting of graphs inside attributes (limits.hpp);
//  - external data: a model may keep weights in files beside it, by a path of its own choosing.
//  Only
//    paths that stay inside the model's folder after every link is followed are opened.
//
// Weights that are not finite are counted, not refused: a net with a NaN is a finding for a person.
//
// Source: ONNX specification, "ONNX IR" and "External data".
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <set>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/model.hpp"
#include "ai/worker/nets/onnx.pb.h"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

namespace fs = std::filesystem;
namespace pb = lockstep_onnx;

class Reader {
 public:
  Reader(std::string file, std::string folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  Result<Model> model(pb::ModelProto& proto);
  Result<Array> tensor(pb::TensorProto& proto);

 private:
  tl::unexpected<Error> bad(std::string code, std::string message) const {
    return fail(ErrorKind::input, std::move(code), std::move(message), {file_, 0, 0});
  }

  Result<Graph> graph(pb::GraphProto& proto, int depth);
  Result<Node> node(pb::NodeProto& proto, int depth);
  Result<Attribute> attribute(pb::AttributeProto& proto, int depth);
  Result<Function> function(pb::FunctionProto& proto);
  Result<> fill(const pb::TensorProto& proto, Array& array, std::int64_t elements);
  Result<std::string> external(const pb::TensorProto& proto, std::uint64_t wanted);
  Result<fs::path> inside_folder(const std::string& location) const;
  Result<ValueInfo> value_info(const pb::ValueInfoProto& proto) const;

  std::string file_;
  std::string folder_;
  std::size_t nodes_ = 0;
  std::size_t tensors_ = 0;
  std::uint64_t external_bytes_ = 0;
  std::set<std::string> external_files_;
};

std::string tensor_name(const pb::TensorProto& proto) {
  return proto.name().empty() ? "without a name" : "'" + quotable(proto.name()) + "'";
}

/// Appends each value, narrowed to T, in our byte order.
template <typename T, typename Values>
void append_as(std::string& bytes, const Values& values) {
  for (const auto value : values) {
    const T narrow = static_cast<T>(value);
    bytes.append(reinterpret_cast<const char*>(&narrow), sizeof(T));  // NOLINT: bytes of a number
  }
}

/// The typed fields of a TensorProto, for tensors that have no raw bytes.
std::string typed_bytes(const pb::TensorProto& proto, ElementType type) {
  std::string bytes;
  switch (type) {
    case ElementType::float32:
    case ElementType::complex64:
      append_as<float>(bytes, proto.float_data());
      break;
    case ElementType::float64:
    case ElementType::complex128:
      append_as<double>(bytes, proto.double_data());
      break;
    case ElementType::int64:
      append_as<std::int64_t>(bytes, proto.int64_data());
      break;
    case ElementType::uint64:
      append_as<std::uint64_t>(bytes, proto.uint64_data());
      break;
    case ElementType::uint32:
      append_as<std::uint32_t>(bytes, proto.uint64_data());
      break;
    case ElementType::int32:
      append_as<std::int32_t>(bytes, proto.int32_data());
      break;
    case ElementType::int16:
      append_as<std::int16_t>(bytes, proto.int32_data());
      break;
    case ElementType::int8:
      append_as<std::int8_t>(bytes, proto.int32_data());
      break;
    case ElementType::uint8:
    case ElementType::boolean:
      append_as<std::uint8_t>(bytes, proto.int32_data());
      break;
    case ElementType::uint16:
    case ElementType::float16:
    case ElementType::bfloat16:
      append_as<std::uint16_t>(bytes, proto.int32_data());
      break;
    case ElementType::undefined:
    case ElementType::string:
      break;
  }
  return bytes;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::map<std::string, std::int64_t> opsets_of(
    const google::protobuf::RepeatedPtrField<pb::OperatorSetIdProto>& imports) {
  std::map<std::string, std::int64_t> opsets;
  for (const auto& import : imports)
    opsets[import.domain() == "ai.onnx" ? "" : import.domain()] = import.version();
  return opsets;
}

void collect_not_finite(const Graph& graph, Model& model) {
  for (const auto& [name, array] : graph.initializers) {
    model.parameters += array.elements();
    const std::int64_t count = count_not_finite(array);
    if (count > 0) model.not_finite.push_back({name, count});
  }
  for (const Node& node : graph.nodes)
    for (const Attribute& attribute : node.attributes)
      for (const Graph& inner : attribute.graph)
        collect_not_finite(inner, model);
}

Result<fs::path> Reader::inside_folder(const std::string& location) const {
  if (folder_.empty())
    return bad("onnx.external", "expected all weights inside the file, found external data");
  const fs::path relative(location);
  const auto climbs = std::ranges::find(relative, fs::path("..")) != relative.end();
  if (location.empty() || relative.is_absolute() || climbs ||
      location.find('\0') != std::string::npos)
    return bad("onnx.external",
               fmt::format("expected external data inside the model's folder, found the path '{}'",
                           quotable(location)));
  std::error_code trouble;
  const fs::path folder = fs::canonical(folder_, trouble);
  if (trouble) return bad("onnx.external", "the model's folder cannot be opened");
  const fs::path path = fs::canonical(folder / relative, trouble);
  if (trouble)
    return bad("onnx.external",
               fmt::format("expected the external data file '{}' beside the model, found none",
                           quotable(location)));
  const auto differs = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  if (differs.first == folder.end() && !fs::is_regular_file(path, trouble))
    return bad("onnx.external", fmt::format("expected a file of external data, but '{}' is none",
                                            quotable(location)));
  if (differs.first != folder.end())
    return bad(
        "onnx.external",
        fmt::format("expected external data inside the model's folder, but '{}' leads outside "
                    "it",
                    quotable(location)));
  return path;
}

Result<std::string> Reader::external(const pb::TensorProto& proto, std::uint64_t wanted) {
  std::string location;
  std::uint64_t offset = 0;
  std::uint64_t length = wanted;
  for (const auto& entry : proto.external_data()) {
    if (entry.key() == "location") location = entry.value();
    if (entry.key() != "offset" && entry.key() != "length") continue;
    const auto number = number_in(entry.value());
    if (!number)
      return bad("onnx.external",
                 fmt::format("expected a number as {} of external data, found '{}'", entry.key(),
                             quotable(entry.value())));
    (entry.key() == "offset" ? offset : length) = *number;
  }
  TRY(const fs::path path, inside_folder(location));
  if (length != wanted || wanted > limits::external_bytes - external_bytes_)
    return bad(
        "onnx.external",
        fmt::format("expected {} bytes of external data for the tensor {}, and at most {} in "
                    "all, found the length {}",
                    wanted, tensor_name(proto), limits::external_bytes, length));
  std::ifstream stream(path, std::ios::binary);
  stream.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(stream.tellg(), 0));
  if (!stream.good() || offset > size || length > size - offset)
    return bad("onnx.external",
               fmt::format("expected {} bytes at {} in '{}', found a file of {} bytes", length,
                           offset, quotable(location), size));
  std::string bytes(length, '\0');
  stream.seekg(static_cast<std::streamoff>(offset));
  stream.read(bytes.data(), static_cast<std::streamsize>(length));
  if (!stream.good())
    return bad("onnx.external", fmt::format("'{}' cannot be read", quotable(location)));
  external_bytes_ += length;
  external_files_.insert(location);
  return bytes;
}

Result<> Reader::fill(const pb::TensorProto& proto, Array& array, std::int64_t elements) {
  const std::size_t wanted = static_cast<std::size_t>(elements) * size_of(array.type);
  if (proto.data_location() == pb::TensorProto::EXTERNAL) {
    TRY(array.bytes, external(proto, wanted));
  } else if (proto.has_raw_data()) {
    array.bytes = proto.raw_data();
  } else {
    array.bytes = typed_bytes(proto, array.type);
  }
  if (array.bytes.size() != wanted)
    return bad("onnx.tensor",
               fmt::format("expected {} bytes in the tensor {} of shape {} and type {}, found {}",
                           wanted, tensor_name(proto), shape_text(array.shape), name_of(array.type),
                           array.bytes.size()));
  return {};
}

Result<Array> Reader::tensor(pb::TensorProto& proto) {
  if (++tensors_ > limits::tensors)
    return bad("onnx.limit",
               fmt::format("expected at most {} tensors, found more", limits::tensors));
  Array array;
  array.type = static_cast<ElementType>(proto.data_type());
  array.shape.assign(proto.dims().begin(), proto.dims().end());
  const auto elements = checked_elements(array.shape);
  if (!elements)
    return bad(
        "onnx.limit",
        fmt::format(
            "expected at most {} dimensions and {} elements, found the tensor {} of "
            "shape {}",
            limits::dimensions, limits::elements, tensor_name(proto),
            shape_text(
                std::span(array.shape).first(std::min(array.shape.size(), limits::dimensions)))));
  if (array.type == ElementType::string) {
    array.strings.assign(proto.string_data().begin(), proto.string_data().end());
    if (array.strings.size() != static_cast<std::size_t>(*elements))
      return bad("onnx.tensor", fmt::format("expected {} texts in the tensor {}, found {}",
                                            *elements, tensor_name(proto), array.strings.size()));
    return array;
  }
  if (size_of(array.type) == 0)
    return bad("onnx.tensor",
               fmt::format("the tensor {} has elements of {}, which lockstep does not read",
                           tensor_name(proto), name_of(array.type)));
  TRY_VOID(fill(proto, array, *elements));
  proto.clear_raw_data();  // the bytes are ours now: no second copy of large weights
  return array;
}

Result<Attribute> Reader::attribute(pb::AttributeProto& proto, int depth) {
  using Kind = Attribute::Kind;
  Attribute attribute;
  attribute.name = proto.name();
  attribute.refers_to = proto.ref_attr_name();
  auto type = proto.type();
  if (type == pb::AttributeProto::UNDEFINED && attribute.refers_to.empty()) {
    // Files of IR version 1 do not say the type: the field that is there says it.
    if (proto.has_f()) type = pb::AttributeProto::FLOAT;
    if (proto.has_i()) type = pb::AttributeProto::INT;
    if (proto.has_s()) type = pb::AttributeProto::STRING;
    if (proto.has_t()) type = pb::AttributeProto::TENSOR;
    if (proto.floats_size() > 0) type = pb::AttributeProto::FLOATS;
    if (proto.ints_size() > 0) type = pb::AttributeProto::INTS;
    if (proto.strings_size() > 0) type = pb::AttributeProto::STRINGS;
  }
  switch (type) {
    case pb::AttributeProto::FLOAT:
      attribute.kind = Kind::real;
      attribute.real = proto.f();
      break;
    case pb::AttributeProto::INT:
      attribute.kind = Kind::integer;
      attribute.integer = proto.i();
      break;
    case pb::AttributeProto::STRING:
      attribute.kind = Kind::text;
      attribute.text = proto.s();
      break;
    case pb::AttributeProto::TENSOR: {
      attribute.kind = Kind::tensor;
      TRY(attribute.tensor, tensor(*proto.mutable_t()));
      break;
    }
    case pb::AttributeProto::GRAPH: {
      attribute.kind = Kind::graph;
      TRY(Graph inner, graph(*proto.mutable_g(), depth + 1));
      attribute.graph.push_back(std::move(inner));
      break;
    }
    case pb::AttributeProto::FLOATS:
      attribute.kind = Kind::reals;
      attribute.reals.assign(proto.floats().begin(), proto.floats().end());
      break;
    case pb::AttributeProto::INTS:
      attribute.kind = Kind::integers;
      attribute.integers.assign(proto.ints().begin(), proto.ints().end());
      break;
    case pb::AttributeProto::STRINGS:
      attribute.kind = Kind::texts;
      attribute.texts.assign(proto.strings().begin(), proto.strings().end());
      break;
    default:
      break;  // kinds that no operator here takes: the operator misses the attribute
  }
  return attribute;
}

Result<Node> Reader::node(pb::NodeProto& proto, int depth) {
  if (++nodes_ > limits::nodes)
    return bad("onnx.limit", fmt::format("expected at most {} nodes, found more", limits::nodes));
  Node node;
  node.name = proto.name();
  node.op_type = proto.op_type();
  node.domain = proto.domain() == "ai.onnx" ? "" : proto.domain();
  node.overload = proto.overload();
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  for (auto& item : *proto.mutable_attribute()) {
    TRY(Attribute read, attribute(item, depth));
    node.attributes.push_back(std::move(read));
  }
  return node;
}

Result<ValueInfo> Reader::value_info(const pb::ValueInfoProto& proto) const {
  ValueInfo info;
  info.name = proto.name();
  if (!proto.type().has_tensor_type()) return info;
  const auto& tensor = proto.type().tensor_type();
  info.type = static_cast<ElementType>(tensor.elem_type());
  info.has_shape = tensor.has_shape();
  if (tensor.shape().dim_size() > static_cast<int>(limits::dimensions))
    return bad("onnx.limit",
               fmt::format("expected at most {} dimensions of '{}', found {}", limits::dimensions,
                           quotable(info.name), tensor.shape().dim_size()));
  for (const auto& dimension : tensor.shape().dim()) {
    const bool is_known = dimension.has_dim_value() && dimension.dim_value() >= 0;
    info.shape.push_back(is_known ? dimension.dim_value() : -1);
  }
  return info;
}

Result<Graph> Reader::graph(pb::GraphProto& proto, int depth) {
  if (depth > limits::nesting)
    return bad("onnx.limit",
               fmt::format("expected graphs nested at most {} deep, found more", limits::nesting));
  Graph graph;
  graph.name = proto.name();
  if (proto.sparse_initializer_size() > 0)
    return bad("onnx.tensor",
               "expected dense weights, found sparse ones, which lockstep does not "
               "read; export the model with dense weights");
  for (auto& item : *proto.mutable_initializer()) {
    std::string name = item.name();
    TRY(Array array, tensor(item));
    graph.initializers.emplace_back(std::move(name), std::move(array));
  }
  std::vector<std::string> given;
  for (const auto& [name, array] : graph.initializers)
    given.push_back(name);
  std::ranges::sort(given);
  for (const auto& item : proto.input()) {
    TRY(ValueInfo info, value_info(item));
    if (!std::ranges::binary_search(given, info.name)) graph.inputs.push_back(std::move(info));
  }
  for (const auto& item : proto.output()) {
    TRY(ValueInfo info, value_info(item));
    graph.outputs.push_back(std::move(info));
  }
  for (auto& item : *proto.mutable_node()) {
    TRY(Node read, node(item, depth));
    graph.nodes.push_back(std::move(read));
  }
  return graph;
}

Result<Function> Reader::function(pb::FunctionProto& proto) {
  Function function;
  function.domain = proto.domain();
  function.name = proto.name();
  function.overload = proto.overload();
  function.inputs.assign(proto.input().begin(), proto.input().end());
  function.outputs.assign(proto.output().begin(), proto.output().end());
  function.opsets = opsets_of(proto.opset_import());
  for (auto& item : *proto.mutable_attribute_proto()) {
    TRY(Attribute read, attribute(item, 1));
    function.defaults.push_back(std::move(read));
  }
  for (auto& item : *proto.mutable_node()) {
    TRY(Node read, node(item, 1));
    function.nodes.push_back(std::move(read));
  }
  return function;
}

Result<Model> Reader::model(pb::ModelProto& proto) {
  if (!proto.has_graph() || proto.opset_import_size() == 0)
    return bad("onnx.graph",
               "expected an ONNX model with a graph and its operator sets, found neither or one");
  Model model;
  model.ir_version = proto.ir_version();
  model.producer =
      std::string(trim(quotable(proto.producer_name()) + " " + quotable(proto.producer_version())));
  model.opsets = opsets_of(proto.opset_import());
  for (const auto& [domain, version] : model.opsets)
    if (version < 1)
      return bad("onnx.graph", fmt::format("expected version 1 or later of the operator set '{}', "
                                           "found {}",
                                           quotable(domain), version));
  TRY(model.graph, graph(*proto.mutable_graph(), 1));
  for (auto& item : *proto.mutable_functions()) {
    TRY(Function read, function(item));
    model.functions.push_back(std::move(read));
  }
  collect_not_finite(model.graph, model);
  model.external.assign(external_files_.begin(), external_files_.end());
  return model;
}

bool parse(std::string_view bytes, google::protobuf::MessageLite& message) {
  return bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) &&
         message.ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

Result<Model> read_onnx(std::string_view bytes,
                        const std::string& file,
                        const std::string& folder) {
  pb::ModelProto proto;
  if (!parse(bytes, proto))
    return fail(ErrorKind::input, "onnx.syntax",
                "expected an ONNX model (a protobuf message of at most 2 GiB), found other bytes",
                {file, 0, 0});
  return Reader(file, folder).model(proto);
}

Result<Array> read_tensor(std::string_view bytes, const std::string& file) {
  pb::TensorProto proto;
  if (!parse(bytes, proto))
    return fail(ErrorKind::input, "onnx.syntax",
                "expected an ONNX tensor (a protobuf message), found other bytes", {file, 0, 0});
  return Reader(file, "").tensor(proto);
}

}  // namespace lockstep::ai
