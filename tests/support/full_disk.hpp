// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"

namespace lockstep::test {

/// A disk that is full after a number of writes.
class FullDisk final : public Files {
 public:
  Result<std::string> read(const std::string& path, std::uint64_t limit) const override {
    return disk_.read(path, limit);
  }

  Result<std::string> read_start(const std::string& path, std::size_t size) const override {
    return disk_.read_start(path, size);
  }

  Result<std::string> digest(const std::string& path) const override { return disk_.digest(path); }

  Result<> write(const std::string& path, std::string_view bytes) override {
    TRY_VOID(use(path));
    return disk_.write(path, bytes);
  }

  Result<> write_pieces(const std::string& path, const TextPieces& pieces) override {
    TRY_VOID(use(path));
    return disk_.write_pieces(path, pieces);
  }

  Result<> check_writable(const std::string& path) const override {
    return disk_.check_writable(path);
  }

  Result<> create(const std::string& path, std::string_view bytes) override {
    TRY_VOID(use(path));
    return disk_.create(path, bytes);
  }

  Result<std::unique_ptr<GrowingFile>> grow(const std::string& path, std::uint64_t keep) override {
    TRY(auto file, disk_.grow(path, keep));
    return std::make_unique<Growing>(*this, path, std::move(file));
  }

  Result<> rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    return disk_.lock(path);
  }

  Result<std::uint64_t> size(const std::string& path) const override { return disk_.size(path); }

  Result<> remove(const std::string& path) override { return disk_.remove(path); }

  bool exists(const std::string& path) const override { return disk_.exists(path); }

  Result<std::vector<std::string>> list(const std::string& folder,
                                        std::string_view suffix) const override {
    return disk_.list(folder, suffix);
  }

  Result<std::vector<FolderEntry>> walk(const std::string& folder,
                                        const FolderLimits& limits) const override {
    return disk_.walk(folder, limits);
  }

  int writes_left = 0;

 private:
  class Growing final : public GrowingFile {
   public:
    Growing(FullDisk& disk, std::string path, std::unique_ptr<GrowingFile> file)
        : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

    Result<> append(std::string_view bytes) override {
      TRY_VOID(disk_.use(path_));
      return file_->append(bytes);
    }

    Result<> sync() override { return file_->sync(); }

   private:
    FullDisk& disk_;
    std::string path_;
    std::unique_ptr<GrowingFile> file_;
  };

  Result<> use(const std::string& path) {
    if (writes_left-- > 0) return {};
    return fail(ErrorKind::input, "file.unwritable", "no space left", {path, 0, 0});
  }

  RealFiles disk_;
};

}  // namespace lockstep::test
