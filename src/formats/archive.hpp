// SPDX-License-Identifier: Apache-2.0
// Compressed input, unpacked in memory and never on disk. A zip is read entry by entry, so that an
// export of hundreds of thousands of small records needs the memory of one of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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

/// One regular file of an archive; both views are valid until the next call of `next`.
struct ArchiveEntry {
  std::string_view name;
  std::string_view bytes;
};

/// The entries of a zip in the order in which the archive lists them.
/// Refused, with the entry's name: encrypted entries, links and devices, names that are absolute,
/// climb with "..", hold a control character, or are there twice (a backslash reads as '/').
/// Errors: archive.format, archive.entry, archive.limit.
class ZipReader {
 public:
  /// Reads from memory; `bytes` must outlive the reader. `file` is for messages.
  static Result<ZipReader> open_bytes(std::string_view bytes,
                                      const std::string& file,
                                      const ArchiveLimits& limits = {});
  /// Reads from disk in pieces. Errors: also file.missing, file.unreadable.
  static Result<ZipReader> open_file(const std::string& path, const ArchiveLimits& limits = {});

  ZipReader(ZipReader&&) noexcept;
  ZipReader& operator=(ZipReader&&) noexcept;
  ~ZipReader();

  /// The next regular file, or nothing at the end. Folders are passed over.
  Result<std::optional<ArchiveEntry>> next();

  /// Bytes unpacked so far.
  std::uint64_t unpacked() const;

 private:
  struct State;
  explicit ZipReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Whether the bytes begin as a zip, or as a gzip stream.
bool looks_like_zip(std::string_view bytes);
bool looks_like_gzip(std::string_view bytes);

/// The unpacked bytes of a gzip stream. Errors: archive.format, archive.limit.
Result<std::string> unpack_gzip(std::string_view bytes,
                                const std::string& file,
                                const ArchiveLimits& limits = {});

}  // namespace lockstep::formats
