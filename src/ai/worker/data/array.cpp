// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/array.hpp"

#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "ai/worker/limits.hpp"
#include "base/check.hpp"

namespace lockstep::ai {
namespace {

static_assert(std::endian::native == std::endian::little,
              "arrays are kept as the machine has them");

template <typename T>
T element(const Array& array, std::size_t index) {
  T value;
  std::memcpy(&value, array.bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

/// IEEE 754 binary16.
double half_to_double(std::uint16_t bits) {
  const int exponent = (bits >> 10U) & 0x1F;
  const int fraction = bits & 0x3FF;
  const double sign = (bits & 0x8000U) != 0 ? -1.0 : 1.0;
  if (exponent == 31)
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

double bfloat_to_double(std::uint16_t bits) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U));
}

double number_at(const Array& array, std::size_t i) {
  switch (array.type) {
    case ElementType::float32:
      return static_cast<double>(element<float>(array, i));
    case ElementType::float64:
      return element<double>(array, i);
    case ElementType::uint8:
      return element<std::uint8_t>(array, i);
    case ElementType::int8:
      return element<std::int8_t>(array, i);
    case ElementType::uint16:
      return element<std::uint16_t>(array, i);
    case ElementType::int16:
      return element<std::int16_t>(array, i);
    case ElementType::int32:
      return element<std::int32_t>(array, i);
    case ElementType::int64:
      return static_cast<double>(element<std::int64_t>(array, i));
    case ElementType::boolean:
      return element<std::uint8_t>(array, i) != 0 ? 1.0 : 0.0;
    case ElementType::float16:
      return half_to_double(element<std::uint16_t>(array, i));
    case ElementType::bfloat16:
      return bfloat_to_double(element<std::uint16_t>(array, i));
    case ElementType::uint32:
      return element<std::uint32_t>(array, i);
    case ElementType::uint64:
      return static_cast<double>(element<std::uint64_t>(array, i));
    case ElementType::undefined:
    case ElementType::string:
    case ElementType::complex64:
    case ElementType::complex128:
      break;
  }
  return 0;
}

bool may_be_infinite(ElementType type) {
  return type == ElementType::float32 || type == ElementType::float64 ||
         type == ElementType::float16 || type == ElementType::bfloat16;
}

}  // namespace

std::string name_of(ElementType type) {
  switch (type) {
    case ElementType::undefined:
      return "no type";
    case ElementType::float32:
      return "float32";
    case ElementType::uint8:
      return "uint8";
    case ElementType::int8:
      return "int8";
    case ElementType::uint16:
      return "uint16";
    case ElementType::int16:
      return "int16";
    case ElementType::int32:
      return "int32";
    case ElementType::int64:
      return "int64";
    case ElementType::string:
      return "string";
    case ElementType::boolean:
      return "bool";
    case ElementType::float16:
      return "float16";
    case ElementType::float64:
      return "float64";
    case ElementType::uint32:
      return "uint32";
    case ElementType::uint64:
      return "uint64";
    case ElementType::complex64:
      return "complex64";
    case ElementType::complex128:
      return "complex128";
    case ElementType::bfloat16:
      return "bfloat16";
  }
  return fmt::format("type {}", static_cast<int>(type));
}

std::size_t size_of(ElementType type) {
  switch (type) {
    case ElementType::uint8:
    case ElementType::int8:
    case ElementType::boolean:
      return 1;
    case ElementType::uint16:
    case ElementType::int16:
    case ElementType::float16:
    case ElementType::bfloat16:
      return 2;
    case ElementType::float32:
    case ElementType::int32:
    case ElementType::uint32:
      return 4;
    case ElementType::int64:
    case ElementType::float64:
    case ElementType::uint64:
    case ElementType::complex64:
      return 8;
    case ElementType::complex128:
      return 16;
    case ElementType::undefined:
    case ElementType::string:
      return 0;
  }
  return 0;
}

std::int64_t Array::elements() const {
  std::int64_t product = 1;
  for (const std::int64_t size : shape)
    product *= size;
  return product;
}

std::optional<std::int64_t> checked_elements(std::span<const std::int64_t> shape) {
  if (shape.size() > limits::dimensions) return std::nullopt;
  std::int64_t product = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || size > limits::elements) return std::nullopt;
    product *= size;  // both factors are at most 2^31
    if (product > limits::elements) return std::nullopt;
  }
  return product;
}

std::string shape_text(std::span<const std::int64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::vector<double> numbers_of(const Array& array) {
  const std::size_t size = size_of(array.type);
  if (size == 0 || array.type == ElementType::complex64 || array.type == ElementType::complex128)
    return {};
  const std::size_t count = array.bytes.size() / size;
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i)
    numbers[i] = number_at(array, i);
  return numbers;
}

std::int64_t count_not_finite(const Array& array) {
  if (!may_be_infinite(array.type)) return 0;
  const std::size_t count = array.bytes.size() / size_of(array.type);
  std::int64_t found = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (!std::isfinite(number_at(array, i))) ++found;
  return found;
}

}  // namespace lockstep::ai
