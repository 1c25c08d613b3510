// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep {

/// A nameless file for what does not fit into memory: written once from front to end, then read.
/// It is gone when it is closed, also when the process dies.
class SpillFile {
 public:
  /// @param folder on whose disk it lies; made when it is missing. Error: file.unwritable.
  static Result<SpillFile> create(const std::string& folder);

  SpillFile(SpillFile&& other) noexcept;
  SpillFile& operator=(SpillFile&& other) noexcept;
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;
  ~SpillFile();

  /// Errors: file.unwritable.
  Result<> append(std::string_view bytes);
  /// To be called between the last `append` and the first `read`. Errors: file.unwritable.
  Result<> flush();

  std::uint64_t size() const { return size_; }

  /// The bytes from a place on, at most `size` of them, fewer at the end. Errors: file.unreadable.
  Result<std::size_t> read(std::uint64_t at, char* into, std::size_t size) const;

 private:
  SpillFile(int descriptor, std::string folder);

  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::string pending_;
  std::string folder_;
};

/// Frames of bytes one after the other: a length of four bytes, then the bytes.
Result<> append_frame(SpillFile& file, std::string_view bytes);

/// Reads the frames of a file from its front.
class FrameReader {
 public:
  /// `file` must outlive the reader. @param piece bytes read at a time
  explicit FrameReader(const SpillFile& file, std::size_t piece = std::size_t{1} << 20U)
      : file_(&file), piece_(piece) {}

  /// Goes to the next frame; false at the end. Errors: file.unreadable.
  Result<bool> next();

  /// Valid until the next call of `next`.
  std::string_view frame() const { return frame_; }

 private:
  Result<bool> hold(std::size_t bytes);

  const SpillFile* file_;
  std::size_t piece_;
  std::uint64_t at_ = 0;
  std::string buffer_;
  std::size_t start_ = 0;
  std::string_view frame_;
};

}  // namespace lockstep
