// SPDX-License-Identifier: Apache-2.0
// From a net to layers over slots. Operators that only move elements (Reshape, Transpose, Concat,
// Slice, ...) cost nothing: each is run once, by its own row, on the numbers of the slots in place
// of the values. Affine ones (BatchNormalization, Add of a constant, ...) are found out by asking
// them for 0 and for 1. What is left are the layers that compute.
//
// A net whose batch size is free is read with a batch of two, so that an operator that mixes
// samples is noticed. A net with an operator that has no fused form stays with LibTorch as a whole.
#include "ai/worker/fused/layer_reader.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ai/worker/fused/forms.hpp"
#include "base/text.hpp"

namespace lockstep::ai::fused {
namespace {

using at::Tensor;

/// Between the slot numbers of the first and of the second sample.
constexpr std::int64_t second_sample = std::int64_t{1} << 40;
constexpr std::int64_t slots_max = std::int64_t{1} << 26;

bool is_other_than_float32(const Value& value) {
  if (!value.tensor.defined()) return false;
  const auto type = value.tensor.scalar_type();
  return type == at::kHalf || type == at::kBFloat16 || type == at::kDouble;
}

}  // namespace

NoFusedForm no_form(const Net::Step& step) {
  return {fmt::format("the operator {} has no fused form", quotable(step.row->name))};
}

Slots slots_of(const Tensor& rows) {
  const Tensor flat = rows.select(0, 0).contiguous().to(at::kInt);
  const auto* data = flat.data_ptr<std::int32_t>();
  return {data, data + flat.numel()};
}

std::vector<float> floats_of(const Tensor& tensor) {
  const Tensor flat = tensor.to(at::kFloat).contiguous();
  const auto* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

ScaleLayer::Term identity(const Tensor& rows) {
  ScaleLayer::Term term{slots_of(rows), {}};
  term.scale.assign(term.in.size(), 1);
  return term;
}

LayerReader::LayerReader(const Net& net, std::vector<std::int64_t> sample_shape, bool is_single)
    : net_(net),
      known_(net.constants().size()),
      uses_(net.constants().size(), 0),
      samples_(is_single ? 1 : 2) {
  for (std::size_t i = 0; i < known_.size(); ++i)
    known_[i].value = net.constants()[i];
  for (const auto& step : net.steps())
    for (const int slot : step->inputs)
      if (slot >= 0) ++uses_[static_cast<std::size_t>(slot)];
  for (const int slot : net.output_slots())
    ++uses_[static_cast<std::size_t>(slot)];
  const Tensor input = new_rows(std::move(sample_shape));
  layers_.inputs = slots_of(input);
  known_[static_cast<std::size_t>(net.input_slots().front())] = {Value(input), true, -1};
}

Layers LayerReader::read() {
  for (const auto& step : net_.steps())
    read(*step);
  const Known& scores = known_[static_cast<std::size_t>(net_.output_slots().front())];
  if (!scores.is_slots) throw NoFusedForm{"the scores do not depend on the input"};
  layers_.outputs = slots_of(scores.value.tensor);
  Slots sorted = layers_.outputs;
  std::ranges::sort(sorted);
  const bool is_repeated = std::ranges::adjacent_find(sorted) != sorted.end();
  const bool is_written =
      scores.layer >= 0 && !layers_.layers[static_cast<std::size_t>(scores.layer)].activation;
  if (is_repeated || !is_written) {
    const Tensor copy = add_scale({identity(scores.value.tensor)}, {}, scores.value.tensor);
    layers_.outputs = slots_of(copy);
  }
  return std::move(layers_);
}

/// Images are laid out with the channels last, so that a convolution reads long runs.
Tensor LayerReader::new_rows(std::vector<std::int64_t> shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size <= 0 || size > slots_max || count * size > slots_max)
      throw NoFusedForm{"a layer is too large"};
    count *= size;
  }
  if (layers_.slots + count > slots_max) throw NoFusedForm{"the net is too large"};
  Tensor rows;
  if (shape.size() > 1) {
    std::vector<std::int64_t> last(shape.begin() + 1, shape.end());
    last.push_back(shape.front());
    rows = at::arange(count, at::kLong).reshape(last).movedim(-1, 0);
  } else {
    rows = at::arange(count, at::kLong).reshape(shape);
  }
  rows = rows + layers_.slots;
  layers_.slots += count;
  rows = rows.unsqueeze(0).contiguous();
  return samples_ == 1 ? rows : at::cat({rows, rows + second_sample});
}

