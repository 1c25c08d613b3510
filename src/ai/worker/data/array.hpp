// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::ai {

/// Types of tensor elements, with the numbers that ONNX gives them.
enum class ElementType {
  undefined = 0,
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  string = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
  complex64 = 14,
  complex128 = 15,
  bfloat16 = 16,
};

/// "float32", "uint8"...; "type 17" for a number that has no name here.
std::string name_of(ElementType type);

/// Bytes per element; 0 for strings and for types without a name here.
std::size_t size_of(ElementType type);

/// A dense array as a file stores it: little-endian, last index fastest.
struct Array {
  ElementType type = ElementType::undefined;
  std::vector<std::int64_t> shape;   ///< empty: a scalar
  std::string bytes;                 ///< elements * size_of(type)
  std::vector<std::string> strings;  ///< the elements, when the type is `string`

  /// Product of the shape; 1 for a scalar.
  std::int64_t elements() const;
};

/// The product of the dimensions, or nothing when a dimension is negative, there are too many of
/// them, or the product is over limits::elements.
std::optional<std::int64_t> checked_elements(std::span<const std::int64_t> shape);

/// "[1000, 28, 28]"
std::string shape_text(std::span<const std::int64_t> shape);

/// All elements as double; empty for strings and complex numbers.
std::vector<double> numbers_of(const Array& array);

/// How many elements are NaN or infinite; 0 for types that have neither.
std::int64_t count_not_finite(const Array& array);

template <typename T>
struct element_type_of;

template <>
struct element_type_of<float> {
  static constexpr ElementType value = ElementType::float32;
};

template <>
struct element_type_of<double> {
  static constexpr ElementType value = ElementType::float64;
};

template <>
struct element_type_of<std::uint8_t> {
  static constexpr ElementType value = ElementType::uint8;
};

template <>
struct element_type_of<std::int32_t> {
  static constexpr ElementType value = ElementType::int32;
};

template <>
struct element_type_of<std::int64_t> {
  static constexpr ElementType value = ElementType::int64;
};

/// An array of the given shape from values in row-major order; their number is the shape's product.
template <typename T>
Array array_of(std::vector<std::int64_t> shape, std::span<const T> values) {
  Array array{
      element_type_of<T>::value, std::move(shape), std::string(values.size_bytes(), '\0'), {}};
  if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), values.size_bytes());
  return array;
}

}  // namespace lockstep::ai
