// SPDX-License-Identifier: Apache-2.0
// The numbers on which the writer and the reader of an index file agree.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lockstep::advisories::layout {

constexpr std::string_view magic = "LSADVIDX";

enum class Section : std::size_t {
  packages,       ///< rows: u64 hash, u32 place in package_names, u32 first posting, u32 postings
  package_names,  ///< ecosystem and name, as counted texts
  postings,       ///< rows: u32 record, u32 offset in the record
  record_table,   ///< rows: u64 place in records, u32 size, u32 flaw, u32 withdrawn
  records,
  flaw_table,  ///< rows: u64 place in flaws, u32 size
  flaws,       ///< ids as counted texts, then the numbers of the records
  exploited,   ///< rows: u64 CVE number, u32 place in exploited_texts, u32 size
  exploited_texts,
  epss,  ///< rows: u64 CVE number, u32 probability, u32 percentile, in billionths
  ecosystems,
  sources,
  days,  ///< rows: u32 day since 1970, of CSAF with the high bit, u32 records last modified on it
};
constexpr std::size_t section_count = 13;

/// Bytes of one row of each table; 1 for a blob.
constexpr std::array<std::size_t, section_count> row_bytes = {20, 1, 8,  20, 1, 12, 1,
                                                              16, 1, 16, 1,  1, 8};

constexpr std::size_t version_at = 8;
constexpr std::size_t section_count_at = 12;
constexpr std::size_t size_at = 16;
constexpr std::size_t sections_at = 24;
constexpr std::size_t digest_at = sections_at + section_count * 16;
constexpr std::size_t digest_bytes = 64;
constexpr std::size_t check_at = digest_at + digest_bytes;
constexpr std::size_t header_bytes = check_at + 8;

constexpr std::uint32_t day_of_csaf = 0x80000000U;

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
