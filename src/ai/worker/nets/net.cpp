// SPDX-License-Identifier: Apache-2.0
// From a graph of named values to a list of steps over numbered slots.
//
//     x, W, b --Gemm--> h --Relu--> r        slots: x 0, W 1, b 2, h 3, r 4
//                                            steps: Gemm (0,1,2)->3, Relu (3)->4
//
// Building resolves names to slots, looks up each operator's row once, replaces calls of the
// model's own functions by their bodies, and computes at once every step whose inputs are all
// constants (exporters leave many: shapes, scales, reshaped weights). Running copies the constants
// into fresh slots, fills the inputs and walks the steps; a slot is dropped after its last use. A
// graph inside an attribute (If, Loop, Scan) is a Net of its own that captures slots of the net
// around it.
//
// Half precision is computed in float32 and rounded after each node, as the standard's reference
// does; unsigned integers are kept in wider signed ones and wrapped after each node (value.hpp).
//
// This file is where exceptions of LibTorch and of operators stop.
#include "ai/worker/nets/net.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <new>
#include <ranges>
#include <set>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/device.hpp"
#include "ai/worker/nets/net_step.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

std::string operator_name(const Node& node) {
  return node.domain.empty() ? quotable(node.op_type)
                             : quotable(node.domain) + "." + quotable(node.op_type);
}

const Function* find_function(const Model& model, const Node& node) {
  const auto found = std::ranges::find_if(model.functions, [&](const Function& function) {
    return function.name == node.op_type && function.domain == node.domain &&
           function.overload == node.overload;
  });
  return found == model.functions.end() ? nullptr : &*found;
}

void collect_unsupported(const Model& model,
                         const std::vector<Node>& nodes,
                         std::set<std::string>& names) {
  for (const Node& node : nodes) {
    if (find_operator(node.domain, node.op_type) == nullptr &&
        find_function(model, node) == nullptr)
      names.insert(operator_name(node));
    for (const Attribute& attribute : node.attributes)
      for (const Graph& graph : attribute.graph)
        collect_unsupported(model, graph.nodes, names);
  }
}

bool is_half(const at::Tensor& tensor) {
  return tensor.defined() &&
         (tensor.scalar_type() == at::kHalf || tensor.scalar_type() == at::kBFloat16);
}

bool is_wide(ElementType type) {
  return type == ElementType::uint16 || type == ElementType::uint32 || type == ElementType::uint64;
}

/// The first line of an exception's text: LibTorch appends a stack of its own functions.
std::string first_line(std::string_view text) {
  return quotable(text.substr(0, text.find('\n')), 200);
}

}  // namespace

Values compute(const Net::Step& step,
               Values inputs,
               const Call::RunGraph* run_graph,
               Chance* chance) {
  const OperatorRow& row = *step.row;
  at::ScalarType half = at::kFloat;
  ElementType wide = ElementType::undefined;
  for (Value& input : inputs) {
    if (input.type == ElementType::string) {
      if (row.types != Types::moved && row.types != Types::texts)
        throw Unsupported(fmt::format("{} of texts", row.name));
      if (row.types == Types::moved) wide = input.type;
    }
    if (is_wide(input.type)) wide = input.type;
    if (input.type == ElementType::uint64 && row.types != Types::moved &&
        input.tensor.lt(0).any().item<bool>())
      throw Unsupported(fmt::format("{} of uint64 numbers from 2^63 on", row.name));
    if (row.types != Types::computed || !is_half(input.tensor)) continue;
    half = input.tensor.scalar_type();
    input.tensor = input.tensor.to(at::kFloat);
  }
  Values outputs = row.compute(
      Call(step.node, step.opset, *step.prepared, std::move(inputs), run_graph, chance));
  for (Value& output : outputs) {
    if (!output.tensor.defined()) continue;
    if (half != at::kFloat && output.tensor.scalar_type() == at::kFloat)
      output.tensor = output.tensor.to(half);
    if (wide != ElementType::undefined && output.type == ElementType::undefined &&
        output.tensor.scalar_type() == scalar_type_of(wide))
      output = Value(wrapped(output.tensor, wide), wide);
  }
  return outputs;
}

/// The same, with the node's name in what it throws.
Values compute_named(const Net::Step& step,
                     Values inputs,
                     const Call::RunGraph* run_graph,
                     Chance* chance) {
  try {
    return compute(step, std::move(inputs), run_graph, chance);
  } catch (const Unsupported&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& trouble) {
    throw OperatorError(fmt::format("the node '{}' ({}): {}", quotable(step.node.name),
                                    operator_name(step.node), first_line(trouble.what())));
  }
}

