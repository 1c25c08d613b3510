// SPDX-License-Identifier: Apache-2.0
// Quantised arithmetic. Integers are computed in float64, in which products and sums of 8-bit and
// 16-bit numbers of any layer here are exact; then they are scaled, rounded half to even and
// saturated. Rounding has no gradient: gradient attacks on quantised nets find none, and the
// soundness checks say so.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>

#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/windows.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

struct Bounds {
  double low;
  double high;
};

Bounds bounds_of(ElementType type) {
  switch (type) {
    case ElementType::uint8:
      return {0, 255};
    case ElementType::int8:
      return {-128, 127};
    case ElementType::uint16:
      return {0, 65535};
    case ElementType::int16:
      return {-32768, 32767};
    case ElementType::int32:
      return {-2147483648.0, 2147483647.0};
    default:
      throw Unsupported("quantised elements of " + name_of(type));
  }
}

/// Rounded, saturated, and as elements of `type`.
Value saturated(const Tensor& x, ElementType type) {
  const Bounds bounds = bounds_of(type);
  return {at::clamp(x, bounds.low, bounds.high).to(scalar_type_of(type)), type};
}

/// A scale or zero point (one number, one per index of an axis, or one per block of it), spread
/// over x.
Tensor spread(const Tensor& given, const Tensor& x, std::int64_t axis, std::int64_t block) {
  if (given.numel() == 1) return given.reshape({});
  if (block > 0) return given.repeat_interleave(block, axis).narrow(axis, 0, x.size(axis));
  require(given.dim() == 1 && given.size(0) == x.size(axis),
          "expected one scale for each index of the axis");
  Integers sizes(static_cast<std::size_t>(x.dim()), 1);
  sizes[static_cast<std::size_t>(axis)] = given.size(0);
  return given.reshape(sizes);
}

std::int64_t quantized_axis(const Call& call, const Tensor& x) {
  if (call.in(1).numel() == 1) return 0;
  return call.axis("axis", 1, x.dim());
}

Values quantize_linear(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = quantized_axis(call, x);
  const std::int64_t block = call.integer("block_size", 0);
  const Tensor scale = spread(call.in(1), x, axis, block);
  auto type = static_cast<ElementType>(call.integer("output_dtype", 0));
  if (type == ElementType::undefined) type = ElementType::uint8;
  if (call.has(2)) type = element_type(call.value(2));
  Tensor y = at::round(x / scale).to(at::kDouble);
  if (call.has(2)) y = y + spread(call.in(2).to(at::kDouble), x, axis, block);
  return {saturated(y, type)};
}

Values dequantize_linear(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = quantized_axis(call, x);
  const std::int64_t block = call.integer("block_size", 0);
  Tensor y = x.to(at::kDouble);
  if (call.has(2)) y = y - spread(call.in(2).to(at::kDouble), x, axis, block);
  const Tensor& scale = call.in(1);
  return {Value((y * spread(scale, x, axis, block)).to(scale.scalar_type()),
                element_type(Value(scale)))};
}

Values dynamic_quantize_linear(const Call& call) {
  const Tensor& x = call.in(0);
  const Tensor low = at::clamp_max(x.min(), 0);
  const Tensor high = at::clamp_min(x.max(), 0);
  const Tensor scale = (high - low) / 255;
  const Tensor zero = at::clamp(at::round(-low / scale), 0, 255);
  return {saturated(at::round(x / scale) + zero, ElementType::uint8), scale,
          saturated(zero, ElementType::uint8)};
}

/// Input `i` minus its zero point `k`, in float64. A zero point per row stands on the last axis but
/// one.
Tensor centred(const Call& call, std::size_t i, std::size_t k, bool per_row) {
  const Tensor x = call.in(i).to(at::kDouble);
  if (!call.has(k)) return x;
  const Tensor zero = call.in(k).to(at::kDouble);
  if (zero.numel() == 1) return x - zero.reshape({});
  return x - (per_row && zero.dim() == 1 ? zero.unsqueeze(-1) : zero);
}

Values matmul_integer(const Call& call) {
  return {at::matmul(centred(call, 0, 2, true), centred(call, 1, 3, false)).to(at::kInt)};
}

Values qlinear_matmul(const Call& call) {
  const Tensor product = at::matmul(centred(call, 0, 2, true), centred(call, 3, 5, false));
  Tensor left = call.in(1).to(at::kDouble);
  if (left.dim() == 1 && left.numel() > 1) left = left.unsqueeze(-1);
  const Tensor scale = left * call.in(4).to(at::kDouble) / call.in(6).to(at::kDouble);
  const Tensor y = at::round(product * scale) + call.in(7).to(at::kDouble);
  return {saturated(y, element_type(call.value(7)))};
}

/// A convolution of exact integers; the zero point of the weights may differ by output channel.
Tensor integer_convolution(const Call& call, const Tensor& x, const Tensor& weight) {
  const Windows windows = windows_of(call, spatial_sizes(x), spatial_sizes(weight));
  const Integers none(windows.kernel.size(), 0);
  return at::convolution(padded(x, windows.before, windows.after, 0), weight, Tensor(),
                         windows.strides, none, windows.dilations, false, none, groups_of(call, x));
}

Tensor per_output_channel(const Tensor& given, std::int64_t rank, std::int64_t channel_axis) {
  if (given.numel() == 1) return given.reshape({});
  require(channel_axis < rank, "expected weights and outputs with an axis of channels");
  Integers sizes(static_cast<std::size_t>(rank), 1);
  sizes[static_cast<std::size_t>(channel_axis)] = given.numel();
  return given.reshape(sizes);
}

Tensor centred_weight(const Call& call, std::size_t i, std::size_t k) {
  const Tensor weight = call.in(i).to(at::kDouble);
  if (!call.has(k)) return weight;
  return weight - per_output_channel(call.in(k).to(at::kDouble), weight.dim(), 0);
}

Values conv_integer(const Call& call) {
  return {integer_convolution(call, centred(call, 0, 2, false), centred_weight(call, 1, 3))
              .to(at::kInt)};
}

Values qlinear_conv(const Call& call) {
  Tensor sum = integer_convolution(call, centred(call, 0, 2, false), centred_weight(call, 3, 5));
  if (call.has(8)) sum = sum + per_output_channel(call.in(8).to(at::kDouble), sum.dim(), 1);
  const Tensor weight_scale = per_output_channel(call.in(4).to(at::kDouble), sum.dim(), 1);
  const Tensor scale = call.in(1).to(at::kDouble) * weight_scale / call.in(6).to(at::kDouble);
  const Tensor y = at::round(sum * scale) + call.in(7).to(at::kDouble);
  return {saturated(y, element_type(call.value(7)))};
}

constexpr std::array rows{
    OperatorRow{"ConvInteger", 10, 10, conv_integer, Types::kept},
    OperatorRow{"DequantizeLinear", 10, 25, dequantize_linear, Types::kept},
    OperatorRow{"DynamicQuantizeLinear", 11, 11, dynamic_quantize_linear, Types::kept},
    OperatorRow{"MatMulInteger", 10, 10, matmul_integer, Types::kept},
    OperatorRow{"QLinearConv", 10, 10, qlinear_conv, Types::kept},
    OperatorRow{"QLinearMatMul", 10, 21, qlinear_matmul, Types::kept},
    OperatorRow{"QuantizeLinear", 10, 25, quantize_linear},
};

}  // namespace

std::span<const OperatorRow> quantized_operators() {
  return rows;
}

}  // namespace lockstep::ai
