// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <utility>
#include <vector>

#include "ai/worker/data/array.hpp"

namespace lockstep::ai {

/// A tensor on its way through a net. LibTorch has no unsigned integers above 8 bits: they are kept
/// in the next wider signed type (uint64 in int64), and it has no texts: they are kept as their
/// numbers (texts.hpp) in int64. `type` remembers what they are.
struct Value {
  at::Tensor tensor;                          ///< undefined where an optional input is left out
  ElementType type = ElementType::undefined;  ///< undefined: what the tensor's own type says

  Value() = default;

  Value(at::Tensor t) : tensor(std::move(t)) {}  // NOLINT: operators return plain tensors

  Value(at::Tensor t, ElementType kind) : tensor(std::move(t)), type(kind) {}
};

using Values = std::vector<Value>;

/// The LibTorch type that holds elements of `type`; undefined types throw OperatorError.
at::ScalarType scalar_type_of(ElementType type);

/// The element type of a value: the remembered one, or what the tensor's type says.
ElementType element_type(const Value& value);

/// A tensor with the array's elements (a copy).
Value value_of(const Array& array);

/// The elements of a value as an array (a copy).
Array array_of(const Value& value);

/// Keeps a value of an unsigned type in its range, as the arithmetic of that type does.
at::Tensor wrapped(const at::Tensor& tensor, ElementType type);

}  // namespace lockstep::ai