/// Whether a step draws random numbers. A Dropout does not, where it is known to be off.
bool is_random(const Net::Step& step, const Values& constants) {
  if (!step.row->is_random) return false;
  if (step.row->name != "Dropout") return true;
  const auto is_zero = [&](std::size_t place, bool otherwise) {
    if (place >= step.inputs.size() || step.inputs[place] < 0) return otherwise;
    const at::Tensor& value = constants[static_cast<std::size_t>(step.inputs[place])].tensor;
    return value.defined() && value.numel() == 1 && value.to(at::kDouble).item<double>() == 0;
  };
  return step.opset >= 12 && !is_zero(2, true) && !is_zero(1, false);
}

/// Builds one net, and those inside its attributes.
struct Net::Builder {
  const Model& model;
  const std::string& file;
  int depth = 1;
  Builder* outer = nullptr;
  Net net;
  std::map<std::string, int> names;
  std::vector<std::shared_ptr<Step>> steps;
  std::size_t nodes = 0;  ///< of the outermost: all that were added, functions' bodies included

  tl::unexpected<Error> bad(std::string code, std::string message) const {
    return fail(ErrorKind::input, std::move(code), std::move(message), {file, 0, 0});
  }

  int new_slot(Value constant = {}) {
    net.constants_.push_back(std::move(constant));
    return static_cast<int>(net.constants_.size()) - 1;
  }

  /// The slot of a name, here or captured from a net around; -1 when nothing makes it.
  int slot_of(const std::string& name) {
    const auto found = names.find(name);
    if (found != names.end()) return found->second;
    if (outer == nullptr) return -1;
    const int around = outer->slot_of(name);
    if (around < 0) return -1;
    const int slot = new_slot(outer->net.constants_[static_cast<std::size_t>(around)]);
    if (!net.constants_[static_cast<std::size_t>(slot)].tensor.defined())
      net.captures_.push_back({around, slot});
    names[name] = slot;
    return slot;
  }

  std::int64_t opset_of(const std::map<std::string, std::int64_t>& opsets,
                        const std::string& domain) const {
    const auto found = opsets.find(domain);
    return found == opsets.end() ? 1 : found->second;
  }

  Builder& outermost() { return outer == nullptr ? *this : outer->outermost(); }

  Result<> add_graph(const Graph& graph, const std::map<std::string, std::int64_t>& opsets);
  Result<> add_node(const Node& node, const std::map<std::string, std::int64_t>& opsets, int level);
  Result<> add_call(const Function& function, const Node& call, int level);
  Result<> fold(Step& step);
  void finish();
};

Result<> Net::Builder::add_graph(const Graph& graph,
                                 const std::map<std::string, std::int64_t>& opsets) {
  for (const auto& [name, array] : graph.initializers)
    names[name] = new_slot(value_of(array));
  for (const ValueInfo& input : graph.inputs) {
    names[input.name] = new_slot();
    net.input_slots_.push_back(names[input.name]);
  }
  for (const Node& node : graph.nodes)
    TRY_VOID(add_node(node, opsets, 0));
  for (const ValueInfo& output : graph.outputs) {
    const int slot = slot_of(output.name);
    if (slot < 0)
      return bad("onnx.graph", fmt::format("expected a node that makes the output '{}', found none",
                                           quotable(output.name)));
    net.output_slots_.push_back(slot);
  }
  net.inputs_ = graph.inputs;
  net.outputs_ = graph.outputs;
  return {};
}

