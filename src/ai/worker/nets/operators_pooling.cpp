// SPDX-License-Identifier: Apache-2.0
// Pooling over windows and over whole images.
//
// The common case (equal pads, no ceil_mode, no dilation) goes straight to LibTorch. For all others
// the input is padded to exactly what the windows reach, and pooled without pads. Averages divide
// the sum of a window by the number of elements that count: those of the input, and those of the
// pads too with count_include_pad, but never what ceil_mode reaches beyond the pads.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <algorithm>
#include <array>
#include <limits>

#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/root.hpp"
#include "ai/worker/nets/windows.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

/// How many elements must stand behind each axis for the last window; negative: unused elements.
Integers reached_after(const Windows& windows, const Integers& sizes) {
  Integers after;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::int64_t reach = (windows.kernel[i] - 1) * windows.dilations[i] + 1;
    after.push_back((windows.outputs[i] - 1) * windows.strides[i] + reach - windows.before[i] -
                    sizes[i]);
  }
  return after;
}

std::tuple<Tensor, Tensor> max_pool(const Tensor& x, const Windows& w, const Integers& pads) {
  switch (w.kernel.size()) {
    case 1: {
      const auto [y, index] = at::max_pool2d_with_indices(
          x.unsqueeze(2), {1, w.kernel[0]}, {1, w.strides[0]}, {0, pads[0]}, {1, w.dilations[0]});
      return {y.squeeze(2), index.squeeze(2)};
    }
    case 2:
      return at::max_pool2d_with_indices(x, w.kernel, w.strides, pads, w.dilations);
    case 3:
      return at::max_pool3d_with_indices(x, w.kernel, w.strides, pads, w.dilations);
    default:
      throw Unsupported("MaxPool with more than 3 spatial axes");
  }
}

/// Positions in the padded image to positions in the whole tensor [N, C, D1, ...], in row-major
/// order or (column) with the last two axes exchanged, as the attribute storage_order says.
Tensor positions_in_input(
    Tensor index, const Tensor& x, const Integers& whole, const Integers& before, bool is_column) {
  const auto axes = static_cast<std::int64_t>(before.size());
  Tensor position = at::zeros_like(index);
  std::int64_t weight = 1;
  std::vector<Tensor> places;
  for (std::int64_t i = axes; i-- > 0;) {
    const auto k = static_cast<std::size_t>(i);
    places.insert(places.begin(), index.remainder(whole[k]) - before[k]);
    index = index.div(whole[k], "floor");
  }
  Integers order;
  for (std::int64_t i = axes; i-- > 0;)
    order.push_back(i);
  if (is_column) std::ranges::reverse(order);
  for (const std::int64_t i : order) {
    position = position + places[static_cast<std::size_t>(i)] * weight;
    weight *= x.size(i + 2);
  }
  Integers sizes(static_cast<std::size_t>(x.dim()), 1);
  sizes[0] = x.size(0);
  sizes[1] = x.size(1);
  return position + (at::arange(x.size(0) * x.size(1), index.options()) * weight).reshape(sizes);
}

Values max_pool_operator(const Call& call) {
  const Tensor x = call.in(0);
  const at::ScalarType type = x.scalar_type();
  const Integers sizes = spatial_sizes(x);
  const Windows windows = windows_of(call, sizes, {});
  const Tensor input = x.is_floating_point() ? x : x.to(at::kDouble);
  bool is_plain = windows.is_symmetric() && !call.flag("ceil_mode");
  for (std::size_t i = 0; i < sizes.size(); ++i)
    is_plain = is_plain && windows.before[i] >= 0 && 2 * windows.before[i] <= windows.kernel[i];
  const Integers none(sizes.size(), 0);
  if (is_plain && !call.wants(1))
    return {std::get<0>(max_pool(input, windows, windows.before)).to(type)};
  const Integers after = reached_after(windows, sizes);
  const Tensor whole =
      padded(input, windows.before, after, -std::numeric_limits<double>::infinity());
  const auto [y, index] = max_pool(whole, windows, none);
  if (!call.wants(1)) return {y.to(type)};
  const Tensor places = positions_in_input(index, x, spatial_sizes(whole), windows.before,
                                           call.flag("storage_order"));
  return {y.to(type), Value(places, ElementType::int64)};
}

/// The sum of each window, by a convolution of each channel with ones.
Tensor window_sums(const Tensor& x, const Windows& windows) {
  Integers one_channel{x.size(0) * x.size(1), 1};
  one_channel.insert(one_channel.end(), x.sizes().begin() + 2, x.sizes().end());
  Integers kernel{1, 1};
  kernel.insert(kernel.end(), windows.kernel.begin(), windows.kernel.end());
  const Integers none(windows.kernel.size(), 0);
  const Tensor sums =
      at::convolution(x.reshape(one_channel), at::ones(kernel, x.options()), Tensor(),
                      windows.strides, none, windows.dilations, false, none, 1);
  Integers result{x.size(0), x.size(1)};
  result.insert(result.end(), sums.sizes().begin() + 2, sums.sizes().end());
  return sums.reshape(result);
}

