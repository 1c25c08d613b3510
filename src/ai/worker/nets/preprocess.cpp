// SPDX-License-Identifier: Apache-2.0
// (scale * x - mean) / deviation is factor * x + shift: a Mul and an Add of constants, shaped so
// that they spread over the channels of the input.
#include "ai/worker/nets/preprocess.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::ai {
namespace {

tl::unexpected<Error> bad(const std::string& file, std::string message) {
  return fail(ErrorKind::usage, "ai.preprocessing", std::move(message), {file, 0, 0});
}

/// Which axis of the input, the batch axis counted, holds the channels.
std::size_t channel_axis(const std::vector<std::int64_t>& shape, const std::string& layout) {
  if (shape.size() != 4) return shape.size() < 2 ? 0 : 1;
  const auto counts = [&](std::size_t i) { return shape[i] == 1 || shape[i] == 3; };
  const bool is_last = layout == "nhwc" || (layout.empty() && !counts(1) && counts(3));
  return is_last ? 3 : 1;
}

Array constant_of(const ValueInfo& input, std::size_t axis, const std::vector<double>& values) {
  std::vector<std::int64_t> shape(input.shape.size(), 1);
  shape[axis] = static_cast<std::int64_t>(values.size());
  if (input.type == ElementType::float64) return array_of<double>(shape, values);
  const std::vector<float> narrow(values.begin(), values.end());
  return array_of<float>(shape, narrow);
}

/// A name that the graph does not have.
std::string free_name(const Graph& graph, std::string name) {
  const auto is_taken = [&](const std::string& wanted) {
    const auto among = [&](const std::vector<std::string>& names) {
      return std::ranges::find(names, wanted) != names.end();
    };
    return std::ranges::any_of(
               graph.nodes,
               [&](const Node& node) { return among(node.inputs) || among(node.outputs); }) ||
           std::ranges::any_of(graph.initializers,
                               [&](const auto& each) { return each.first == wanted; });
  };
  while (is_taken(name))
    name += "_";
  return name;
}

Node node_of(const char* type, std::string x, std::string constant, std::string y) {
  Node node;
  node.name = std::string("preprocessing ") + type;
  node.op_type = type;
  node.inputs = {std::move(x), std::move(constant)};
  node.outputs = {std::move(y)};
  Attribute broadcast;  // what operator sets before 7 ask for
  broadcast.name = "broadcast";
  broadcast.kind = Attribute::Kind::integer;
  broadcast.integer = 1;
  node.attributes.push_back(std::move(broadcast));
  return node;
}

}  // namespace

Result<> prepend(Model& model, const Preprocessing& preprocessing, const std::string& file) {
  if (preprocessing.is_identity()) return {};
  Graph& graph = model.graph;
  const bool is_one = graph.inputs.size() == 1 && graph.inputs.front().shape.size() >= 2 &&
                      (graph.inputs.front().type == ElementType::float32 ||
                       graph.inputs.front().type == ElementType::float64);
  if (!is_one)
    return bad(file,
               "expected a model with one input [samples, ...] of numbers to put the "
               "preprocessing in front of");
  ValueInfo& input = graph.inputs.front();
  const std::size_t axis = channel_axis(input.shape, preprocessing.layout);
  const std::size_t count =
      std::max({preprocessing.mean.size(), preprocessing.deviation.size(), std::size_t{1}});
  for (const auto* values : {&preprocessing.mean, &preprocessing.deviation})
    if (values->size() > 1 && values->size() != count)
      return bad(file, "expected as many means as standard deviations, or one of them");
  if (count > 1 && input.shape[axis] >= 0 && input.shape[axis] != static_cast<std::int64_t>(count))
    return bad(file, fmt::format("expected one mean and deviation, or one for each of the {} "
                                 "channels of the input, found {}",
                                 input.shape[axis], count));
  const auto at = [](const std::vector<double>& values, std::size_t i, double otherwise) {
    return values.empty() ? otherwise : values[values.size() == 1 ? 0 : i];
  };
  std::vector<double> factor;
  std::vector<double> shift;
  for (std::size_t i = 0; i < count; ++i) {
    const double deviation = at(preprocessing.deviation, i, 1);
    factor.push_back(preprocessing.scale / deviation);
    shift.push_back(-at(preprocessing.mean, i, 0) / deviation);
    if (!(deviation > 0) || !std::isfinite(factor.back()) || !std::isfinite(shift.back()) ||
        factor.back() == 0)
      return bad(file,
                 "expected a finite scale other than 0, finite means and standard deviations "
                 "above 0");
  }
  const std::string inner = input.name;
  const std::string raw = free_name(graph, inner + " raw");
  const std::string scaled = free_name(graph, inner + " scaled");
  const std::string factors = free_name(graph, inner + " factor");
  const std::string shifts = free_name(graph, inner + " shift");
  graph.initializers.emplace_back(factors, constant_of(input, axis, factor));
  graph.initializers.emplace_back(shifts, constant_of(input, axis, shift));
  input.name = raw;
  graph.nodes.insert(graph.nodes.begin(),
                     {node_of("Mul", raw, factors, scaled), node_of("Add", scaled, shifts, inner)});
  return {};
}

}  // namespace lockstep::ai
