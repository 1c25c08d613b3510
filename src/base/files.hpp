// SPDX-License-Identifier: Apache-2.0
// Files, as an interface with one real and one fake: the only way in which rooms above `base` touch
// a disk. Paths are UTF-8, relative ones from the working directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/pieces.hpp"
#include "base/result.hpp"

namespace lockstep {

/// What lies in a folder, without looking behind links.
struct FolderEntry {
  enum class Kind { file, link, other };
  std::string path;  ///< below the folder, with '/' between names
  Kind kind = Kind::file;
};

/// How far a foreign folder is walked. What is over a limit is an error that names the limit.
struct FolderLimits {
  std::size_t entries = 5'000;
  int depth = 16;
};

/// A file that grows at its end, in place: for what arrives in pieces. It is never taken for whole
/// by itself; whoever finishes it renames it. The file stays when this object goes.
class GrowingFile {
 public:
  GrowingFile() = default;
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  virtual ~GrowingFile() = default;

  /// Errors: file.unwritable.
  virtual Result<> append(std::string_view bytes) = 0;
  /// Everything is on the disk, not only on its way. Errors: file.unwritable.
  virtual Result<> sync() = 0;
};

/// Held for as long as the object lives; the system gives it up when the process ends.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

class Files {
 public:
  Files() = default;
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  virtual ~Files() = default;

  /// All bytes of a file of at most `limit` bytes.
  /// Errors: file.missing, file.unreadable, file.too_large.
  virtual Result<std::string> read(const std::string& path, std::uint64_t limit) const = 0;

  /// The first bytes of a file, at most `size`. Errors: file.missing, file.unreadable.
  virtual Result<std::string> read_start(const std::string& path, std::size_t size) const = 0;

  /// SHA-256 of a file's bytes, read in pieces: 64 lower-case hexadecimal digits.
  /// Errors: file.missing, file.unreadable.
  virtual Result<std::string> digest(const std::string& path) const = 0;

  /// Writes a whole file or nothing: a temporary file beside it is filled, synced and renamed.
  /// Makes the folders that are missing. A link is followed; a device or a pipe is written to as it
  /// is. Errors: file.unwritable (with the system's reason).
  virtual Result<> write(const std::string& path, std::string_view bytes) = 0;

  /// The same of a text in pieces. Errors: as write.
  virtual Result<> write_pieces(const std::string& path, const TextPieces& pieces) = 0;

  /// Whether write could begin now, for work that ends in a file: an empty temporary file is made
  /// beside it and taken away, where folders are missing in the first one that is there. A full
  /// disk is not foreseen. Errors: file.unwritable.
  virtual Result<> check_writable(const std::string& path) const = 0;

  /// Writes a whole new file or nothing; what is at the path already stays as it is.
  /// Errors: file.exists, file.unwritable.
  virtual Result<> create(const std::string& path, std::string_view bytes) = 0;

  /// Opens a file to grow it from its first `keep` bytes; what is behind them is cut off. A file
  /// that is not there begins empty, with the folders that are missing. Errors: file.unwritable.
  virtual Result<std::unique_ptr<GrowingFile>> grow(const std::string& path,
                                                    std::uint64_t keep) = 0;

  /// Gives a file another name in its folder; what had that name is replaced.
  /// Errors: file.unwritable.
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;

  /// Takes the lock that is called by a path: that of a folder, or a file that is made and stays,
  /// empty. It does not wait. Errors: file.locked when another process holds it, file.unwritable.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;

  /// How many bytes a file has. Errors: file.missing, file.unreadable.
  virtual Result<std::uint64_t> size(const std::string& path) const = 0;

  /// Takes a file away; one that is not there is no error. Errors: file.unwritable.
  virtual Result<> remove(const std::string& path) = 0;

  virtual bool exists(const std::string& path) const = 0;

  /// The files below a folder whose name ends with `suffix`, sorted by path. Links to folders are
  /// not entered; links to files are listed. Errors: file.missing, file.unreadable.
  virtual Result<std::vector<std::string>> list(const std::string& folder,
                                                std::string_view suffix) const = 0;

  /// Everything below a foreign folder but the folders themselves, sorted by path. Links are named
  /// and not followed. Errors: file.missing, file.unreadable, file.folder_limit.
  virtual Result<std::vector<FolderEntry>> walk(const std::string& folder,
                                                const FolderLimits& limits) const = 0;
};

/// The disk.
class RealFiles final : public Files {
 public:
  Result<std::string> read(const std::string& path, std::uint64_t limit) const override;
  Result<std::string> read_start(const std::string& path, std::size_t size) const override;
  Result<std::string> digest(const std::string& path) const override;
  Result<> write(const std::string& path, std::string_view bytes) override;
  Result<> write_pieces(const std::string& path, const TextPieces& pieces) override;
  Result<> check_writable(const std::string& path) const override;
  Result<> create(const std::string& path, std::string_view bytes) override;
  Result<std::unique_ptr<GrowingFile>> grow(const std::string& path, std::uint64_t keep) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
  Result<std::uint64_t> size(const std::string& path) const override;
  Result<> remove(const std::string& path) override;
  bool exists(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& folder,
                                        std::string_view suffix) const override;
  Result<std::vector<FolderEntry>> walk(const std::string& folder,
                                        const FolderLimits& limits) const override;
};

}  // namespace lockstep
