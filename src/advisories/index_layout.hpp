// SPDX-License-Identifier: Apache-2.0
// The numbers on which the writer and the reader of an index file agree.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lockstep::advisories::layout {

constexpr std::string_view magic = "LSADVIDX";

/// In the order in which they lie in the file, so that records are written as they come.
enum class Section : std::size_t {
  records,
  record_table,   ///< rows: u64 place in records, u32 size, u32 flags, u64 key of the id, u64 start
                  ///< of the digest
  record_flaws,   ///< rows: u32 flaw
  flaw_table,     ///< rows: u64 place in flaws, u32 size
  flaws,          ///< ids as counted texts, then the numbers of the records
  packages,       ///< rows: u64 hash, u32 place in package_names, u32 first posting, u32 postings
  package_names,  ///< ecosystem and name, as counted texts
  postings,       ///< rows: u32 record, u32 offset in the record
  exploited,      ///< rows: u64 CVE number, u32 place in exploited_texts, u32 size
  exploited_texts,
  epss,  ///< rows: u64 CVE number, u32 probability, u32 percentile, in billionths
  ecosystems,
  sources,
  days,  ///< rows: u32 day since 1970 with the form, u32 records last modified on it
};
constexpr std::size_t section_count = 14;

/// Bytes of one row of each table; 1 for a blob.
constexpr std::array<std::size_t, section_count> row_bytes = {1, 32, 4, 12, 1, 20, 1,
                                                              8, 16, 1, 16, 1, 1,  8};

/// The head: magic, version, number of sections.
constexpr std::size_t version_at = 8;
constexpr std::size_t section_count_at = 12;
constexpr std::size_t head_bytes = 16;
/// The foot, at the end of the file, counted from its own start: the place and size of each
/// section, a digest, the size of the file, and a check over head and foot. The digest is over all
/// sections but the records: each of these has its own, which the digests of the sources are over.
constexpr std::size_t digest_at = section_count * 16;
constexpr std::size_t digest_bytes = 64;
constexpr std::size_t size_at = digest_at + digest_bytes;
constexpr std::size_t check_at = size_at + 8;
constexpr std::size_t foot_bytes = check_at + 8;

/// Flags of a record.
constexpr std::uint32_t is_withdrawn = 1;
constexpr std::uint32_t has_upstream = 2;

/// Days count less than this; the number of the form stands above it.
constexpr unsigned day_bits = 28;

constexpr double billion = 1e9;

/// FNV-1a, 64 bits.
constexpr std::uint64_t hash_of(std::string_view text, std::uint64_t start = 0xcbf29ce484222325U) {
  std::uint64_t hash = start;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

/// The key of a package: no ecosystem holds a NUL.
constexpr std::uint64_t hash_of_package(std::string_view ecosystem, std::string_view name) {
  return hash_of(name, hash_of(std::string_view("\0", 1), hash_of(ecosystem)));
}

}  // namespace lockstep::advisories::layout
