// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lockstep {

inline constexpr std::uint64_t hash_start = 0x9e3779b97f4a7c15U;

/// One more number into a hash.
constexpr std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * hash_start;
  return hash ^ (hash >> 29U);
}

/// A number that stands for the bytes: the same on every machine, and kept in files. For telling
/// texts apart, not against somebody who looks for two of one number.
/// SPEED: eight bytes at a time; byte by byte takes five times as long.
inline std::uint64_t hash_of(std::string_view bytes, std::uint64_t hash = hash_start) {
  hash = mixed(hash, bytes.size());
  while (bytes.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    hash = mixed(hash, word);
    bytes.remove_prefix(sizeof word);
  }
  std::uint64_t rest = 0;
  for (const char c : bytes)
    rest = (rest << 8U) | static_cast<unsigned char>(c);
  return mixed(hash, rest);
}

}  // namespace lockstep
