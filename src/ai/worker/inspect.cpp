// SPDX-License-Identifier: Apache-2.0
// A look at a model before anything is measured with it. Each check is a row: a name and a function
// that looks at the graph and says one sentence. A check that finds nothing says so, too.
//
// A model file is an input from somebody else. Most of the rows are known sources of wrong numbers
// (Dropout that still drops, a BatchNormalization that still learns, a final Softmax that hides
// gradients) or places where something can be hidden (weights that no node reads, branches, weights
// in other files, operators of nobody's standard).
//
// Source: ONNX specification, "ONNX IR" and "Operators"; Carlini et al. 2019, arXiv 1902.06705.
#include "ai/worker/inspect.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <functional>
#include <set>

#include "ai/worker/nets/classifier.hpp"
#include "ai/worker/nets/net.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

using Names = std::set<std::string>;

struct Look {
  State state = State::pass;
  std::string says;
};

struct Row {
  std::string_view name;
  Look (*look)(const Model& model);
};

void each_node_of(const std::vector<Node>& nodes, const std::function<void(const Node&)>& visit) {
  for (const Node& node : nodes) {
    visit(node);
    for (const Attribute& attribute : node.attributes)
      for (const Graph& graph : attribute.graph)
        each_node_of(graph.nodes, visit);
  }
}

/// Every node, those of inner graphs and of the model's own functions included.
void each_node(const Model& model, const std::function<void(const Node&)>& visit) {
  each_node_of(model.graph.nodes, visit);
  for (const Function& function : model.functions)
    each_node_of(function.nodes, visit);
}

/// "a, b, c and 4 more"
std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i)
    text += (i == 0 ? "" : ", ") + quotable(names[i], 60);
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

std::string list_of(const Names& names) {
  return list_of(std::vector<std::string>(names.begin(), names.end()));
}

std::string operator_name(const Node& node) {
  return node.domain.empty() ? node.op_type : node.domain + "." + node.op_type;
}

/// The operators, among `wanted` of the standard domain, that the model has.
Names operators_among(const Model& model, std::span<const std::string_view> wanted) {
  Names found;
  each_node(model, [&](const Node& node) {
    if (node.domain.empty() && std::ranges::find(wanted, node.op_type) != wanted.end())
      found.insert(node.op_type);
  });
  return found;
}

std::int64_t integer_of(const Node& node, std::string_view name, std::int64_t otherwise) {
  const auto found = std::ranges::find(node.attributes, name, &Attribute::name);
  return found == node.attributes.end() ? otherwise : found->integer;
}

const Array* initializer_of(const Model& model, const std::string& name) {
  const auto& all = model.graph.initializers;
  const auto found = std::ranges::find(
      all, name, [](const auto& each) -> const std::string& { return each.first; });
  return found == all.end() ? nullptr : &found->second;
}

std::int64_t opset_of(const Model& model) {
  const auto found = model.opsets.find("");
  return found == model.opsets.end() ? 1 : found->second;
}

Look operators_known(const Model& model) {
  const std::vector<std::string> unknown = unsupported_operators(model);
  if (unknown.empty()) return {State::pass, "every operator can be run"};
  return {State::fail, "no test can be run: these operators are not known: " + list_of(unknown)};
}

Look custom_domains(const Model& model) {
  const auto is_defined_here = [&](const Node& node) {
    return std::ranges::any_of(model.functions, [&](const Function& function) {
      return function.domain == node.domain && function.name == node.op_type;
    });
  };
  Names foreign;
  each_node(model, [&](const Node& node) {
    if (!node.domain.empty() && node.domain != "ai.onnx.ml" && !is_defined_here(node))
      foreign.insert(operator_name(node));
  });
  if (foreign.empty()) return {State::pass, "no operator outside the ONNX standard"};
  return {State::warn, "operators outside the ONNX standard: " + list_of(foreign)};
}

Look weights_finite(const Model& model) {
  if (model.not_finite.empty()) return {State::pass, "all weights are finite numbers"};
  std::vector<std::string> names;
  for (const NotFinite& weight : model.not_finite)
    names.push_back(fmt::format("{} ({})", quotable(weight.tensor), weight.count));
  return {State::fail, "weights with NaN or infinite elements: " + list_of(names)};
}

