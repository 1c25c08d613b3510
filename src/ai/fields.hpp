// SPDX-License-Identifier: Apache-2.0
// Members of JSON objects that the other side of the worker protocol wrote.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/measurement.hpp"

namespace lockstep::ai {

/// Reads members of one object; the first one that does not fit is kept as the error.
class Fields {
 public:
  explicit Fields(const Json& object) : object_(object) {
    if (!object.is_object()) complain("an object", "the value");
  }

  std::string text(std::string_view key) {
    const Json& value = object_[key];
    if (!value.is_string()) complain("text", key);
    return value.string_or("");
  }

  std::int64_t integer(std::string_view key) {
    const auto value = object_[key].as_int();
    if (!value) complain("an integer", key);
    return value.value_or(0);
  }

  int small(std::string_view key) {
    const std::int64_t value = integer(key);
    if (value < 0 || value > std::numeric_limits<int>::max()) complain("a small number", key);
    return static_cast<int>(std::clamp<std::int64_t>(value, 0, std::numeric_limits<int>::max()));
  }

  double number(std::string_view key) {
    const auto value = object_[key].as_number();
    if (!value || !std::isfinite(*value)) complain("a number", key);
    return value.value_or(0);
  }

  bool flag(std::string_view key) {
    const auto value = object_[key].as_bool();
    if (!value) complain("true or false", key);
    return value.value_or(false);
  }

  /// Seeds use all 64 bits, which no JSON number holds: they are written as text.
  std::uint64_t word(std::string_view key) {
    const std::string digits = text(key);
    std::uint64_t value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9') complain("decimal digits", key);
      value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
  }

  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> values;
    for (const Json& item : items(key)) {
      if (!item.is_string()) complain("texts", key);
      values.push_back(item.string_or(""));
    }
    return values;
  }

  std::vector<double> numbers(std::string_view key) {
    std::vector<double> values;
    for (const Json& item : items(key)) {
      const auto value = item.as_number();
      if (!value || !std::isfinite(*value)) complain("numbers", key);
      values.push_back(value.value_or(0));
    }
    return values;
  }

  const Json::Array& items(std::string_view key) {
    if (!object_[key].is_array()) complain("a list", key);
    return object_[key].items();
  }

  const Json& member(std::string_view key) { return object_[key]; }

  bool is_good() const { return trouble_.empty(); }

  tl::unexpected<Error> error() const { return fail(ErrorKind::internal, "ai.protocol", trouble_); }

  void complain(std::string_view expected, std::string_view key) {
    if (trouble_.empty())
      trouble_ = fmt::format("expected {} as '{}' in a line of the worker protocol", expected,
                             quotable(key));
  }

 private:
  const Json& object_;
  std::string trouble_;
};

inline Json list_of(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values)
    list.push(value);
  return list;
}

/// Counts with their interval, as the protocol writes them. The reader complains to `outer`.
Json to_json(const Accuracy& accuracy);
Accuracy read_accuracy(Fields& outer, std::string_view key);

}  // namespace lockstep::ai
