// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/torchscript.hpp"

#include <array>
#include <fmt/format.h>
#include <set>
#include <sstream>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/script.h>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/operators.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr const char* archive = "archive";

torch::jit::Module module_of(const std::string& bytes, at::Device device) {
  std::istringstream stream(bytes);
  torch::jit::Module module = torch::jit::load(stream, device);
  module.eval();
  return module;
}

/// Operators of LibTorch that reach outside of the tensors they are given.
constexpr std::array<std::string_view, 6> outside = {
    "aten::from_file", "aten::save", "aten::load", "aten::warn", "prim::Print", "prim::PythonOp"};

void collect_refused(const torch::jit::Block& block, std::set<std::string>& names) {
  for (const torch::jit::Node* node : block.nodes()) {
    const std::string name = node->kind().toQualString();
    const bool is_tensor_code = name.starts_with("aten::") || name.starts_with("prim::");
    if (!is_tensor_code || std::ranges::find(outside, name) != outside.end())
      names.insert(quotable(name));
    for (const torch::jit::Block* inner : node->blocks())
      collect_refused(*inner, names);
  }
}

std::string first_line(std::string_view text) {
  return quotable(text.substr(0, text.find('\n')), 200);
}

}  // namespace

bool looks_like_torchscript(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04");
}

Result<Model> read_torchscript(std::string bytes,
                               const std::vector<std::int64_t>& sample,
                               const std::string& file) {
  Model model;
  std::set<std::string> refused;
  try {
    const torch::jit::Module module = module_of(bytes, at::kCPU);
    const auto method = module.find_method("forward");
    if (!method || method->num_inputs() != 2)  // the module itself, and its input
      return fail(ErrorKind::input, "onnx.graph",
                  "expected a TorchScript module with a forward of one input", {file, 0, 0});
    const auto graph = method->graph()->copy();
    torch::jit::Inline(*graph);
    collect_refused(*graph->block(), refused);
    for (const at::Tensor& weight : module.parameters()) {
      model.parameters += weight.numel();
      const auto lost = weight.numel() - weight.isfinite().sum().item<std::int64_t>();
      if (lost > 0) model.not_finite.push_back({"a weight", lost});
    }
  } catch (const std::exception& trouble) {
    return fail(
        ErrorKind::input, "onnx.syntax",
        "expected a TorchScript archive that LibTorch can read: " + first_line(trouble.what()),
        {file, 0, 0});
  }
  if (!refused.empty())
    return fail(ErrorKind::input, "onnx.operator",
                fmt::format("expected code that computes with tensors alone, found {}",
                            join(std::vector<std::string>(refused.begin(), refused.end()), ", ")),
                {file, 0, 0});
  model.producer = "TorchScript";
  model.opsets = {{"", 13}, {"torchscript", 1}};
  std::vector<std::int64_t> shape{-1};
  shape.insert(shape.end(), sample.begin(), sample.end());
  model.graph.inputs = {{"x", ElementType::float32, true, std::move(shape)}};
  model.graph.outputs = {{"y", ElementType::float32, false, {}}};
  Node node{"forward", "Forward", "torchscript", {"x"}, {"y"}, {}};
  Attribute attribute;
  attribute.name = archive;
  attribute.kind = Attribute::Kind::text;
  attribute.text = std::move(bytes);
  node.attributes.push_back(std::move(attribute));
  model.graph.nodes.push_back(std::move(node));
  return model;
}

namespace {

Values forward(const Call& call) {
  const auto& module = call.prepared<torch::jit::Module>(
      [&] { return module_of(call.text(archive, ""), call.in(0).device()); });
  const torch::jit::IValue output = torch::jit::Module(module).forward({call.in(0)});
  if (output.isTensor()) return {output.toTensor()};
  require(output.isTuple() && !output.toTupleRef().elements().empty() &&
              output.toTupleRef().elements()[0].isTensor(),
          "expected a tensor, or a tuple that begins with one, as the module's output");
  return {output.toTupleRef().elements()[0].toTensor()};
}

constexpr std::array rows{
    OperatorRow{"Forward", 1, 1, forward, Types::kept, "torchscript"},
};

}  // namespace

std::span<const OperatorRow> torchscript_operators() {
  return rows;
}

}  // namespace lockstep::ai
