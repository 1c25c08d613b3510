// SPDX-License-Identifier: Apache-2.0
#include "advisories/version_list.hpp"

#include <cstdint>
#include <cstring>

namespace lockstep::advisories {

namespace {

constexpr std::size_t hash_bytes = 2;

/// Up to eight bytes, the first in the lowest place.
std::uint64_t word_of(std::string_view text) {
  std::uint64_t word = 0;
  for (std::size_t i = text.size(); i > 0; --i)
    word = word << 8U | static_cast<unsigned char>(text[i - 1]);
  return word;
}

/// Of the size and both ends of a version; those of one package differ there.
std::uint16_t hash_of(std::string_view version) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;  // 2^64 divided by the golden ratio
  constexpr std::size_t most = 8;
  std::uint64_t front = 0;
  std::uint64_t back = 0;
  if (version.size() < most) {
    front = word_of(version);
  } else {
    front = u64_at(version, 0);
    back = u64_at(version, version.size() - most);
  }
  const std::uint64_t mixed = (front ^ version.size()) * odd + back;
  return static_cast<std::uint16_t>((mixed * odd) >> 48U);
}

using Block = std::uint16_t __attribute__((vector_size(16)));
using Halves = std::uint64_t __attribute__((vector_size(16)));

/// Whether one of the hashes is that.
/// SPEED: eight are looked at together.
bool has_hash(std::string_view hashes, std::uint16_t wanted) {
  const char low = static_cast<char>(wanted & 0xffU);
  const char high = static_cast<char>(wanted >> 8U);
  const char bytes[hash_bytes] = {low, high};
  std::uint16_t one = 0;
  std::memcpy(&one, bytes, sizeof one);  // as the blob has it, whatever the machine's order
  while (hashes.size() >= sizeof(Block)) {
    Block block;
    std::memcpy(&block, hashes.data(), sizeof block);
    const auto same = reinterpret_cast<Halves>(block == one);
    if ((same[0] | same[1]) != 0) return true;
    hashes.remove_prefix(sizeof block);
  }
  for (; !hashes.empty(); hashes.remove_prefix(hash_bytes))
    if (hashes[0] == low && hashes[1] == high) return true;
  return false;
}

bool has_text(std::string_view texts, std::string_view version) {
  BlobReader blob(texts);
  while (blob.left() > 0)
    if (blob.text() == version && blob.good()) return true;
  return false;
}

}  // namespace

void VersionListWriter::add(std::string_view version) {
  const std::uint16_t hash = hash_of(version);
  const char bytes[hash_bytes] = {static_cast<char>(hash & 0xffU), static_cast<char>(hash >> 8U)};
  hashes_.raw({bytes, hash_bytes});
  texts_.text(version);
}

Listed take_listed(BlobReader& blob, std::string_view version) {
  const std::size_t number = blob.elements();
  const std::string_view hashes = blob.raw(hash_bytes * number);
  const std::string_view texts = blob.text();
  if (number == 0) return Listed::no_list;
  const bool is_ours = has_hash(hashes, hash_of(version)) && has_text(texts, version);
  return is_ours ? Listed::ours : Listed::others;
}

}  // namespace lockstep::advisories
