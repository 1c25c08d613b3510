// SPDX-License-Identifier: Apache-2.0
// The two halves of the index's encoding: little-endian numbers of fixed width in tables, and
// variable-length numbers and counted texts in blobs. The reader trusts no byte.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"

namespace lockstep::advisories {

inline void put_u32(std::string& into, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    into.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}

inline void put_u64(std::string& into, std::uint64_t value) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    into.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
inline void put_count(std::string& into, std::uint64_t value) {
  while (value >= 0x80) {
    into.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80U)));
    value >>= 7U;
  }
  into.push_back(static_cast<char>(static_cast<unsigned char>(value)));
}

inline void put_text(std::string& into, std::string_view text) {
  put_count(into, text.size());
  into += text;
}

/// The number at a place that is within the bytes.
/// SPEED: one load, where the compiler does not make one of the single bytes.
template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  static_assert(std::endian::native == std::endian::little, "the bytes are those of the number");
  LS_CHECK(at <= bytes.size() && sizeof(Number) <= bytes.size() - at, "a number past the end");
  Number value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

inline std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  return number_at<std::uint32_t>(bytes, at);
}

inline std::uint64_t u64_at(std::string_view bytes, std::size_t at) {
  return number_at<std::uint64_t>(bytes, at);
}

/// Writes a blob from the front, again and again into the same memory.
/// SPEED: an index is mostly short texts; appending each to a std::string takes several times as
/// long.
class BlobWriter {
 public:
  void clear() { size_ = 0; }

  std::string_view bytes() const { return {buffer_.data(), size_}; }

  /// Seven bits a byte, the lowest first; the high bit says that more follow.
  void count(std::uint64_t value) {
    char* at = room(10);
    for (; value >= 0x80; value >>= 7U, ++size_)
      *at++ = static_cast<char>(static_cast<unsigned char>(value | 0x80U));
    *at = static_cast<char>(static_cast<unsigned char>(value));
    ++size_;
  }

  void raw(std::string_view bytes) {
    char* const at = room(bytes.size());
    if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  void text(std::string_view text) {
    count(text.size());
    raw(text);
  }

 private:
  char* room(std::size_t bytes) {
    if (buffer_.size() - size_ < bytes)
      buffer_.resize(std::max(2 * buffer_.size(), size_ + bytes + 256));
    return buffer_.data() + size_;
  }

  std::vector<char> buffer_;
  std::size_t size_ = 0;
};

/// Reads a blob from the front. Past the end, or at a number that is none, it stops being `good`;
/// from then on every answer is zero or empty. Ask `good` before the answers are used.
class BlobReader {
 public:
  explicit BlobReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t count() {
    // SPEED: nearly all numbers are the sizes of short texts.
    if (!rest_.empty() && static_cast<unsigned char>(rest_.front()) < 0x80) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      return byte;
    }
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    spoil();
    return 0;
  }

  std::string_view raw(std::uint64_t size) {
    if (size > rest_.size()) {
      spoil();
      return {};
    }
    const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

  std::string_view text() { return raw(count()); }

  /// A number of elements that follow, each of at least one byte.
  std::size_t elements() {
    const std::uint64_t number = count();
    if (number > rest_.size()) spoil();
    return good_ ? static_cast<std::size_t>(number) : 0;
  }

  bool good() const { return good_; }

  std::size_t left() const { return rest_.size(); }

 private:
  void spoil() {
    good_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace lockstep::advisories
