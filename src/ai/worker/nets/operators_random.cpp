// SPDX-License-Identifier: Apache-2.0
// Operators whose outputs are random. Their numbers come from the run (chance.hpp), and so does the
// seed: a node's own `seed` would give the same numbers to every sample. Gradients flow through
// what is scaled or shifted, as through constants; what is sampled has none.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;
using Integers = std::vector<std::int64_t>;

Integers sizes_of(const Tensor& x) {
  return x.sizes().vec();
}

/// Numbers as the attribute `dtype` wants them, or as `otherwise` says.
Value as_type(const Call& call, const Tensor& numbers, ElementType otherwise) {
  const Attribute* wanted = call.find("dtype");
  const auto type = wanted == nullptr ? otherwise : static_cast<ElementType>(wanted->integer);
  return {numbers.to(scalar_type_of(type)), type};
}

Tensor normal(const Call& call, const Integers& shape) {
  return call.chance().normal(shape) * call.real("scale", 1) + call.real("mean", 0);
}

Tensor uniform(const Call& call, const Integers& shape) {
  const double low = call.real("low", 0);
  return call.chance().uniform(shape) * (call.real("high", 1) - low) + low;
}

Integers shape_in(const Call& call) {
  const auto shape = call.integers("shape");
  if (!shape) throw OperatorError("expected the attribute 'shape', found none");
  return *shape;
}

Values random_normal(const Call& call) {
  return {as_type(call, normal(call, shape_in(call)), ElementType::float32)};
}

Values random_normal_like(const Call& call) {
  return {as_type(call, normal(call, sizes_of(call.in(0))), element_type(call.value(0)))};
}

Values random_uniform(const Call& call) {
  return {as_type(call, uniform(call, shape_in(call)), ElementType::float32)};
}

Values random_uniform_like(const Call& call) {
  return {as_type(call, uniform(call, sizes_of(call.in(0))), element_type(call.value(0)))};
}

// Bernoulli: one with the probability that the input says, else zero.
Values bernoulli(const Call& call) {
  const Tensor p = call.in(0).detach().to(at::kDouble);
  return {as_type(call, call.chance().uniform(sizes_of(p)).lt(p).to(at::kDouble),
                  element_type(call.value(0)))};
}

// Multinomial: classes drawn with probabilities whose logarithms, up to a constant, are the input.
Values multinomial(const Call& call) {
  const Tensor z = call.in(0).detach().to(at::kDouble);
  require(z.dim() == 2 && z.size(1) > 0, "expected logarithms of probabilities [rows, classes]");
  const std::int64_t count = call.integer("sample_size", 1);
  require(count > 0, "expected a sample_size of at least 1");
  const Tensor below = at::softmax(z, 1).cumsum(1).contiguous();
  const Tensor u = call.chance().uniform(Integers{z.size(0), count});
  const Tensor drawn = at::searchsorted(below, u, /*out_int32=*/false, /*right=*/true);
  return {as_type(call, drawn.clamp_max(z.size(1) - 1), ElementType::int32)};
}

// Dropout: the identity, unless the model asks for training at run time. Then an element is dropped
// with the probability `ratio`, and those that are kept are scaled up.
Values dropout(const Call& call) {
  const Tensor& x = call.in(0);
  const double ratio = call.has(1) ? call.number_in(1) : call.real("ratio", 0.5);
  const bool is_training = call.opset() >= 12 && call.has(2) && call.number_in(2) != 0;
  if (is_training && ratio != 0) {
    require(ratio > 0 && ratio < 1, "expected a ratio in [0, 1)");
    const Tensor mask = call.chance().uniform(sizes_of(x)).ge(ratio);
    return {x * mask.to(x.scalar_type()) / (1 - ratio), mask};
  }
  const Tensor mask = at::ones_like(x, at::kBool);
  return {x, call.opset() >= 10 ? mask : mask.to(x.scalar_type())};
}

constexpr std::array rows{
    OperatorRow{"Bernoulli", 15, 22, bernoulli, Types::kept, "", true},
    OperatorRow{"Dropout", 1, 22, dropout, Types::kept, "", true},
    OperatorRow{"Multinomial", 7, 22, multinomial, Types::kept, "", true},
    OperatorRow{"RandomNormal", 1, 22, random_normal, Types::kept, "", true},
    OperatorRow{"RandomNormalLike", 1, 22, random_normal_like, Types::kept, "", true},
    OperatorRow{"RandomUniform", 1, 22, random_uniform, Types::kept, "", true},
    OperatorRow{"RandomUniformLike", 1, 22, random_uniform_like, Types::kept, "", true},
};

}  // namespace

std::span<const OperatorRow> random_operators() {
  return rows;
}

}  // namespace lockstep::ai
