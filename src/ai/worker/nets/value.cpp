// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/value.hpp"

#include <ATen/ops/empty.h>
#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "ai/worker/nets/operators.hpp"
#include "ai/worker/nets/texts.hpp"

namespace lockstep::ai {
namespace {

/// Widens (or narrows) each element of `from` at the same index of `to`.
template <typename From, typename To>
void convert(const void* from, void* to, std::int64_t count) {
  const auto* in = static_cast<const From*>(from);
  auto* out = static_cast<To*>(to);
  for (std::int64_t i = 0; i < count; ++i)
    out[i] = static_cast<To>(in[i]);
}

}  // namespace

at::ScalarType scalar_type_of(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return at::kFloat;
    case ElementType::float64:
      return at::kDouble;
    case ElementType::float16:
      return at::kHalf;
    case ElementType::bfloat16:
      return at::kBFloat16;
    case ElementType::uint8:
      return at::kByte;
    case ElementType::int8:
      return at::kChar;
    case ElementType::int16:
      return at::kShort;
    case ElementType::uint16:
    case ElementType::int32:
      return at::kInt;
    case ElementType::uint32:
    case ElementType::uint64:
    case ElementType::int64:
    case ElementType::string:
      return at::kLong;
    case ElementType::boolean:
      return at::kBool;
    case ElementType::complex64:
      return at::kComplexFloat;
    case ElementType::complex128:
      return at::kComplexDouble;
    case ElementType::undefined:
      break;
  }
  throw Unsupported(fmt::format("elements of {}", name_of(type)));
}

ElementType element_type(const Value& value) {
  if (value.type != ElementType::undefined) return value.type;
  switch (value.tensor.scalar_type()) {
    case at::kFloat:
      return ElementType::float32;
    case at::kDouble:
      return ElementType::float64;
    case at::kHalf:
      return ElementType::float16;
    case at::kBFloat16:
      return ElementType::bfloat16;
    case at::kByte:
      return ElementType::uint8;
    case at::kChar:
      return ElementType::int8;
    case at::kShort:
      return ElementType::int16;
    case at::kInt:
      return ElementType::int32;
    case at::kLong:
      return ElementType::int64;
    case at::kBool:
      return ElementType::boolean;
    case at::kComplexFloat:
      return ElementType::complex64;
    case at::kComplexDouble:
      return ElementType::complex128;
    default:
      return ElementType::undefined;
  }
}

Value value_of(const Array& array) {
  at::Tensor tensor = at::empty(array.shape, at::TensorOptions().dtype(scalar_type_of(array.type)));
  const std::int64_t count = tensor.numel();
  const char* from = array.bytes.data();
  void* to = tensor.data_ptr();
  switch (array.type) {
    case ElementType::string:
      std::ranges::transform(array.strings, static_cast<std::int64_t*>(to), number_of_text);
      return {std::move(tensor), array.type};
    case ElementType::uint16:
      convert<std::uint16_t, std::int32_t>(from, to, count);
      break;
    case ElementType::uint32:
      convert<std::uint32_t, std::int64_t>(from, to, count);
      break;
    default:
      if (!array.bytes.empty()) std::memcpy(to, from, array.bytes.size());
  }
  const bool is_wide = array.type == ElementType::uint16 || array.type == ElementType::uint32 ||
                       array.type == ElementType::uint64;
  return {std::move(tensor), is_wide ? array.type : ElementType::undefined};
}

Array array_of(const Value& value) {
  const ElementType type = element_type(value);
  const at::Tensor tensor = value.tensor.detach().to(at::kCPU, scalar_type_of(type)).contiguous();
  Array array{type, tensor.sizes().vec(), {}, {}};
  const std::int64_t count = tensor.numel();
  if (type == ElementType::string) {
    for (std::int64_t i = 0; i < count; ++i)
      array.strings.push_back(text_of(tensor.data_ptr<std::int64_t>()[i]));
    return array;
  }
  array.bytes.resize(static_cast<std::size_t>(count) * size_of(type));
  void* to = array.bytes.data();
  switch (type) {
    case ElementType::uint16:
      convert<std::int32_t, std::uint16_t>(tensor.data_ptr(), to, count);
      break;
    case ElementType::uint32:
      convert<std::int64_t, std::uint32_t>(tensor.data_ptr(), to, count);
      break;
    default:
      if (!array.bytes.empty()) std::memcpy(to, tensor.data_ptr(), array.bytes.size());
  }
  return array;
}

at::Tensor wrapped(const at::Tensor& tensor, ElementType type) {
  if (type == ElementType::uint16) return tensor.bitwise_and(0xFFFF);
  if (type == ElementType::uint32) return tensor.bitwise_and(std::int64_t{0xFFFFFFFF});
  return tensor;
}

}  // namespace lockstep::ai
