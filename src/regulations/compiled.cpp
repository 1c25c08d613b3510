// SPDX-License-Identifier: Apache-2.0
// Every field of every row in its order, found by Boost.PFR, so that a new field cannot be
// forgotten. Whole numbers are LEB128, signed ones in zigzag (both as in Protocol Buffers);
// texts and lists begin with their length.
#include "regulations/compiled.hpp"

#include <boost/pfr/core.hpp>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.hpp"

namespace lockstep::regulations {
namespace {

/// A list, a text or a map.
template <typename T>
concept Range = requires(T value) {
  value.size();
  value.begin();
};

template <typename T>
concept Optional = requires(T value) {
  value.has_value();
  value.emplace();
};

template <typename T>
constexpr bool is_pair = false;
template <typename First, typename Second>
constexpr bool is_pair<std::pair<First, Second>> = true;

template <typename T>
concept Whole = std::is_integral_v<T> || std::is_enum_v<T>;

template <typename T>
concept Text = std::is_same_v<T, std::string>;

constexpr unsigned bits = 7;
constexpr std::uint64_t more = 0x80;

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

class Writer {
 public:
  std::string bytes;

  template <typename T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, Words>) {
      put_number(value);
    } else if constexpr (Whole<T>) {
      put_number(zigzag(static_cast<std::int64_t>(value)));
    } else if constexpr (std::is_same_v<T, Day>) {
      put(value.time_since_epoch().count());
    } else if constexpr (Text<T>) {
      put_number(value.size());
      bytes += value;
    } else if constexpr (Optional<T>) {
      put(value.has_value());
      if (value) put(*value);
    } else if constexpr (Range<T>) {
      put_number(value.size());
      for (const auto& item : value)
        put(item);
    } else if constexpr (is_pair<T>) {
      put(value.first);
      put(value.second);
    } else {
      boost::pfr::for_each_field(value, [this](const auto& field) { this->put(field); });
    }
  }

 private:
  void put_number(std::uint64_t value) {
    for (; value >= more; value >>= bits)
      bytes += static_cast<char>((value & (more - 1)) | more);
    bytes += static_cast<char>(value);
  }
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  bool is_at_end() const { return left_.empty(); }

  template <typename T>
  void take(T& value) {
    if constexpr (std::is_same_v<T, Words>) {
      value = take_number();
    } else if constexpr (Whole<T>) {
      value = static_cast<T>(unzigzag(take_number()));
    } else if constexpr (std::is_same_v<T, Day>) {
      value = Day(Day::duration(unzigzag(take_number())));
    } else if constexpr (Text<T>) {
      value = take_bytes();
    } else if constexpr (Optional<T>) {
      bool is_there = false;
      take(is_there);
      if (is_there) take(value.emplace());
    } else if constexpr (requires { typename T::mapped_type; }) {
      for (std::size_t count = take_count(); count > 0; --count) {
        std::pair<typename T::key_type, typename T::mapped_type> item;
        take(item);
        value.emplace_hint(value.end(), std::move(item));
      }
    } else if constexpr (Range<T>) {
      value.resize(take_count());
      for (auto& item : value)
        take(item);
    } else if constexpr (is_pair<T>) {
      take(value.first);
      take(value.second);
    } else {
      boost::pfr::for_each_field(value, [this](auto& field) { this->take(field); });
    }
  }

 private:
  std::uint64_t take_number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += bits) {
      LS_CHECK(!left_.empty() && shift < 64, "the built-in law is cut short");
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      value |= (byte & (more - 1)) << shift;
      if (byte < more) return value;
    }
  }

  /// A list has at least one byte for each item.
  std::size_t take_count() {
    const std::uint64_t count = take_number();
    LS_CHECK(count <= left_.size(), "the built-in law is cut short");
    return count;
  }

  std::string_view take_bytes() {
    const std::string_view text = left_.substr(0, take_count());
    left_.remove_prefix(text.size());
    return text;
  }

  std::string_view left_;
};

}  // namespace

std::string to_bytes(const Ruleset& rules) {
  Writer writer;
  writer.put(rules);
  return std::move(writer.bytes);
}

Ruleset ruleset_of(std::string_view bytes) {
  Ruleset rules;
  Reader reader(bytes);
  reader.take(rules);
  LS_CHECK(reader.is_at_end(), "the built-in law is longer than its rows");
  return rules;
}

}  // namespace lockstep::regulations
