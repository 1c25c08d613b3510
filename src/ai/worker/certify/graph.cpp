// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/certify/graph.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <cmath>
#include <map>

#include "ai/worker/fused/compile.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

Tensor doubles(const std::vector<float>& values) {
  return at::tensor(at::ArrayRef<float>(values.data(), values.size()), at::kFloat).to(at::kDouble);
}

std::vector<std::int64_t> behind(std::int64_t first, const std::vector<std::int64_t>& rest) {
  std::vector<std::int64_t> all{first};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

struct NoForm {
  std::string reason;
};

}  // namespace

Tensor LinearNode::forward(const Tensor& x, const Tensor& by) const {
  if (is_product) return x.matmul(by.t());
  const Tensor padded = at::constant_pad_nd(x.reshape(behind(x.size(0), image)), pads);
  const std::vector<std::int64_t> none(strides.size(), 0);
  return at::convolution(padded, by, {}, strides, none, dilations, false, none, groups).flatten(1);
}

Tensor LinearNode::backward(const Tensor& a, const Tensor& by) const {
  if (is_product) return a.matmul(by);
  const std::vector<std::int64_t> none(strides.size(), 0);
  std::vector<std::int64_t> rest = pads;
  // What a stride leaves unread behind the last window is filled up with the pads' sizes below.
  for (std::int64_t& pad : rest)
    pad = -pad;
  const Tensor whole = at::convolution(a.reshape(behind(a.size(0), result)), by, {}, strides, none,
                                       dilations, true, none, groups);
  return at::constant_pad_nd(whole, rest).flatten(1);
}

Tensor LinearNode::whole_bias() const {
  if (is_product) return bias;
  std::int64_t positions = 1;
  for (std::size_t i = 1; i < result.size(); ++i)
    positions *= result[i];
  return bias.repeat_interleave(positions);
}

Tensor gather(const Reading& reading, const std::vector<Tensor>& values) {
  if (reading.parts.size() == 1 && reading.parts.front().is_whole)
    return values[static_cast<std::size_t>(reading.parts.front().value)];
  Tensor all;
  for (const Part& part : reading.parts) {
    const Tensor& value = values[static_cast<std::size_t>(part.value)];
    if (!all.defined()) all = at::zeros({value.size(0), reading.size}, value.options());
    all = all.index_add(1, part.places, value.index_select(1, part.elements));
  }
  return all;
}

Tensor evaluated(const Node& node, const std::vector<Tensor>& values) {
  if (const auto* linear = std::get_if<LinearNode>(&node))
    return linear->forward(gather(linear->in, values), linear->weight) + linear->whole_bias();
  if (const auto* scale = std::get_if<ScaleNode>(&node)) {
    Tensor sum = scale->shift;
    for (std::size_t i = 0; i < scale->terms.size(); ++i)
      sum = sum + gather(scale->terms[i], values) * scale->factors[i];
    return sum;
  }
  if (const auto* curve = std::get_if<CurveNode>(&node)) {
    const Tensor& z = values[static_cast<std::size_t>(curve->value)];
    return curve->is_tanh ? z.tanh() : z.sigmoid();
  }
  const auto& activation = std::get<ActivationNode>(node);
  return at::leaky_relu(values[static_cast<std::size_t>(activation.value)], activation.slope);
}

Tensor Graph::scores(const Tensor& x) const {
  std::vector<Tensor> values{x};
  for (const Node& node : nodes_)
    values.push_back(evaluated(node, values));
  return values.back();
}

/// Turns layers over slots into nodes over values.
class GraphBuilder {
 public:
  explicit GraphBuilder(const fused::Layers& layers)
      : layers_(layers), owners_(static_cast<std::size_t>(layers.slots)) {}

  Graph build() {
    graph_.sizes_.push_back(static_cast<std::int64_t>(layers_.inputs.size()));
    own(layers_.inputs, 0);
    for (const fused::Layer& layer : layers_.layers) {
      if (const auto* linear = std::get_if<fused::LinearLayer>(&layer.is))
        finish(add(linear_node(*linear), linear->out.size()), linear->out, layer.activation);
      else if (const auto* scale = std::get_if<fused::ScaleLayer>(&layer.is))
        finish(add(scale_node(*scale), scale->out.size()), scale->out, layer.activation);
      else if (const auto* curve = std::get_if<fused::CurveLayer>(&layer.is))
        bend(*curve);
      else
        maximum(std::get<fused::PoolLayer>(layer.is));
    }
    const Reading scores = reading(layers_.outputs);
    const bool is_last = scores.parts.size() == 1 && scores.parts.front().is_whole &&
                         scores.parts.front().value == graph_.last();
    if (!is_last) add(copy(scores), layers_.outputs.size());
    mark();
    return std::move(graph_);
  }