Result<> Net::Builder::add_node(const Node& node,
                                const std::map<std::string, std::int64_t>& opsets,
                                int level) {
  if (++outermost().nodes > limits::nodes)
    return bad("onnx.limit", fmt::format("expected at most {} nodes with those of functions put in "
                                         "the place of their calls, found more",
                                         limits::nodes));
  const OperatorRow* row = find_operator(node.domain, node.op_type);
  if (const Function* function = find_function(model, node); function != nullptr)
    return add_call(*function, node, level);
  if (row == nullptr)
    return bad("onnx.operator", fmt::format("there is no operator '{}' here", operator_name(node)));
  auto step = std::make_shared<Step>();
  step->row = row;
  step->node = node;
  step->opset = opset_of(opsets, node.domain);
  for (const std::string& name : node.inputs) {
    step->inputs.push_back(name.empty() ? -1 : slot_of(name));
    if (!name.empty() && step->inputs.back() < 0)
      return bad("onnx.graph",
                 fmt::format("expected '{}' before the node '{}' that uses it, found no such value",
                             quotable(name), quotable(node.name)));
  }
  for (const Attribute& attribute : node.attributes) {
    if (attribute.kind != Attribute::Kind::graph) continue;
    if (depth == limits::nesting) return bad("onnx.limit", "expected fewer graphs inside graphs");
    Builder inner{model, file, depth + 1, this, {}, {}, {}, 0};
    inner.net.file_ = file;
    TRY_VOID(inner.add_graph(attribute.graph.front(), opsets));
    inner.finish();
    step->graphs.emplace_back(attribute.name, std::move(inner.net));
  }
  for (const std::string& name : node.outputs) {
    // ONNX IR, "Graphs": every value is made once (static single assignment).
    if (!name.empty() && names.contains(name))
      return bad("onnx.graph", fmt::format("expected each value to be made once, found '{}' again",
                                           quotable(name)));
    step->outputs.push_back(name.empty() ? -1 : new_slot());
    if (!name.empty()) names[name] = step->outputs.back();
  }
  for (Attribute& attribute : step->node.attributes)
    attribute.graph.clear();
  return fold(*step).map([&] {
    const bool is_folded = std::ranges::all_of(step->outputs, [&](int slot) {
      return slot < 0 || net.constants_[static_cast<std::size_t>(slot)].tensor.defined();
    });
    if (!is_folded) steps.push_back(std::move(step));
  });
}

/// The nodes of a function as one call has them: with names of their own, and attributes of the
/// call where they ask for those. So have the nodes of graphs inside attributes, which see the
/// function's values.
struct Body {
  const Function& function;
  const Node& call;
  const std::string& prefix;
  const std::map<std::string, std::string>& renamed;

  void rename(std::string& name) const {
    const auto found = renamed.find(name);
    name = found == renamed.end() ? prefix + name : found->second;
  }

  void fit(Graph& graph) const {
    for (auto& [name, array] : graph.initializers)
      rename(name);
    for (auto* values : {&graph.inputs, &graph.outputs})
      for (ValueInfo& value : *values)
        rename(value.name);
    for (Node& node : graph.nodes)
      fit(node);
  }

  void fit(Node& node) const {
    for (auto* names : {&node.inputs, &node.outputs})
      for (std::string& name : *names)
        rename(name);
    std::vector<Attribute> attributes;
    for (Attribute& attribute : node.attributes) {
      for (Graph& graph : attribute.graph)
        fit(graph);
      if (attribute.refers_to.empty()) {
        attributes.push_back(std::move(attribute));
        continue;
      }
      for (const auto* source : {&call.attributes, &function.defaults}) {
        const auto given = std::ranges::find(*source, attribute.refers_to, &Attribute::name);
        if (given == source->end()) continue;
        attributes.push_back(*given);
        attributes.back().name = attribute.name;
        break;
      }
    }
    node.attributes = std::move(attributes);
  }
};

/// Puts the function's nodes in the place of the call, with names of their own.
Result<> Net::Builder::add_call(const Function& function, const Node& call, int level) {
  if (level == limits::nesting)
    return bad("onnx.limit", "expected fewer functions inside functions");
  const std::string prefix = fmt::format("{}/{}/", function.name, net.constants_.size());
  std::map<std::string, std::string> renamed{{"", ""}};
  for (std::size_t i = 0; i < function.inputs.size(); ++i)
    renamed[function.inputs[i]] = i < call.inputs.size() ? call.inputs[i] : "";
  for (std::size_t i = 0; i < function.outputs.size() && i < call.outputs.size(); ++i)
    renamed[function.outputs[i]] =
        call.outputs[i].empty() ? prefix + function.outputs[i] : call.outputs[i];
  const Body body{function, call, prefix, renamed};
  for (Node node : function.nodes) {
    body.fit(node);
    TRY_VOID(add_node(node, function.opsets, level + 1));
  }
  return {};
}

/// Computes a step whose inputs are all constants, and keeps its outputs as constants.
Result<> Net::Builder::fold(Step& step) {
  if (!step.graphs.empty() || is_random(step, net.constants_)) return {};
  Values inputs;
  for (const int slot : step.inputs) {
    inputs.push_back(slot < 0 ? Value() : net.constants_[static_cast<std::size_t>(slot)]);
    if (slot >= 0 && !inputs.back().tensor.defined()) return {};
  }
  const Values outputs = compute_named(step, std::move(inputs), nullptr, nullptr);
  for (std::size_t i = 0; i < step.outputs.size() && i < outputs.size(); ++i)
    if (step.outputs[i] >= 0)
      net.constants_[static_cast<std::size_t>(step.outputs[i])] = outputs[i];
  return {};
}

