// SPDX-License-Identifier: Apache-2.0
#include "advisories/version_list.hpp"

#include <cstdint>
#include <cstring>

namespace lockstep::advisories {

namespace {

constexpr std::size_t hash_bytes = 2;

/// Of the size and both ends of a version; those of one package differ there.
/// SPEED: ends that lie over each other spare a loop over the bytes.
std::uint16_t hash_of(std::string_view version) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;  // 2^64 divided by the golden ratio
  const std::size_t size = version.size();
  std::uint64_t front = 0;
  std::uint64_t back = 0;
  if (size >= 8) {
    front = u64_at(version, 0);
    back = u64_at(version, size - 8);
  } else if (size >= 4) {
    front = u32_at(version, 0);
    back = u32_at(version, size - 4);
  } else {
    for (const char c : version)
      front = front << 8U | static_cast<unsigned char>(c);
  }
  const std::uint64_t mixed = (front ^ size) * odd + back;
  return static_cast<std::uint16_t>((mixed * odd) >> 48U);
}

using Block = std::uint16_t __attribute__((vector_size(16)));
using Halves = std::uint64_t __attribute__((vector_size(16)));

/// Whether one of the hashes is that.
/// SPEED: eight are looked at together.
bool has_hash(std::string_view hashes, std::uint16_t wanted) {
  while (hashes.size() >= sizeof(Block)) {
    Block block;
    std::memcpy(&block, hashes.data(), sizeof block);
    const auto same = reinterpret_cast<Halves>(block == wanted);
    if ((same[0] | same[1]) != 0) return true;
    hashes.remove_prefix(sizeof block);
  }
  for (; !hashes.empty(); hashes.remove_prefix(hash_bytes))
    if (number_at<std::uint16_t>(hashes, 0) == wanted) return true;
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
  char bytes[hash_bytes];
  std::memcpy(bytes, &hash, hash_bytes);
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