void LayerReader::check_rows(const Tensor& rows, const Net::Step& step) const {
  const bool is_batch = rows.defined() && rows.scalar_type() == at::kLong && rows.dim() >= 1 &&
                        rows.size(0) == samples_;
  if (!is_batch ||
      (samples_ == 2 && !at::equal(rows.select(0, 1), rows.select(0, 0) + second_sample)))
    throw NoFusedForm{fmt::format("the node '{}' mixes samples", quotable(step.node.name))};
}

Tensor LayerReader::with_pads(const Tensor& rows) const {
  if (samples_ == 1) return rows;
  const Tensor second = rows.narrow(0, 1, 1);
  return at::cat({rows.narrow(0, 0, 1), second.masked_fill(second.eq(0), second_sample)});
}

const Known& LayerReader::input(const Net::Step& step, std::size_t i) const {
  static const Known none;
  if (i >= step.inputs.size() || step.inputs[i] < 0) return none;
  return known_[static_cast<std::size_t>(step.inputs[i])];
}

void LayerReader::set_output(const Net::Step& step, std::size_t i, Known known) {
  if (i < step.outputs.size() && step.outputs[i] >= 0)
    known_[static_cast<std::size_t>(step.outputs[i])] = std::move(known);
}

bool LayerReader::is_used_once(const Net::Step& step, std::size_t i) const {
  return uses_[static_cast<std::size_t>(step.inputs[i])] == 1;
}

int LayerReader::add_layer(Layer layer) {
  layers_.layers.push_back(std::move(layer));
  return last_layer();
}

int LayerReader::last_layer() const {
  return static_cast<int>(layers_.layers.size()) - 1;
}

Tensor LayerReader::add_scale(std::vector<ScaleLayer::Term> terms,
                              std::vector<float> shift,
                              const Tensor& like,
                              std::optional<Activation> activation) {
  const Tensor out = new_rows({like.sizes().begin() + 1, like.sizes().end()});
  if (shift.empty()) shift.assign(terms.front().in.size(), 0);
  add_layer({ScaleLayer{slots_of(out), std::move(terms), std::move(shift)}, activation});
  return out;
}

Layer* LayerReader::open_layer(const Net::Step& step, std::size_t i) {
  const Known& known = input(step, i);
  if (known.layer < 0 || !is_used_once(step, i)) return nullptr;
  Layer& layer = layers_.layers[static_cast<std::size_t>(known.layer)];
  const bool is_closed = layer.activation || std::holds_alternative<PoolLayer>(layer.is) ||
                         std::holds_alternative<CurveLayer>(layer.is);
  return is_closed ? nullptr : &layer;
}

void LayerReader::read(const Net::Step& step) {
  const std::string_view name = step.row->name;
  if (!step.graphs.empty() || !step.row->domain.empty()) throw no_form(step);
  Values values;
  bool has_slots = false;
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    const Known& known = input(step, i);
    values.push_back(known.value);
    has_slots = has_slots || known.is_slots;
    if (!known.is_slots && is_other_than_float32(known.value))
      throw NoFusedForm{"weights other than float32"};
  }
  if (!has_slots || name == "Shape" || name == "Size") {
    const Values outputs = compute(step, std::move(values));
    for (std::size_t i = 0; i < outputs.size(); ++i)
      set_output(step, i, {outputs[i], false, -1});
    return;
  }
  const FusedForm* form = fused_form_of(name);
  if (form == nullptr) throw no_form(step);
  form->read(*this, step, std::move(values));
}

}  // namespace lockstep::ai::fused
