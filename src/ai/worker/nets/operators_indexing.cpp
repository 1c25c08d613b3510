// SPDX-License-Identifier: Apache-2.0
// Operators that pick elements by index, put them there, or say where they are.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>

#include "ai/worker/limits.hpp"
#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

/// Indices as int64, counted from the front of a dimension of `size` elements, inside it.
Tensor front_indices(const Tensor& indices, std::int64_t size) {
  const Tensor wide = indices.to(at::kLong);
  require(wide.numel() == 0 ||
              (wide.min().item<std::int64_t>() >= -size && wide.max().item<std::int64_t>() < size),
          "expected indices inside the axis");
  return at::where(wide < 0, wide + size, wide);
}

Values gather(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = call.axis("axis", 0, x.dim());
  const Tensor indices = front_indices(call.in(1), x.size(axis));
  Integers sizes = x.sizes().slice(0, static_cast<std::size_t>(axis)).vec();
  sizes.insert(sizes.end(), indices.sizes().begin(), indices.sizes().end());
  sizes.insert(sizes.end(), x.sizes().begin() + axis + 1, x.sizes().end());
  return {x.index_select(axis, indices.reshape(-1)).reshape(sizes)};
}

Values gather_elements(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = call.axis("axis", 0, x.dim());
  return {at::gather(x, axis, front_indices(call.in(1), x.size(axis)))};
}

/// Flat positions of index tuples into the dimensions [skip, skip + depth) of `sizes`.
Tensor flat_positions(const Tensor& tuples, at::IntArrayRef sizes, std::int64_t skip) {
  Tensor flat =
      at::zeros(tuples.sizes().slice(0, static_cast<std::size_t>(tuples.dim() - 1)), at::kLong);
  for (std::int64_t k = 0; k < tuples.size(-1); ++k) {
    const std::int64_t size = sizes[static_cast<std::size_t>(skip + k)];
    flat = flat * size + front_indices(tuples.select(-1, k), size);
  }
  return flat;
}

Values gather_nd(const Call& call) {
  const Tensor& x = call.in(0);
  const Tensor indices = call.in(1).to(at::kLong);
  const std::int64_t batch = call.integer("batch_dims", 0);
  const std::int64_t depth = indices.size(-1);
  require(batch >= 0 && batch < indices.dim() && batch + depth <= x.dim(),
          "expected indices for dimensions that the data has");
  Integers sizes = indices.sizes().slice(0, static_cast<std::size_t>(indices.dim() - 1)).vec();
  sizes.insert(sizes.end(), x.sizes().begin() + batch + depth, x.sizes().end());
  std::int64_t batches = 1;
  for (std::int64_t i = 0; i < batch; ++i)
    batches *= x.size(i);
  std::int64_t picked = 1;
  for (std::int64_t i = batch; i < batch + depth; ++i)
    picked *= x.size(i);
  const Tensor positions = flat_positions(indices, x.sizes(), batch).reshape({batches, -1});
  const Tensor offsets = at::arange(batches, at::kLong).unsqueeze(1) * picked;
  const Tensor rows = x.reshape({batches * picked, -1});
  return {rows.index_select(0, (positions + offsets).reshape(-1)).reshape(sizes)};
}

/// Combines updates with what is there already, as the attribute `reduction` says.
Tensor scattered(const Tensor& x,
                 std::int64_t axis,
                 const Tensor& index,
                 const Tensor& updates,
                 const std::string& reduction) {
  if (reduction == "none") return x.scatter(axis, index, updates);
  if (reduction == "add") return x.scatter_add(axis, index, updates);
  if (reduction == "mul") return x.scatter_reduce(axis, index, updates, "prod");
  if (reduction == "max") return x.scatter_reduce(axis, index, updates, "amax");
  if (reduction == "min") return x.scatter_reduce(axis, index, updates, "amin");
  throw OperatorError("expected the reduction none, add, mul, max or min");
}

Values scatter_elements(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = call.axis("axis", 0, x.dim());
  require(call.in(2).sizes() == call.in(1).sizes(), "expected an update for each index");
  return {scattered(x, axis, front_indices(call.in(1), x.size(axis)), call.in(2),
                    call.text("reduction", "none"))};
}

Values scatter_nd(const Call& call) {
  const Tensor& x = call.in(0);
  const Tensor indices = call.in(1).to(at::kLong);
  const std::int64_t depth = indices.size(-1);
  require(depth <= x.dim(), "expected indices for dimensions that the data has");
  std::int64_t picked = 1;
  for (std::int64_t i = 0; i < depth; ++i)
    picked *= x.size(i);
  const Tensor rows = x.reshape({picked, -1});
  const Tensor positions = flat_positions(indices, x.sizes(), 0).reshape(-1);
  const Tensor updates = call.in(2).reshape({positions.size(0), rows.size(1)});
  const Tensor index = positions.unsqueeze(1).expand({positions.size(0), rows.size(1)});
  return {scattered(rows, 0, index, updates, call.text("reduction", "none")).reshape(x.sizes())};
}

