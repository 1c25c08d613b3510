// SPDX-License-Identifier: Apache-2.0
// A zip archive, unpacked in memory and never on disk, entry by entry: an export of hundreds of
// thousands of small records needs the memory of one of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "formats/archive.hpp"

namespace lockstep::formats {

/// One regular file of an archive; both views are valid until the next call of `next`.
struct ZipEntry {
  std::string_view name;
  std::string_view bytes;
};

/// The entries of a zip in the order in which its central directory lists them, stored or deflated.
/// Refused, with the entry's name: encrypted entries, links and devices, other ways of packing,
/// names that are absolute, climb with "..", hold a control character, or are there twice (a
/// backslash reads as '/'), contents that differ from their size or check sum.
/// Errors: archive.format, archive.entry, archive.limit; from disk also file.unreadable.
/// Source: PKWARE APPNOTE 6.3.
class ZipReader {
 public:
  /// Reads from memory; `bytes` must outlive the reader. `file` is for messages.
  static Result<ZipReader> open_bytes(std::string_view bytes,
                                      const std::string& file,
                                      const ArchiveLimits& limits = {});
  /// Reads from disk in pieces. Errors: also file.missing.
  static Result<ZipReader> open_file(const std::string& path, const ArchiveLimits& limits = {});

  ZipReader(ZipReader&&) noexcept;
  ZipReader& operator=(ZipReader&&) noexcept;
  ~ZipReader();

  /// The next regular file, or nothing at the end. Folders are passed over.
  Result<std::optional<ZipEntry>> next();

  /// Bytes unpacked so far.
  std::uint64_t unpacked() const;

 private:
  struct State;
  explicit ZipReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lockstep::formats
