// SPDX-License-Identifier: Apache-2.0
// Compressed input: how it is told, what it may unpack to, and gzip streams. Zip is in zip.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::formats {

/// Limits on foreign archives. What is over a limit is an error that names the limit.
struct ArchiveLimits {
  std::size_t entries = 4'000'000;
  std::uint64_t entry_bytes = std::uint64_t{64} << 20U;  ///< of one entry, unpacked
  std::uint64_t total_bytes = std::uint64_t{16} << 30U;  ///< of all entries, unpacked
  std::uint64_t ratio = 250;                             ///< unpacked to packed, of the whole
  std::uint64_t ratio_from = std::uint64_t{16} << 20U;   ///< unpacked bytes that no ratio limits
};

/// Whether the bytes begin as a zip, or as a gzip stream.
bool looks_like_zip(std::string_view bytes);
bool looks_like_gzip(std::string_view bytes);

/// The unpacked bytes of a gzip stream. Errors: archive.format, archive.limit.
Result<std::string> unpack_gzip(std::string_view bytes,
                                const std::string& file,
                                const ArchiveLimits& limits = {});

}  // namespace lockstep::formats