 private:
  struct Owner {
    int value = -1;
    std::int32_t element = 0;
  };

  int add(Node node, std::size_t size) {
    graph_.nodes_.push_back(std::move(node));
    graph_.sizes_.push_back(static_cast<std::int64_t>(size));
    return graph_.last();
  }

  void own(const fused::Slots& slots, int value) {
    for (std::size_t i = 0; i < slots.size(); ++i)
      owners_[static_cast<std::size_t>(slots[i])] = {value, static_cast<std::int32_t>(i)};
  }

  Reading reading(const fused::Slots& slots) const {
    std::map<int, std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>>> by_value;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots[i] <= 0) continue;  // a pad
      const Owner& owner = owners_[static_cast<std::size_t>(slots[i])];
      if (owner.value < 0) throw NoForm{"a layer reads what nothing wrote"};
      by_value[owner.value].first.push_back(owner.element);
      by_value[owner.value].second.push_back(static_cast<std::int64_t>(i));
    }
    Reading all{static_cast<std::int64_t>(slots.size()), {}};
    for (const auto& [value, lists] : by_value) {
      const auto size = static_cast<std::int64_t>(lists.first.size());
      Part part{value, false, {}, {}};
      part.is_whole = by_value.size() == 1 && lists.first == lists.second && size == all.size &&
                      size == graph_.sizes_[static_cast<std::size_t>(value)];
      part.elements = at::tensor(lists.first, at::kLong);
      part.places = at::tensor(lists.second, at::kLong);
      all.parts.push_back(std::move(part));
    }
    if (all.parts.empty()) throw NoForm{"a layer reads nothing but pads"};
    return all;
  }

  LinearNode linear_node(const fused::LinearLayer& layer) const {
    LinearNode node;
    node.in = reading(layer.in);
    node.groups = layer.groups;
    node.bias =
        layer.bias.empty() ? at::zeros({layer.out_channels}, at::kDouble) : doubles(layer.bias);
    node.image = {layer.in_channels};
    node.result = {layer.out_channels};
    std::vector<std::int64_t> shape{layer.out_channels, layer.in_channels / layer.groups};
    std::int64_t positions = 1;
    for (const fused::Sliding& axis : layer.axes) {
      positions *= axis.inputs * axis.outputs * axis.kernel;
      if (&axis == layer.axes.data() && axis.inputs * axis.outputs * axis.kernel == 1) continue;
      node.image.push_back(axis.inputs);
      node.result.push_back(axis.outputs);
      shape.push_back(axis.kernel);
      node.strides.push_back(axis.stride);
      node.dilations.push_back(axis.dilation);
      const std::int64_t reach =
          (axis.outputs - 1) * axis.stride + (axis.kernel - 1) * axis.dilation;
      node.pads.insert(node.pads.begin(), {axis.before, reach + 1 - axis.before - axis.inputs});
    }
    node.is_product = positions == 1 && layer.groups == 1;
    if (node.is_product) shape.resize(2);
    node.weight = doubles(layer.weight).reshape(shape);
    node.magnitude = node.weight.abs();
    return node;
  }

  ScaleNode scale_node(const fused::ScaleLayer& layer) const {
    ScaleNode node;
    for (const fused::ScaleLayer::Term& term : layer.terms) {
      node.terms.push_back(reading(term.in));
      node.factors.push_back(doubles(term.scale));
    }
    node.shift = doubles(layer.shift);
    return node;
  }

  static ScaleNode copy(Reading from) {
    const std::int64_t size = from.size;
    return {{std::move(from)}, {at::ones({size}, at::kDouble)}, at::zeros({size}, at::kDouble), {}};
  }

  static Reading whole(int value, std::int64_t size) {
    const Tensor all = at::arange(size, at::kLong);
    return {size, {{value, true, all, all}}};
  }

  /// b - a, or a + b, element by element.
  static ScaleNode sum(Reading a, double factor, Reading b) {
    const std::int64_t size = a.size;
    return {{std::move(a), std::move(b)},
            {at::full({size}, factor, at::kDouble), at::ones({size}, at::kDouble)},
            at::zeros({size}, at::kDouble),
            {}};
  }

  void finish(int value, const fused::Slots& slots, const std::optional<fused::Activation>& by) {
    if (by) {
      if (by->slope > 1) throw NoForm{"a LeakyRelu with a slope above 1 has no bounds"};
      const std::int64_t size = graph_.sizes_.back();
      const auto count = static_cast<std::size_t>(size);
      value = add(ActivationNode{value, by->slope}, count);
      if (std::isfinite(by->high)) {
        // min(y, high) = high - max(high - y, 0).
        const Tensor high = at::full({size}, static_cast<double>(by->high), at::kDouble);
        ScaleNode below = copy(whole(value, size));
        below.factors[0] = -below.factors[0];
        below.shift = high;
        value = add(below, count);
        value = add(ActivationNode{value, 0}, count);
        ScaleNode back = copy(whole(value, size));
        back.factors[0] = -back.factors[0];
        back.shift = high;
        value = add(back, count);
      }
    }
    own(slots, value);
  }

  void bend(const fused::CurveLayer& layer) {
    Reading in = reading(layer.in);
    const bool is_value = in.parts.size() == 1 && in.parts.front().is_whole;
    const int value = is_value ? in.parts.front().value : add(copy(std::move(in)), layer.in.size());
    const bool is_tanh = layer.kind == fused::CurveLayer::Kind::tanh;
    own(layer.out, add(CurveNode{value, is_tanh}, layer.out.size()));
  }

  /// A window's maximum as a tournament: max(a, b) = a + max(b - a, 0), so that bounds and splits
  /// know nothing but activations.
  void maximum(const fused::PoolLayer& pool) {
    const auto window = static_cast<std::size_t>(pool.window);
    // Of each output the candidates that are there; the last one is repeated where some are not.
    std::vector<fused::Slots> columns(window, fused::Slots(pool.out.size()));
    for (std::size_t i = 0; i < pool.out.size(); ++i) {
      fused::Slots there;
      for (std::size_t k = 0; k < window; ++k)
        if (const std::int32_t slot = pool.candidates[i * window + k]; slot >= 0)
          there.push_back(slot);
      if (there.empty()) throw NoForm{"a window of a pool lies outside the image"};
      for (std::size_t k = 0; k < window; ++k)
        columns[k][i] = there[std::min(k, there.size() - 1)];
    }
    std::vector<Reading> round;
    for (const fused::Slots& column : columns)
      round.push_back(reading(column));
    const auto size = static_cast<std::int64_t>(pool.out.size());
    if (round.size() == 1) add(copy(round.front()), pool.out.size());
    while (round.size() > 1) {
      std::vector<Reading> winners;
      for (std::size_t k = 0; k + 1 < round.size(); k += 2) {
        const int difference = add(sum(round[k], -1, round[k + 1]), pool.out.size());
        const int excess = add(ActivationNode{difference, 0}, pool.out.size());
        ScaleNode larger = sum(round[k], 1, whole(excess, size));
        larger.other = round[k + 1];
        winners.push_back(whole(add(std::move(larger), pool.out.size()), size));
      }
      if (round.size() % 2 == 1) winners.push_back(round.back());
      round = std::move(winners);
    }
    own(pool.out, graph_.last());
  }

  void mark() {
    graph_.is_before_activation_.assign(graph_.sizes_.size(), false);
    graph_.is_before_curve_.assign(graph_.sizes_.size(), false);
    for (const Node& node : graph_.nodes_) {
      if (const auto* activation = std::get_if<ActivationNode>(&node))
        graph_.is_before_activation_[static_cast<std::size_t>(activation->value)] = true;
      if (const auto* curve = std::get_if<CurveNode>(&node))
        graph_.is_before_curve_[static_cast<std::size_t>(curve->value)] = true;
    }
  }

  const fused::Layers& layers_;
  std::vector<Owner> owners_;  ///< by slot
  Graph graph_;
};

tl::expected<Graph, std::string> Graph::build(const Net& net,
                                              const std::vector<std::int64_t>& sample_shape,
                                              bool is_single) {
  const auto layers = fused::read_layers(net, sample_shape, is_single);
  if (!layers) return tl::unexpected(layers.error());
  try {
    const at::NoGradGuard no_gradients;
    return GraphBuilder(*layers).build();
  } catch (const NoForm& why) {
    return tl::unexpected(why.reason);
  }
}

}  // namespace lockstep::ai::certify