Values one_hot(const Call& call) {
  const std::int64_t depth = call.integers_in(1).at(0);
  require(depth > 0 && depth < limits::elements, "expected a depth of at least 1");
  const Tensor indices = call.in(0).to(at::kLong);
  const std::int64_t axis = call.axis("axis", -1, indices.dim() + 1);
  // Indices outside [-depth, depth) give a row without a hot element.
  const Tensor places = at::where(indices < 0, indices + depth, indices).unsqueeze(axis);
  Integers sizes(static_cast<std::size_t>(indices.dim() + 1), 1);
  sizes[static_cast<std::size_t>(axis)] = depth;
  const Tensor hot = places.eq(at::arange(depth, at::kLong).reshape(sizes));
  const Tensor& values = call.in(2);
  return {Value(at::where(hot, values[1], values[0]), element_type(call.value(2)))};
}

Values non_zero(const Call& call) {
  return {Value(at::nonzero(call.in(0)).t().contiguous(), ElementType::int64)};
}

Values compress(const Call& call) {
  require(call.in(1).dim() == 1, "expected a condition [size]");
  const Tensor places = at::nonzero(call.in(1).to(at::kBool)).reshape(-1);
  require(call.find("axis") == nullptr || call.in(0).dim() > 0, "expected an axis to pick along");
  if (call.find("axis") == nullptr) return {call.in(0).reshape(-1).index_select(0, places)};
  return {call.in(0).index_select(call.axis("axis", 0, call.in(0).dim()), places)};
}

Values reverse_sequence(const Call& call) {
  const std::int64_t batch_axis = call.integer("batch_axis", 1);
  const std::int64_t time_axis = call.integer("time_axis", 0);
  require(batch_axis + time_axis == 1 && batch_axis >= 0 && time_axis >= 0,
          "expected 0 and 1 as the batch and time axes");
  const Tensor x = batch_axis == 1 ? call.in(0) : call.in(0).transpose(0, 1);  // [time, batch, ...]
  const Tensor lengths = call.in(1).to(at::kLong).unsqueeze(0);
  const Tensor time = at::arange(x.size(0), at::kLong).unsqueeze(1);
  Tensor from = at::where(time < lengths, lengths - 1 - time, time);
  for (std::int64_t i = 2; i < x.dim(); ++i)
    from = from.unsqueeze(-1);
  const Tensor result = at::gather(x, 0, from.expand(x.sizes()));
  return {batch_axis == 1 ? result : result.transpose(0, 1)};
}

/// Places of the largest elements along an axis; among equal ones the first comes first.
Values top_k(const Call& call) {
  const Tensor& x = call.in(0);
  const std::int64_t axis = call.axis("axis", -1, x.dim());
  const std::int64_t k = call.has(1) ? call.integers_in(1).at(0) : call.integer("k", 0);
  require(k >= 0 && k <= x.size(axis), "expected k within the axis");
  const auto [values, indices] = at::sort(x, /*stable=*/true, axis, call.flag("largest", true));
  return {values.narrow(axis, 0, k), Value(indices.narrow(axis, 0, k), ElementType::int64)};
}

Values arg_extreme(const Call& call, bool is_max) {
  Tensor x = call.in(0);
  const std::int64_t axis = call.axis("axis", 0, x.dim());
  const bool keeps = call.flag("keepdims", true);
  const bool is_last = call.flag("select_last_index");
  if (is_last) x = x.flip(axis);
  Tensor index = is_max ? at::argmax(x, axis, keeps) : at::argmin(x, axis, keeps);
  if (is_last) index = x.size(axis) - 1 - index;
  return {Value(index, ElementType::int64)};
}

Values arg_max(const Call& call) {
  return arg_extreme(call, true);
}

Values arg_min(const Call& call) {
  return arg_extreme(call, false);
}

constexpr std::array rows{
    OperatorRow{"ArgMax", 1, 13, arg_max},
    OperatorRow{"ArgMin", 1, 13, arg_min},
    OperatorRow{"Compress", 9, 11, compress, Types::moved},
    OperatorRow{"Gather", 1, 13, gather, Types::moved},
    OperatorRow{"GatherElements", 11, 13, gather_elements, Types::moved},
    OperatorRow{"GatherND", 11, 13, gather_nd, Types::moved},
    OperatorRow{"NonZero", 9, 13, non_zero},
    OperatorRow{"OneHot", 9, 11, one_hot},
    OperatorRow{"ReverseSequence", 10, 10, reverse_sequence, Types::moved},
    OperatorRow{"Scatter", 9, 11, scatter_elements},
    OperatorRow{"ScatterElements", 11, 18, scatter_elements},
    OperatorRow{"ScatterND", 11, 18, scatter_nd},
    OperatorRow{"TopK", 1, 24, top_k},
};

}  // namespace

std::span<const OperatorRow> indexing_operators() {
  return rows;
}

}  // namespace lockstep::ai
