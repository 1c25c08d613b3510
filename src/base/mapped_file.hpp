// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep {

/// A whole file, mapped read-only into memory; the pages are read when they are touched.
/// For files that are replaced by renaming and never shortened in place: the system stops a program
/// that touches a page behind the new end.
class MappedFile {
 public:
  /// Errors: file.missing, file.unreadable.
  static Result<MappedFile> open(const std::string& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// Gives the pages that lie wholly in a part of the bytes back to the system, which count as
  /// memory of this process; they are read again when they are touched.
  void release(std::string_view part) const;

  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile() = default;

  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace lockstep