/// What ceil_mode reaches beyond the declared pads, at least 0.
Integers beyond_pads(const Integers& reached, const Integers& declared) {
  Integers beyond;
  for (std::size_t i = 0; i < reached.size(); ++i)
    beyond.push_back(std::max<std::int64_t>(reached[i] - declared[i], 0));
  return beyond;
}

Values average_pool(const Call& call) {
  const Tensor& x = call.in(0);
  const Integers sizes = spatial_sizes(x);
  const Windows windows = windows_of(call, sizes, {});
  const bool counts_pads = call.flag("count_include_pad");
  bool is_plain = windows.is_symmetric() && !call.flag("ceil_mode") && sizes.size() == 2;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    is_plain = is_plain && windows.before[i] >= 0 && 2 * windows.before[i] <= windows.kernel[i] &&
               windows.dilations[i] == 1;
  if (is_plain)
    return {at::avg_pool2d(x, windows.kernel, windows.strides, windows.before, false, counts_pads)};
  const Integers reached = reached_after(windows, sizes);
  const Integers none(sizes.size(), 0);
  Integers one_image{1, 1};
  one_image.insert(one_image.end(), sizes.begin(), sizes.end());
  Tensor counted = at::ones(one_image, x.options().requires_grad(false));
  const Integers beyond = beyond_pads(reached, windows.after);
  if (counts_pads) {
    Integers inside;
    for (std::size_t i = 0; i < sizes.size(); ++i)
      inside.push_back(std::min(reached[i], windows.after[i]));
    counted = padded(padded(counted, windows.before, inside, 1), none, beyond, 0);
  } else {
    counted = padded(counted, windows.before, reached, 0);
  }
  return {window_sums(padded(x, windows.before, reached, 0), windows) /
          window_sums(counted, windows)};
}

Values lp_pool(const Call& call) {
  const Tensor& x = call.in(0);
  const Integers sizes = spatial_sizes(x);
  const Windows windows = windows_of(call, sizes, {});
  const double p = call.opset() < 2 ? call.real("p", 2) : static_cast<double>(call.integer("p", 2));
  const Tensor powers =
      at::pow(at::abs(padded(x, windows.before, reached_after(windows, sizes), 0)), p);
  return {root(window_sums(powers, windows), p)};
}

Integers spatial_axes(const Tensor& x) {
  Integers axes;
  for (std::int64_t i = 2; i < x.dim(); ++i)
    axes.push_back(i);
  require(!axes.empty(), "expected an input [N, C, D1, ...]");
  return axes;
}

Values global_average_pool(const Call& call) {
  return {at::mean(call.in(0), spatial_axes(call.in(0)), true)};
}

Values global_max_pool(const Call& call) {
  return {at::amax(call.in(0), spatial_axes(call.in(0)), true)};
}

Values global_lp_pool(const Call& call) {
  const double p = call.opset() < 2 ? call.real("p", 2) : static_cast<double>(call.integer("p", 2));
  const Tensor powers = at::pow(at::abs(call.in(0)), p);
  return {root(at::sum(powers, spatial_axes(powers), true), p)};
}

// MaxUnpool: puts each element back where a MaxPool took it from.
Values max_unpool(const Call& call) {
  const Tensor& x = call.in(0);
  const Integers kernel = call.integers("kernel_shape").value_or(Integers{});
  const Integers strides = call.integers("strides").value_or(Integers(kernel.size(), 1));
  const Integers pads = call.integers("pads").value_or(Integers(2 * kernel.size(), 0));
  require(static_cast<std::int64_t>(kernel.size()) == x.dim() - 2 &&
              strides.size() == kernel.size() && pads.size() == 2 * kernel.size(),
          "expected one number for each spatial axis");
  Integers sizes{x.size(0), x.size(1)};
  for (std::size_t i = 0; i < kernel.size(); ++i)
    sizes.push_back((x.size(static_cast<std::int64_t>(i) + 2) - 1) * strides[i] + kernel[i] -
                    pads[i] - pads[i + kernel.size()]);
  // The indices speak of the pooled input's own shape, which an output_shape may enlarge.
  std::int64_t total = 1;
  for (const std::int64_t size : sizes)
    total *= size;
  Tensor y = at::zeros({total}, x.options())
                 .scatter(0, call.in(1).reshape(-1), x.reshape(-1))
                 .reshape(sizes);
  if (!call.has(2)) return {y};
  const Integers wanted = call.integers_in(2);
  require(wanted.size() == sizes.size(), "expected an output_shape of as many dimensions");
  Integers after;
  for (std::size_t i = 2; i < wanted.size(); ++i)
    after.push_back(wanted[i] - sizes[i]);
  return {padded(y, Integers(after.size(), 0), after, 0)};
}

constexpr std::array rows{
    OperatorRow{"AveragePool", 1, 22, average_pool},
    OperatorRow{"GlobalAveragePool", 1, 22, global_average_pool},
    OperatorRow{"GlobalLpPool", 1, 22, global_lp_pool},
    OperatorRow{"GlobalMaxPool", 1, 22, global_max_pool},
    OperatorRow{"LpPool", 1, 22, lp_pool},
    OperatorRow{"MaxPool", 1, 22, max_pool_operator},
    OperatorRow{"MaxUnpool", 9, 22, max_unpool},
};

}  // namespace

std::span<const OperatorRow> pooling_operators() {
  return rows;
}

}  // namespace lockstep::ai