/// Finds each slot's last use.
void Net::Builder::finish() {
  std::set<int> seen(net.output_slots_.begin(), net.output_slots_.end());
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    std::vector<int> used = (*step)->inputs;
    for (const auto& [name, graph] : (*step)->graphs)
      for (const Capture& capture : graph.captures_)
        used.push_back(capture.outer);
    for (const int slot : used)
      if (slot >= 0 && seen.insert(slot).second) (*step)->dropped.push_back(slot);
  }
  net.steps_.assign(steps.begin(), steps.end());
}

Result<Net> Net::build(Model model, const std::string& file) {
  const std::vector<std::string> missing = unsupported_operators(model);
  if (!missing.empty())
    return fail(
        ErrorKind::input, "onnx.operator",
        fmt::format("expected operators that lockstep can run, found {}", join(missing, ", ")),
        {file, 0, 0});
  Builder builder{model, file, 1, nullptr, {}, {}, {}, 0};
  builder.net.file_ = file;
  try {
    TRY_VOID(builder.add_graph(model.graph, model.opsets));
  } catch (const Unsupported& trouble) {
    return fail(ErrorKind::input, "onnx.operator", trouble.what(), {file, 0, 0});
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::input, "ai.memory", "the net needs more memory than the limit allows",
                {file, 0, 0});
  } catch (const std::exception& trouble) {
    return fail(ErrorKind::input, "onnx.run",
                "a constant part of the model cannot be computed: " + first_line(trouble.what()),
                {file, 0, 0});
  }
  builder.finish();
  return std::move(builder.net);
}

/// Brings a step's inputs to where it is computed: on the device, once one of those that follow
/// lies there, else on the processor.
void Net::place(const Step& step, Values& inputs) const {
  const std::size_t following = std::min(step.on_device, inputs.size());
  const bool is_on_device =
      std::ranges::any_of(inputs | std::views::take(following), [&](const Value& input) {
        return input.tensor.defined() && input.tensor.device() == device_;
      });
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    at::Tensor& tensor = inputs[i].tensor;
    if (tensor.defined())
      tensor = tensor.to(is_on_device && i < following ? device_ : at::Device(at::kCPU));
  }
}

Values Net::evaluate(const Step& step, const Values& slots, Chance* chance) const {
  Values inputs;
  inputs.reserve(step.inputs.size());
  for (const int slot : step.inputs)
    inputs.push_back(slot < 0 ? Value() : slots[static_cast<std::size_t>(slot)]);
  if (!device_.is_cpu()) place(step, inputs);
  if (step.graphs.empty()) return compute_named(step, std::move(inputs), nullptr, chance);
  const Call::RunGraph run_graph = [&](std::string_view name, Values given) -> Values {
    for (const auto& [attribute, graph] : step.graphs)
      if (attribute == name) return graph.run_steps(std::move(given), slots, chance);
    throw OperatorError(fmt::format("expected a graph in the attribute '{}'", name));
  };
  return compute_named(step, std::move(inputs), &run_graph, chance);
}

Values Net::run_steps(Values inputs, const Values& outer, Chance* chance) const {
  require(inputs.size() == input_slots_.size(), "expected as many inputs as the graph declares");
  Values slots = constants_;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    slots[static_cast<std::size_t>(input_slots_[i])] = std::move(inputs[i]);
  if (!device_.is_cpu())
    for (const int slot : input_slots_) {
      at::Tensor& given = slots[static_cast<std::size_t>(slot)].tensor;
      if (given.defined() && given.is_floating_point()) given = given.to(device_);
    }
  for (const Capture& capture : captures_)
    slots[static_cast<std::size_t>(capture.inner)] = outer[static_cast<std::size_t>(capture.outer)];
  for (const auto& step : steps_) {
    Values outputs = evaluate(*step, slots, chance);
    for (std::size_t i = 0; i < step->outputs.size() && i < outputs.size(); ++i)
      if (step->outputs[i] >= 0)
        slots[static_cast<std::size_t>(step->outputs[i])] = std::move(outputs[i]);
    for (const int slot : step->dropped)
      slots[static_cast<std::size_t>(slot)] = Value();
  }
  Values outputs;
  for (const int slot : output_slots_)
    outputs.push_back(slots[static_cast<std::size_t>(slot)]);
  return outputs;
}

