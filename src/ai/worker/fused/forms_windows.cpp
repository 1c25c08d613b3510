// SPDX-License-Identifier: Apache-2.0
// Convolutions and pools.
#include <ATen/ATen.h>
#include <array>
#include <vector>

#include "ai/worker/fused/forms.hpp"
#include "ai/worker/nets/windows.hpp"

namespace lockstep::ai::fused {

using at::Tensor;

namespace {

/// Sliding of up to three axes, the last ones filled.
std::array<Sliding, 3> axes_of(const Windows& windows, const std::vector<std::int64_t>& sizes) {
  std::array<Sliding, 3> axes;
  if (sizes.size() > 3) throw NoFusedForm{"more than three spatial axes"};
  for (std::size_t i = 0; i < sizes.size(); ++i)
    axes[3 - sizes.size() + i] = {sizes[i],           windows.outputs[i],   windows.kernel[i],
                                  windows.strides[i], windows.dilations[i], windows.before[i]};
  return axes;
}

std::vector<std::int64_t> shape_with(std::int64_t channels, const Windows& windows) {
  std::vector<std::int64_t> shape{channels};
  shape.insert(shape.end(), windows.outputs.begin(), windows.outputs.end());
  return shape;
}

}  // namespace

void read_convolution(LayerReader& reader, const Net::Step& step, Values values) {
  if (!reader.input(step, 0).is_slots || reader.input(step, 1).is_slots ||
      reader.input(step, 2).is_slots)
    throw no_form(step);
  const Call call(step.node, step.opset, *step.prepared, values, nullptr);
  const Tensor& x = values[0].tensor;
  const Tensor& weight = values[1].tensor;
  const Windows windows = windows_of(call, spatial_sizes(x), spatial_sizes(weight));
  LinearLayer layer;
  layer.axes = axes_of(windows, spatial_sizes(x));
  layer.groups = call.integer("group", 1);
  layer.in_channels = x.size(1);
  layer.out_channels = weight.size(0);
  if (layer.groups < 1 || layer.in_channels % layer.groups != 0 ||
      layer.out_channels % layer.groups != 0 || weight.size(1) != layer.in_channels / layer.groups)
    throw no_form(step);
  layer.weight = floats_of(weight);
  if (call.has(2)) layer.bias = floats_of(values[2].tensor);
  layer.in = slots_of(x);
  const Tensor out = reader.new_rows(shape_with(layer.out_channels, windows));
  layer.out = slots_of(out);
  reader.set_output(step, 0, {Value(out), true, reader.add_layer({std::move(layer), {}})});
}

void read_max_pool(LayerReader& reader, const Net::Step& step, Values values) {
  const Call call(step.node, step.opset, *step.prepared, values, nullptr);
  const Tensor& x = values[0].tensor;
  const std::vector<std::int64_t> sizes = spatial_sizes(x);
  const Windows windows = windows_of(call, sizes, {});
  if (call.wants(1)) throw no_form(step);
  const auto axes = axes_of(windows, sizes);
  const Slots in = slots_of(x);
  const Tensor out = reader.new_rows(shape_with(x.size(1), windows));
  PoolLayer layer{slots_of(out), {}, axes[0].kernel * axes[1].kernel * axes[2].kernel};
  const auto inside = [](const Sliding& axis, std::int64_t output, std::int64_t k) {
    const std::int64_t i = output * axis.stride + k * axis.dilation - axis.before;
    return i >= 0 && i < axis.inputs ? i : -1;
  };
  for (std::int64_t c = 0; c < x.size(1); ++c)
    for (std::int64_t a = 0; a < axes[0].outputs; ++a)
      for (std::int64_t b = 0; b < axes[1].outputs; ++b)
        for (std::int64_t d = 0; d < axes[2].outputs; ++d)
          for (std::int64_t p = 0; p < axes[0].kernel; ++p)
            for (std::int64_t q = 0; q < axes[1].kernel; ++q)
              for (std::int64_t r = 0; r < axes[2].kernel; ++r) {
                const std::int64_t i = inside(axes[0], a, p);
                const std::int64_t j = inside(axes[1], b, q);
                const std::int64_t k = inside(axes[2], d, r);
                const std::int64_t place =
                    ((c * axes[0].inputs + i) * axes[1].inputs + j) * axes[2].inputs + k;
                layer.candidates.push_back(
                    i < 0 || j < 0 || k < 0 ? -1 : in[static_cast<std::size_t>(place)]);
              }
  reader.set_output(step, 0, {Value(out), true, reader.add_layer({std::move(layer), {}})});
}

/// A mean over windows is a convolution of each channel with one number.
void read_average(LayerReader& reader, const Net::Step& step, Values values) {
  const Tensor x = values[0].tensor;
  const Call call(step.node, step.opset, *step.prepared, values, nullptr);
  const std::vector<std::int64_t> sizes = spatial_sizes(x);
  Windows windows;
  if (step.row->name == "GlobalAveragePool") {
    const std::vector<std::int64_t> ones(sizes.size(), 1);
    const std::vector<std::int64_t> none(sizes.size(), 0);
    windows = {sizes, ones, ones, none, none, ones};
  } else {
    windows = windows_of(call, sizes, {});
  }
  LinearLayer layer;
  layer.axes = axes_of(windows, sizes);
  layer.groups = x.size(1);
  layer.in_channels = x.size(1);
  layer.out_channels = x.size(1);
  const std::int64_t kernel = layer.axes[0].kernel * layer.axes[1].kernel * layer.axes[2].kernel;
  const std::vector<std::int64_t> none(sizes.size(), 0);
  const bool has_pads = windows.before != none || windows.after != none;
  if (call.flag("ceil_mode") || (has_pads && !call.flag("count_include_pad")))
    throw NoFusedForm{"an average over windows of different sizes has no fused form"};
  layer.weight.assign(static_cast<std::size_t>(x.size(1) * kernel), 1 / static_cast<float>(kernel));
  layer.in = slots_of(x);
  const Tensor out = reader.new_rows(shape_with(x.size(1), windows));
  layer.out = slots_of(out);
  reader.set_output(step, 0, {Value(out), true, reader.add_layer({std::move(layer), {}})});
}

}  // namespace lockstep::ai::fused
