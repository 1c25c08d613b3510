// SPDX-License-Identifier: Apache-2.0
// Matrix products, sums, and what is affine element by element.
#include <ATen/ATen.h>
#include <algorithm>
#include <cstdint>
#include <vector>

#include "ai/worker/fused/forms.hpp"
#include "ai/worker/nets/reduced_axes.hpp"

namespace lockstep::ai::fused {

using at::Tensor;

namespace {

/// Makes the scale and shift part of a linear layer's weights, where they are the same for all
/// positions of a channel. @param scale, shift [channels, positions...]
bool fold(Layer& layer, const Tensor& scale, const Tensor& shift) {
  auto* linear = std::get_if<LinearLayer>(&layer.is);
  if (linear == nullptr) return false;
  const Tensor factors = scale.reshape({linear->out_channels, -1});
  const Tensor terms = shift.reshape({linear->out_channels, -1});
  if (!factors.eq(factors.narrow(1, 0, 1)).all().item<bool>() ||
      !terms.eq(terms.narrow(1, 0, 1)).all().item<bool>())
    return false;
  linear->bias.resize(static_cast<std::size_t>(linear->out_channels), 0);
  const std::size_t per_channel =
      linear->weight.size() / static_cast<std::size_t>(linear->out_channels);
  for (std::int64_t channel = 0; channel < linear->out_channels; ++channel) {
    const double factor = factors[channel][0].item<double>();
    const auto c = static_cast<std::size_t>(channel);
    for (std::size_t i = c * per_channel; i < (c + 1) * per_channel; ++i)
      linear->weight[i] = static_cast<float>(linear->weight[i] * factor);
    linear->bias[c] =
        static_cast<float>(linear->bias[c] * factor + terms[channel][0].item<double>());
  }
  return true;
}

}  // namespace

void read_product(LayerReader& reader, const Net::Step& step, Values) {
  const Known& a = reader.input(step, 0);
  const Known& b = reader.input(step, 1);
  const Call call(step.node, step.opset, *step.prepared, {}, nullptr);
  const bool is_gemm = step.row->name == "Gemm";
  if (!a.is_slots || b.is_slots || b.value.tensor.dim() != 2 || a.value.tensor.dim() < 2 ||
      (is_gemm && (call.flag("transA") || reader.input(step, 2).is_slots)))
    throw no_form(step);
  const Tensor& x = a.value.tensor;
  Tensor weight = b.value.tensor.t();  // [out, in]
  if (is_gemm && call.flag("transB")) weight = b.value.tensor;
  weight = weight * call.real("alpha", 1);
  if (weight.size(1) != x.size(-1)) throw no_form(step);
  LinearLayer layer;
  layer.in_channels = weight.size(1);
  layer.out_channels = weight.size(0);
  layer.weight = floats_of(weight);
  if (is_gemm && reader.input(step, 2).value.tensor.defined()) {
    const Tensor bias = reader.input(step, 2).value.tensor * call.real("beta", 1);
    if (bias.dim() > 2 || (bias.dim() == 2 && bias.size(0) != 1)) throw no_form(step);
    layer.bias = floats_of(bias.reshape({-1}).expand({layer.out_channels}));
  }
  const std::int64_t places = x.numel() / x.size(0) / layer.in_channels;
  layer.axes[2].inputs = places;
  layer.axes[2].outputs = places;
  layer.in = slots_of(x.reshape({x.size(0), places, -1}).transpose(1, 2));
  std::vector<std::int64_t> shape(x.sizes().begin() + 1, x.sizes().end());
  shape.back() = layer.out_channels;
  const Tensor rows = reader.new_rows({layer.out_channels, places});
  layer.out = slots_of(rows);
  shape.insert(shape.begin(), x.size(0));
  const Tensor out = rows.transpose(1, 2).reshape(shape).contiguous();
  const int number = reader.add_layer({std::move(layer), {}});
  reader.set_output(step, 0, {Value(out), true, places == 1 ? number : -1});
}

/// Of two that depend on the sample; of one and a constant it is affine.
void read_sum(LayerReader& reader, const Net::Step& step, Values values) {
  if (!reader.input(step, 0).is_slots || !reader.input(step, 1).is_slots)
    return read_affine(reader, step, std::move(values));
  const Call call(step.node, step.opset, *step.prepared, {}, nullptr);
  if (step.opset < 7 && call.find("axis") != nullptr) throw no_form(step);
  const auto both = at::broadcast_tensors(
      {reader.input(step, 0).value.tensor, reader.input(step, 1).value.tensor});
  for (const Tensor& rows : both)
    reader.check_rows(rows, step);
  ScaleLayer::Term second = identity(both[1]);
  if (step.row->name == "Sub") second.scale.assign(second.scale.size(), -1);
  const Tensor out = reader.add_scale({identity(both[0]), std::move(second)}, {}, both[0]);
  reader.set_output(step, 0, {Value(out), true, reader.last_layer()});
}

/// y = scale * x + shift with the same two numbers for every sample: y(0) and y(1) tell them.
void read_affine(LayerReader& reader, const Net::Step& step, Values values) {
  const std::string_view name = step.row->name;
  const std::size_t place = reader.input(step, 0).is_slots ? 0 : 1;
  const Call call(step.node, step.opset, *step.prepared, values, nullptr);
  if ((name == "Div" && place == 1) || (name == "BatchNormalization" && place == 1) ||
      call.flag("training_mode"))
    throw no_form(step);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (i != place && reader.input(step, i).is_slots) throw no_form(step);
  const Tensor rows = values[place].tensor;
  for (Value& value : values)
    if (value.tensor.defined()) value.tensor = value.tensor.to(at::kDouble);
  const auto answer = [&](double x) {
    values[place] = Value(at::full(rows.sizes(), x, at::kDouble));
    return compute(step, values).front().tensor;
  };
  const Tensor shift = answer(0);
  const Tensor scale = answer(1) - shift;
  const bool is_batch =
      shift.dim() == rows.dim() && shift.size(0) == reader.samples() &&
      (reader.samples() == 1 || (at::equal(shift[0], shift[1]) && at::equal(scale[0], scale[1])));
  if (!is_batch) throw no_form(step);
  const Tensor source = rows.expand(shift.sizes());
  if (Layer* layer = reader.open_layer(step, place);
      layer != nullptr && source.sizes() == rows.sizes())
    if (fold(*layer, scale[0], shift[0])) {
      reader.set_output(step, 0, reader.input(step, place));
      return;
    }
  ScaleLayer::Term term{slots_of(source), floats_of(scale[0])};
  const Tensor out = reader.add_scale({std::move(term)}, floats_of(shift[0]), source);
  reader.set_output(step, 0, {Value(out), true, reader.last_layer()});
}

/// A sum or a mean along axes is a convolution of each element that is left with one number.
void read_reduction(LayerReader& reader, const Net::Step& step, Values values) {
  if (!reader.input(step, 0).is_slots || reader.input(step, 1).is_slots) throw no_form(step);
  const Call call(step.node, step.opset, *step.prepared, values, nullptr);
  const Tensor& x = values[0].tensor;
  const std::vector<std::int64_t> axes = reduced_axes(call);
  const auto is_reduced = [&axes](std::int64_t axis) {
    return std::ranges::find(axes, axis) != axes.end();
  };
  if (axes.empty() || is_reduced(0)) throw no_form(step);
  std::vector<std::int64_t> kept_first;
  std::vector<std::int64_t> shape;
  std::int64_t reduced = 1;
  for (std::int64_t axis = 0; axis < x.dim(); ++axis) {
    if (!is_reduced(axis)) kept_first.push_back(axis);
    if (is_reduced(axis)) reduced *= x.size(axis);
    if (!is_reduced(axis) || call.flag("keepdims", true))
      shape.push_back(is_reduced(axis) ? 1 : x.size(axis));
  }
  kept_first.insert(kept_first.end(), axes.begin(), axes.end());
  const std::int64_t kept = x.numel() / x.size(0) / reduced;
  LinearLayer layer;
  layer.groups = layer.in_channels = layer.out_channels = kept;
  layer.axes[2].inputs = layer.axes[2].kernel = reduced;
  const bool is_mean = step.row->name == "ReduceMean";
  layer.weight.assign(static_cast<std::size_t>(kept * reduced),
                      is_mean ? 1 / static_cast<float>(reduced) : 1);
  layer.in = slots_of(x.permute(kept_first).contiguous());
  const Tensor out = reader.new_rows({kept});
  layer.out = slots_of(out);
  const int number = reader.add_layer({std::move(layer), {}});
  reader.set_output(step, 0, {Value(out.reshape(shape)), true, number});
}

}  // namespace lockstep::ai::fused