Result<Values> Net::run(Values inputs, Chance* chance) const {
  try {
    return run_steps(std::move(inputs), {}, chance);
  } catch (const Unsupported& trouble) {
    return fail(ErrorKind::input, "onnx.operator", trouble.what(), {file_, 0, 0});
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::input, "ai.memory", "the net needs more memory than the limit allows",
                {file_, 0, 0});
  } catch (const std::exception& trouble) {
    return fail(ErrorKind::input, "onnx.run", first_line(trouble.what()), {file_, 0, 0});
  }
}

std::vector<std::string> Net::random_nodes() const {
  std::vector<std::string> found;
  for (const auto& step : steps_) {
    if (is_random(*step, constants_))
      found.push_back(fmt::format("{} '{}'", step->row->name, quotable(step->node.name)));
    for (const auto& [attribute, graph] : step->graphs)
      std::ranges::copy(graph.random_nodes(), std::back_inserter(found));
  }
  return found;
}

void Net::keep_output(std::size_t place) {
  output_slots_ = {output_slots_[place]};
  outputs_ = {outputs_[place]};
}

/// The step that makes the first output; behind the last one when none does.
std::size_t Net::final_step() const {
  const auto found = std::ranges::find_if(steps_, [&](const std::shared_ptr<const Step>& step) {
    return !output_slots_.empty() && !step->outputs.empty() &&
           step->outputs.front() == output_slots_.front();
  });
  return static_cast<std::size_t>(found - steps_.begin());
}

/// Makes the input of the final step the first output.
void Net::drop_final(std::size_t step) {
  const int kept = steps_[step]->inputs.front();
  output_slots_.front() = kept;
  for (auto& other : steps_) {
    if (std::ranges::find(other->dropped, kept) == other->dropped.end()) continue;
    auto changed = std::make_shared<Step>(*other);
    std::erase(changed->dropped, kept);
    other = std::move(changed);
  }
}

bool Net::drop_final_softmax() {
  const std::size_t place = final_step();
  if (place == steps_.size()) return false;
  const Step& step = *steps_[place];
  if (step.row->name != "Softmax" && step.row->name != "LogSoftmax") return false;
  const auto axis = std::ranges::find(step.node.attributes, "axis", &Attribute::name);
  const std::int64_t value = axis != step.node.attributes.end() ? axis->integer
                             : step.opset < 13                  ? 1
                                                                : -1;
  // Class scores are [samples, classes]: the last axis is 1 or -1.
  if (value != 1 && value != -1) return false;
  drop_final(place);
  return true;
}

bool Net::drop_final_sigmoid() {
  const std::size_t place = final_step();
  if (place == steps_.size() || steps_[place]->row->name != "Sigmoid") return false;
  drop_final(place);
  return true;
}

void Net::widen() {
  for (Value& constant : constants_)
    if (constant.tensor.defined() && constant.tensor.scalar_type() == at::kFloat)
      constant.tensor = constant.tensor.to(at::kDouble);
  for (ValueInfo& input : inputs_)
    if (input.type == ElementType::float32) input.type = ElementType::float64;
}

Net Net::on(at::Device device) const {
  Net moved = *this;
  moved.device_ = device;
  std::set<int> followed;
  for (auto& step : moved.steps_) {
    auto own = std::make_shared<Step>(*step);
    own->prepared = std::make_shared<Prepared>();
    own->on_device = inputs_on_device(*own->row);
    for (auto& [attribute, graph] : own->graphs)
      graph = graph.on(device);
    for (std::size_t i = 0; i < std::min(own->on_device, own->inputs.size()); ++i)
      followed.insert(own->inputs[i]);
    step = std::move(own);
  }
  // Integers stay: they are shapes more often than not.
  for (const int slot : followed) {
    if (slot < 0) continue;
    at::Tensor& constant = moved.constants_[static_cast<std::size_t>(slot)].tensor;
    if (constant.defined() && constant.is_floating_point()) constant = constant.to(device);
  }
  return moved;
}

std::vector<std::string> unsupported_operators(const Model& model) {
  std::set<std::string> names;
  collect_unsupported(model, model.graph.nodes, names);
  for (const Function& function : model.functions)
    collect_unsupported(model, function.nodes, names);
  return {names.begin(), names.end()};
}

}  // namespace lockstep::ai