Look external_data(const Model& model) {
  if (model.external.empty()) return {State::pass, "all weights are inside the file"};
  return {State::warn, "weights in other files, which the digest of the model does not cover: " +
                           list_of(model.external)};
}

Look weights_used(const Model& model) {
  Names read;
  each_node(model, [&](const Node& node) {
    read.insert(node.inputs.begin(), node.inputs.end());
    for (const Attribute& attribute : node.attributes)
      for (const Graph& graph : attribute.graph)
        for (const ValueInfo& output : graph.outputs)
          read.insert(output.name);
  });
  for (const ValueInfo& output : model.graph.outputs)
    read.insert(output.name);
  std::vector<std::string> idle;
  for (const auto& [name, array] : model.graph.initializers)
    if (!read.contains(name)) idle.push_back(name);
  if (idle.empty()) return {State::pass, "every weight is read by a node"};
  return {State::warn, "weights that no node reads: " + list_of(idle)};
}

/// Whether a Dropout drops, or a BatchNormalization learns, when the model is run.
bool is_training(const Model& model, const Node& node) {
  const std::int64_t opset = opset_of(model);
  if (node.op_type == "BatchNormalization")
    return opset < 7 ? integer_of(node, "is_test", 0) == 0
                     : integer_of(node, "training_mode", 0) != 0;
  if (node.op_type != "Dropout") return false;
  if (opset < 7) return integer_of(node, "is_test", 0) == 0;
  if (opset < 12 || node.inputs.size() < 3 || node.inputs[2].empty()) return false;
  const Array* mode = initializer_of(model, node.inputs[2]);
  // A mode that is computed may be on.
  return mode == nullptr || mode->bytes.empty() || mode->bytes.front() != 0;
}

Look training_mode(const Model& model) {
  Names nodes;
  each_node(model, [&](const Node& node) {
    if (node.domain.empty() && is_training(model, node))
      nodes.insert(node.op_type + " '" + quotable(node.name) + "'");
  });
  if (nodes.empty()) return {State::pass, "no node is in training mode"};
  return {State::fail, "nodes in training mode, whose answers depend on chance or on the batch: " +
                           list_of(nodes)};
}

Look random_answers(const Model& model) {
  static constexpr std::array<std::string_view, 6> random{"RandomNormal",  "RandomNormalLike",
                                                          "RandomUniform", "RandomUniformLike",
                                                          "Multinomial",   "Bernoulli"};
  const Names found = operators_among(model, random);
  if (found.empty()) return {State::pass, "no operator draws random numbers"};
  return {State::warn, "answers depend on chance: " + list_of(found)};
}

Look branches(const Model& model) {
  static constexpr std::array<std::string_view, 3> flow{"If", "Loop", "Scan"};
  const Names found = operators_among(model, flow);
  if (found.empty()) return {State::pass, "no branches and no loops"};
  return {State::warn, "what is computed depends on values (" + list_of(found) +
                           "): an input may take a path that no test took"};
}

/// What values depend on the inputs; `all` is every name of the graph's inputs at the start.
Names dependent_on(const std::vector<Node>& nodes, Names reached) {
  // Nodes are in the order in which they are run.
  for (const Node& node : nodes) {
    bool depends = std::ranges::any_of(
        node.inputs, [&](const std::string& name) { return reached.contains(name); });
    for (const Attribute& attribute : node.attributes)
      for (const Graph& graph : attribute.graph)
        each_node_of(graph.nodes, [&](const Node& inner) {
          depends = depends || std::ranges::any_of(inner.inputs, [&](const std::string& name) {
                      return reached.contains(name);
                    });
        });
    if (depends) reached.insert(node.outputs.begin(), node.outputs.end());
  }
  return reached;
}

Look outputs_depend(const Model& model) {
  Names inputs;
  for (const ValueInfo& input : model.graph.inputs)
    inputs.insert(input.name);
  const Names reached = dependent_on(model.graph.nodes, inputs);
  std::vector<std::string> constant;
  for (const ValueInfo& output : model.graph.outputs)
    if (!reached.contains(output.name)) constant.push_back(output.name);
  if (constant.empty()) return {State::pass, "every output depends on an input"};
  return {State::fail, "outputs that no input changes: " + list_of(constant)};
}

