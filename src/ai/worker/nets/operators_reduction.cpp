// SPDX-License-Identifier: Apache-2.0
// Reductions along axes, and the softmax family.
//
// Reduce*: axes are an attribute first and an input later (ReduceSum at operator set 13, the others
// at 18); no axes mean all of them, unless `noop_with_empty_axes` says none.
// Softmax before operator set 13 works on the input flattened to two dimensions at `axis`
// (default 1); from 13 on along `axis` alone (default -1).
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/reduced_axes.hpp"
#include "ai/worker/nets/root.hpp"

namespace lockstep::ai {

std::vector<std::int64_t> reduced_axes(const Call& call) {
  const std::int64_t rank = call.in(0).dim();
  std::vector<std::int64_t> axes;
  if (call.has(1)) {
    axes = call.integers_in(1);
  } else if (const auto given = call.integers("axes")) {
    axes = *given;
  }
  if (axes.empty() && !call.flag("noop_with_empty_axes")) {
    axes.resize(static_cast<std::size_t>(rank));
    std::iota(axes.begin(), axes.end(), 0);
  }
  for (std::int64_t& axis : axes)
    axis = from_front(axis, rank);
  return axes;
}

namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;
using Reduce = Tensor (*)(const Tensor& x, const Integers& axes);

/// Integers are reduced in float64 where the reduction divides or takes roots.
Tensor as_real(const Tensor& x) {
  return x.is_floating_point() ? x : x.to(at::kDouble);
}

Tensor sum(const Tensor& x, const Integers& axes) {
  return at::sum(x, axes, true, x.scalar_type());
}

Tensor mean(const Tensor& x, const Integers& axes) {
  return at::mean(as_real(x), axes, true).to(x.scalar_type());
}

Tensor prod(const Tensor& x, const Integers& axes) {
  Tensor result = x;
  for (const std::int64_t axis : axes)
    result = at::prod(result, axis, true, x.scalar_type());
  return result;
}

/// The result for an empty set of elements, with the reduced axes kept at size 1.
Tensor of_nothing(const Tensor& x, const Integers& axes, bool is_max) {
  Integers sizes = x.sizes().vec();
  for (const std::int64_t axis : axes)
    sizes[static_cast<std::size_t>(axis)] = 1;
  const double infinity = std::numeric_limits<double>::infinity();
  if (x.is_floating_point()) return at::full(sizes, is_max ? -infinity : infinity, x.options());
  if (x.scalar_type() == at::kBool) return at::full(sizes, !is_max, x.options());
  if (x.scalar_type() == at::kLong)
    return at::full(sizes,
                    is_max ? std::numeric_limits<std::int64_t>::min()
                           : std::numeric_limits<std::int64_t>::max(),
                    x.options());
  return at::full(
      sizes,
      is_max ? std::numeric_limits<std::int32_t>::min() : std::numeric_limits<std::int32_t>::max(),
      x.options());
}

Tensor largest(const Tensor& x, const Integers& axes) {
  return x.numel() == 0 ? of_nothing(x, axes, true) : at::amax(x, axes, true);
}

Tensor smallest(const Tensor& x, const Integers& axes) {
  return x.numel() == 0 ? of_nothing(x, axes, false) : at::amin(x, axes, true);
}

Tensor l1(const Tensor& x, const Integers& axes) {
  return sum(at::abs(x), axes);
}

Tensor sum_square(const Tensor& x, const Integers& axes) {
  return sum(x * x, axes);
}

Tensor l2(const Tensor& x, const Integers& axes) {
  return root(sum_square(as_real(x), axes)).to(x.scalar_type());
}

Tensor log_sum(const Tensor& x, const Integers& axes) {
  return at::log(sum(as_real(x), axes)).to(x.scalar_type());
}

Tensor log_sum_exp(const Tensor& x, const Integers& axes) {
  if (x.numel() == 0) return of_nothing(x, axes, true);
  return at::logsumexp(as_real(x), axes, true).to(x.scalar_type());
}

template <Reduce reduce>
Values reduction(const Call& call) {
  const Tensor& x = call.in(0);
  const Integers axes = reduced_axes(call);
  // Nothing is reduced, but each element is still taken alone (squared, its absolute value...).
  if (axes.empty()) return {reduce(x.unsqueeze(-1), {x.dim()}).squeeze(-1)};
  Tensor result = reduce(x, axes);
  if (call.flag("keepdims", true)) return {result};
  Integers sizes;
  for (std::int64_t i = 0; i < x.dim(); ++i)
    if (std::ranges::find(axes, i) == axes.end()) sizes.push_back(x.size(i));
  return {result.reshape(sizes)};
}

/// Runs a function along the last axis of a two-dimensional form (before 13) or along `axis`.
template <typename Function>
Tensor along(const Call& call, Function function) {
  const Tensor& x = call.in(0);
  if (call.opset() >= 13) return function(x, call.axis("axis", -1, x.dim()));
  std::int64_t rows = 1;
  const std::int64_t axis = call.axis("axis", 1, x.dim());
  for (std::int64_t i = 0; i < axis; ++i)
    rows *= x.size(i);
  return function(x.reshape({rows, -1}), std::int64_t{1}).reshape(x.sizes());
}

Values softmax(const Call& call) {
  return {along(call, [](const Tensor& x, std::int64_t axis) { return at::softmax(x, axis); })};
}

Values log_softmax(const Call& call) {
  return {along(call, [](const Tensor& x, std::int64_t axis) { return at::log_softmax(x, axis); })};
}

Values hardmax(const Call& call) {
  return {along(call, [](const Tensor& x, std::int64_t axis) {
    return at::zeros_like(x).scatter(axis, at::argmax(x, axis, true), 1);
  })};
}

Values cum_sum(const Call& call) {
  Tensor x = call.in(0);
  const std::int64_t axis = from_front(call.integers_in(1).at(0), x.dim());
  const bool is_reverse = call.flag("reverse");
  if (is_reverse) x = x.flip(axis);
  // Without an element's own number: the sums up to the one before. A difference of sums would lose
  // what is small beside it, and be no number where one is infinite.
  if (call.flag("exclusive") && x.size(axis) > 0) {
    const Tensor first = at::zeros_like(x.narrow(axis, 0, 1));
    x = at::cat({first, x.narrow(axis, 0, x.size(axis) - 1)}, axis);
  }
  const Tensor result = at::cumsum(x, axis, x.scalar_type());
  return {is_reverse ? result.flip(axis) : result};
}

constexpr std::array rows{
    OperatorRow{"CumSum", 11, 14, cum_sum},
    OperatorRow{"Hardmax", 1, 13, hardmax},
    OperatorRow{"LogSoftmax", 1, 13, log_softmax},
    OperatorRow{"ReduceL1", 1, 18, reduction<l1>},
    OperatorRow{"ReduceL2", 1, 18, reduction<l2>},
    OperatorRow{"ReduceLogSum", 1, 18, reduction<log_sum>},
    OperatorRow{"ReduceLogSumExp", 1, 18, reduction<log_sum_exp>},
    OperatorRow{"ReduceMax", 1, 20, reduction<largest>},
    OperatorRow{"ReduceMean", 1, 18, reduction<mean>},
    OperatorRow{"ReduceMin", 1, 20, reduction<smallest>},
    OperatorRow{"ReduceProd", 1, 18, reduction<prod>},
    OperatorRow{"ReduceSum", 1, 13, reduction<sum>},
    OperatorRow{"ReduceSumSquare", 1, 18, reduction<sum_square>},
    OperatorRow{"Softmax", 1, 13, softmax},
};

}  // namespace

std::span<const OperatorRow> reduction_operators() {
  return rows;
}

}  // namespace lockstep::ai
