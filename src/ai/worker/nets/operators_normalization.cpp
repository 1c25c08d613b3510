// SPDX-License-Identifier: Apache-2.0
// Operators that shift and scale by statistics: of the training set (BatchNormalization), of the
// sample, of a channel, of a neighbourhood.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>
#include <numeric>

#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/root.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

/// A vector of one number per channel, shaped to broadcast over [N, C, ...].
Tensor per_channel(const Tensor& vector, std::int64_t rank) {
  Integers sizes(static_cast<std::size_t>(rank), 1);
  sizes[1] = vector.numel();
  return vector.reshape(sizes);
}

Integers axes_from(std::int64_t first, std::int64_t rank) {
  Integers axes(static_cast<std::size_t>(std::max<std::int64_t>(rank - first, 0)));
  std::iota(axes.begin(), axes.end(), first);
  return axes;
}

/// (x - mean) / sqrt(variance + epsilon) over the axes.
Tensor standardized(const Tensor& x, const Integers& axes, double epsilon) {
  const Tensor centred = x - at::mean(x, axes, true);
  return centred * at::rsqrt(at::mean(centred * centred, axes, true) + epsilon);
}

Values batch_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  require(x.dim() >= 2, "expected an input [N, C, ...]");
  const double epsilon = call.real("epsilon", 1e-5F);
  if (call.opset() < 9 && !call.flag("spatial", true)) {
    // Statistics for each element of the sample, not for each channel.
    const Tensor scale = call.in(1) * at::rsqrt(call.in(4) + epsilon);
    return {(x - call.in(3)) * scale + call.in(2)};
  }
  if (call.opset() >= 14 && call.flag("training_mode")) {
    Integers axes = axes_from(2, x.dim());
    axes.insert(axes.begin(), 0);
    const double momentum = call.real("momentum", 0.9F);
    const Tensor mean = at::mean(x, axes);
    const Tensor centred = x - per_channel(mean, x.dim());
    const Tensor variance = at::mean(centred * centred, axes);
    const Tensor scale = call.in(1) * at::rsqrt(variance + epsilon);
    return {centred * per_channel(scale, x.dim()) + per_channel(call.in(2), x.dim()),
            call.in(3) * momentum + mean * (1 - momentum),
            call.in(4) * momentum + variance * (1 - momentum)};
  }
  return {at::batch_norm(x, call.in(1), call.in(2), call.in(3), call.in(4), /*training=*/false, 0,
                         epsilon, false)};
}

Values instance_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  require(x.dim() >= 3, "expected an input [N, C, D1, ...]");
  return {standardized(x, axes_from(2, x.dim()), call.real("epsilon", 1e-5F)) *
              per_channel(call.in(1), x.dim()) +
          per_channel(call.in(2), x.dim())};
}

Values layer_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  const Integers axes = axes_from(call.axis("axis", -1, x.dim()), x.dim());
  const Tensor mean = at::mean(x, axes, true);
  const Tensor centred = x - mean;
  const Tensor inverse =
      at::rsqrt(at::mean(centred * centred, axes, true) + call.real("epsilon", 1e-5F));
  Tensor y = centred * inverse * call.in(1);
  if (call.has(2)) y = y + call.in(2);
  return {y, mean, inverse};
}

Values rms_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  const Integers axes = axes_from(call.axis("axis", -1, x.dim()), x.dim());
  const Tensor inverse = at::rsqrt(at::mean(x * x, axes, true) + call.real("epsilon", 1e-5F));
  return {x * inverse * call.in(1)};
}

// GroupNormalization: scale and bias are per group in operator set 18, per channel from 21 on.
Values group_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t groups = call.integer("num_groups", 0);
  require(x.dim() >= 2 && groups > 0 && x.size(1) % groups == 0,
          "expected channels that form groups");
  const Tensor grouped = x.reshape({x.size(0), groups, -1});
  const Tensor y = standardized(grouped, {2}, call.real("epsilon", 1e-5F)).reshape(x.sizes());
  const auto spread = [&](const Tensor& given) {
    return per_channel(
        given.numel() == x.size(1) ? given : given.repeat_interleave(x.size(1) / groups), x.dim());
  };
  return {y * spread(call.in(1)) + spread(call.in(2))};
}

Values mean_variance_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  const Integers axes = call.integers("axes").value_or(Integers{0, 2, 3});
  const Tensor centred = x - at::mean(x, axes, true);
  return {centred / (root(at::mean(centred * centred, axes, true)) + 1e-9)};
}

// LRN: y = x / (bias + alpha / size * sum of squares over `size` neighbouring channels)^beta.
Values local_response_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  require(x.dim() >= 2, "expected an input [N, C, ...]");
  const std::int64_t size = call.integer("size", 0);
  require(size > 0, "expected a size of at least 1");
  const std::int64_t before = (size - 1) / 2;
  Integers pads(static_cast<std::size_t>(2 * (x.dim() - 1)), 0);
  pads[pads.size() - 2] = before;
  pads[pads.size() - 1] = size - 1 - before;
  const Tensor squares = at::constant_pad_nd(x * x, pads, 0);
  Tensor sum = at::zeros_like(x);
  for (std::int64_t i = 0; i < size; ++i)
    sum = sum + squares.narrow(1, i, x.size(1));
  const double alpha = call.real("alpha", 1e-4F) / static_cast<double>(size);
  return {x / at::pow(sum * alpha + call.real("bias", 1.0), call.real("beta", 0.75))};
}

Values lp_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = call.axis("axis", -1, x.dim());
  const std::int64_t p = call.integer("p", 2);
  require(p == 1 || p == 2, "expected p 1 or 2");
  const Tensor norm = p == 1 ? at::sum(at::abs(x), axis, true) : root(at::sum(x * x, axis, true));
  // A vector of zeros stays one.
  const Tensor is_zero = norm == 0;
  return {(x / norm.masked_fill(is_zero, 1)).masked_fill(is_zero, 0)};
}

constexpr std::array rows{
    OperatorRow{"BatchNormalization", 1, 15, batch_normalization},
    OperatorRow{"GroupNormalization", 18, 21, group_normalization},
    OperatorRow{"InstanceNormalization", 1, 22, instance_normalization},
    OperatorRow{"LRN", 1, 13, local_response_normalization},
    OperatorRow{"LayerNormalization", 17, 17, layer_normalization},
    OperatorRow{"LpNormalization", 1, 22, lp_normalization},
    OperatorRow{"MeanVarianceNormalization", 9, 13, mean_variance_normalization},
    OperatorRow{"RMSNormalization", 23, 23, rms_normalization},
};

}  // namespace

std::span<const OperatorRow> normalization_operators() {
  return rows;
}

}  // namespace lockstep::ai