Look inputs_used(const Model& model) {
  std::vector<std::string> idle;
  for (const ValueInfo& input : model.graph.inputs) {
    const Names reached = dependent_on(model.graph.nodes, {input.name});
    if (std::ranges::none_of(model.graph.outputs, [&](const ValueInfo& output) {
          return reached.contains(output.name);
        }))
      idle.push_back(input.name);
  }
  if (idle.empty()) return {State::pass, "every input changes an output"};
  return {State::warn, "inputs that change no output: " + list_of(idle)};
}

Look fixed_batch(const Model& model) {
  for (const ValueInfo& input : model.graph.inputs)
    if (!input.shape.empty() && input.shape.front() > 0)
      return {State::warn, fmt::format("'{}' is of a fixed batch of {}: tests fill the batch up",
                                       quotable(input.name), input.shape.front())};
  return {State::pass, "the batch size is free"};
}

Look final_softmax(const Model& model) {
  if (!model.graph.outputs.empty())
    for (const Node& node : model.graph.nodes)
      if ((node.op_type == "Softmax" || node.op_type == "LogSoftmax") && !node.outputs.empty() &&
          node.outputs.front() == model.graph.outputs.front().name)
        return {State::warn,
                "the scores are probabilities: attacks use the Softmax's input, since its "
                "gradient vanishes where the net is sure"};
  return {State::pass, "the scores are not the output of a Softmax"};
}

constexpr std::array<Row, 12> rows{{
    {"operators_known", operators_known},
    {"custom_domains", custom_domains},
    {"weights_finite", weights_finite},
    {"weights_used", weights_used},
    {"external_data", external_data},
    {"training_mode", training_mode},
    {"random_answers", random_answers},
    {"branches", branches},
    {"outputs_depend", outputs_depend},
    {"inputs_used", inputs_used},
    {"fixed_batch", fixed_batch},
    {"final_softmax", final_softmax},
}};

std::vector<Port> ports_of(const std::vector<ValueInfo>& values) {
  std::vector<Port> ports;
  for (const ValueInfo& value : values)
    ports.push_back({quotable(value.name), name_of(value.type), value.shape});
  return ports;
}

/// Whether tests of classifiers can be run, and what would answer them.
ModelCheck classifies(Model model, const std::string& file, std::string& engine) {
  const auto refused = [](const Error& error) {
    return ModelCheck{"classifier", State::warn, "no classifier to be attacked: " + error.message};
  };
  auto net = Net::build(std::move(model), file);
  if (!net) return refused(net.error());
  const auto classifier = Classifier::build(*std::move(net), file, Classifier::Randomness::allowed);
  if (!classifier) {
    engine = "LibTorch";
    return refused(classifier.error());
  }
  engine = classifier->engine();
  if (!classifier->random_nodes().empty())
    return {"classifier", State::warn,
            "answers by chance: it can be attacked (autoattack-rand), and nothing else measured"};
  return {"classifier", State::pass, "one input and an output of class scores"};
}

}  // namespace

ModelDescription inspect(Model model, const std::string& file) {
  ModelDescription description;
  description.ir_version = model.ir_version;
  description.producer = model.producer;
  description.opsets = model.opsets;
  description.inputs = ports_of(model.graph.inputs);
  description.outputs = ports_of(model.graph.outputs);
  each_node(model,
            [&](const Node& node) { ++description.operators[quotable(operator_name(node))]; });
  description.unsupported = unsupported_operators(model);
  for (const NotFinite& weight : model.not_finite)
    description.not_finite.push_back(fmt::format("{}: {}", quotable(weight.tensor), weight.count));
  description.parameters = model.parameters;
  for (const Row& row : rows) {
    Look look = row.look(model);
    description.checks.push_back({std::string(row.name), look.state, std::move(look.says)});
  }
  description.checks.push_back(classifies(std::move(model), file, description.engine));
  return description;
}

}  // namespace lockstep::ai
