// SPDX-License-Identifier: Apache-2.0
// Layers with weights: convolutions and matrix products.
//
// Convolutions may be padded differently before and after an axis, which LibTorch does not know:
// unequal pads are added as zeros first.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/windows.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

/// Whether every axis has this stride, and the kernel and the padded input are multiples of it.
bool folds_by(const Windows& windows, const Tensor& x) {
  const std::int64_t stride = windows.strides.front();
  for (std::size_t i = 0; i < windows.strides.size(); ++i) {
    const std::int64_t size =
        x.size(static_cast<std::int64_t>(i) + 2) + windows.before[i] + windows.after[i];
    if (windows.strides[i] != stride || windows.dilations[i] != 1 ||
        windows.kernel[i] % stride != 0 || size % stride != 0)
      return false;
  }
  return stride > 1;
}

// SPEED: LibTorch computes the gradient to an input of one channel as if it had sixteen. An image
// whose blocks of stride x stride pixels became channels, convolved without a stride, gives the
// same numbers: the first layer of the reference net takes 1.3 ms in place of 1.8 ms for 128
// samples.
constexpr std::int64_t folded_channels_max = 8;

bool is_better_folded(const Call& call, const Windows& windows, const Tensor& x) {
  return x.requires_grad() && x.dim() == 4 && call.integer("group", 1) == 1 &&
         folds_by(windows, x) &&
         x.size(1) * windows.strides.front() * windows.strides.front() <= folded_channels_max;
}

Values conv(const Call& call) {
  const Tensor& x = call.in(0);
  const Tensor& weight = call.in(1);
  const Windows windows = windows_of(call, spatial_sizes(x), spatial_sizes(weight));
  const Tensor bias = call.has(2) ? call.in(2) : Tensor();
  const Integers none(windows.kernel.size(), 0);
  if (is_better_folded(call, windows, x)) {
    const std::int64_t stride = windows.strides.front();
    const Tensor blocks = at::pixel_unshuffle(padded(x, windows.before, windows.after, 0), stride);
    return {at::convolution(blocks, at::pixel_unshuffle(weight, stride), bias, {1, 1}, none, {1, 1},
                            /*transposed=*/false, none, 1)};
  }
  const Tensor input = windows.is_symmetric() ? x : padded(x, windows.before, windows.after, 0);
  return {at::convolution(input, weight, bias, windows.strides,
                          windows.is_symmetric() ? windows.before : none, windows.dilations,
                          /*transposed=*/false, none, groups_of(call, x))};
}

// ConvTranspose: computed without pads; then the pads are cut off and the output padding added.
Values conv_transpose(const Call& call) {
  const Tensor& x = call.in(0);
  const Tensor& weight = call.in(1);
  const Integers sizes = spatial_sizes(x);
  const Integers kernel = spatial_sizes(weight);
  const std::size_t axes = sizes.size();
  const Integers ones(axes, 1);
  const Integers zeros(axes, 0);
  const Integers strides = call.integers("strides").value_or(ones);
  const Integers dilations = call.integers("dilations").value_or(ones);
  const Integers extra = call.integers("output_padding").value_or(zeros);
  const Integers pads = call.integers("pads").value_or(Integers(2 * axes, 0));
  const auto wanted = call.integers("output_shape");
  const std::string automatic = auto_pad_of(call);
  const bool is_same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  require(kernel.size() == axes && strides.size() == axes && dilations.size() == axes &&
              extra.size() == axes && pads.size() == 2 * axes &&
              (!wanted || wanted->size() >= axes),
          "expected one number for each spatial axis");
  Integers before(axes);
  Integers after(axes);
  for (std::size_t i = 0; i < axes; ++i) {
    const std::int64_t full = (sizes[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
    before[i] = automatic == "NOTSET" ? -pads[i] : 0;
    after[i] = extra[i] - (automatic == "NOTSET" ? pads[i + axes] : 0);
    if (!wanted && !is_same) continue;
    const std::int64_t target =
        wanted ? (*wanted)[wanted->size() - axes + i] : sizes[i] * strides[i];
    const std::int64_t total = full + extra[i] - target;
    require(std::abs(total) < limits::elements, "expected an output within the limit");
    const std::int64_t cut = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
    before[i] = -cut;
    after[i] = extra[i] - (total - cut);
  }
  Tensor y = at::convolution(x, weight, Tensor(), strides, zeros, dilations, /*transposed=*/true,
                             zeros, groups_of(call, x));
  y = padded(y, before, after, 0);
  if (!call.has(2)) return {y};
  Integers shape(axes + 2, 1);
  shape[1] = y.size(1);
  return {y + call.in(2).reshape(shape)};
}

Values gemm(const Call& call) {
  const Tensor a = call.flag("transA") ? call.in(0).t() : call.in(0);
  const Tensor b = call.flag("transB") ? call.in(1).t() : call.in(1);
  const double alpha = call.real("alpha", 1);
  const double beta = call.real("beta", 1);
  const bool is_real = a.is_floating_point();
  if (is_real && call.has(2) && call.in(2).dim() <= 2)
    return {at::addmm(call.in(2), a, b, beta, alpha)};
  Tensor y = at::matmul(a, b);
  if (alpha != 1) y = (y * alpha).to(a.scalar_type());
  if (call.has(2)) y = y + (beta == 1 ? call.in(2) : (call.in(2) * beta).to(a.scalar_type()));
  return {y};
}

Values matmul(const Call& call) {
  return {at::matmul(call.in(0), call.in(1))};
}

Values einsum(const Call& call) {
  std::vector<Tensor> operands;
  for (std::size_t i = 0; i < call.input_count(); ++i)
    operands.push_back(call.in(i));
  return {at::einsum(call.text("equation", ""), operands)};
}

Values determinant(const Call& call) {
  return {at::det(call.in(0))};
}

// Col2Im: adds columns of patches into an image.
Values col2im(const Call& call) {
  const Integers image = call.integers_in(1);
  const Integers block = call.integers_in(2);
  if (image.size() != 2) throw Unsupported("Col2Im with other than 2 spatial axes");
  const Integers ones(2, 1);
  const Integers strides = call.integers("strides").value_or(ones);
  const Integers dilations = call.integers("dilations").value_or(ones);
  const Integers pads = call.integers("pads").value_or(Integers(4, 0));
  require(pads.size() == 4 && block.size() == 2, "expected two numbers for each spatial axis");
  const Integers whole{image[0] + pads[0] + pads[2], image[1] + pads[1] + pads[3]};
  const Tensor y = at::col2im(call.in(0), whole, block, dilations, Integers{0, 0}, strides);
  return {padded(y, {-pads[0], -pads[1]}, {-pads[2], -pads[3]}, 0)};
}

constexpr std::array rows{
    OperatorRow{"Col2Im", 18, 18, col2im},
    OperatorRow{"Conv", 1, 22, conv},
    OperatorRow{"ConvTranspose", 1, 22, conv_transpose},
    OperatorRow{"Det", 11, 22, determinant},
    OperatorRow{"Einsum", 12, 12, einsum},
    OperatorRow{"Gemm", 1, 13, gemm},
    OperatorRow{"MatMul", 1, 13, matmul},
};

}  // namespace

std::span<const OperatorRow> layer_operators() {
  return rows;
}

}  // namespace lockstep::ai
