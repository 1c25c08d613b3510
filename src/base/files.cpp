// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <span>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.hpp"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

/// Closes a file descriptor when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }

  int get() const { return value_; }

 private:
  int value_;
};

tl::unexpected<Error> unreadable(const std::string& path, int reason) {
  if (reason == ENOENT || reason == ENOTDIR)
    return fail(ErrorKind::input, "file.missing", "there is no such file", {path, 0, 0});
  return fail(ErrorKind::input, "file.unreadable",
              fmt::format("the file cannot be read: {}", std::strerror(reason)), {path, 0, 0});
}

tl::unexpected<Error> unwritable(const std::string& path, int reason) {
  return fail(
      ErrorKind::input, "file.unwritable",
      fmt::format("the file cannot be written: {}; nothing was changed", std::strerror(reason)),
      {path, 0, 0});
}

Result<> sync_file(int descriptor, const std::string& path) {
  if (::fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS) return unwritable(path, errno);
  return {};
}

using Pieces = std::span<const std::string_view>;

Result<> write_bytes(int descriptor, Pieces pieces, const std::string& path) {
  if (const int reason = write_all(descriptor, pieces); reason != 0)
    return unwritable(path, reason);
  return {};
}

Result<> write_lasting(int descriptor, Pieces pieces, const std::string& path) {
  TRY_VOID(write_bytes(descriptor, pieces, path));
  return sync_file(descriptor, path);
}

/// What a path names when it is a symbolic link, which need not be there yet: a link stays a link.
Result<std::string> behind_links(const std::string& path) {
  constexpr int links_max = 40;
  fs::path target(path);
  std::error_code problem;
  for (int links = 0; fs::is_symlink(target, problem); ++links) {
    if (links == links_max) return unwritable(path, ELOOP);
    const fs::path next = fs::read_symlink(target, problem);
    if (problem) return unwritable(path, problem.value());
    target = target.parent_path() / next;
  }
  return target.string();
}

Result<> write_into(const std::string& device, Pieces pieces, const std::string& path) {
  const Descriptor file(::open(device.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) return unwritable(path, errno);
  return write_lasting(file.get(), pieces, path);
}

enum class Earlier { replace, keep };

int rename_over(const std::string& from, const std::string& to, Earlier earlier) {
  if (earlier == Earlier::replace) return ::rename(from.c_str(), to.c_str());
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
}

/// A name beside the target that no other process takes.
std::string temporary_of(const std::string& target) {
  return fmt::format("{}.{}.part", target, ::getpid());
}

Result<> put(const std::string& target, Pieces pieces, const std::string& path, Earlier earlier) {
  const std::string temporary = temporary_of(target);
  {
    const Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.get() < 0) return unwritable(path, errno);
    if (auto written = write_lasting(file.get(), pieces, path); !written) {
      ::unlink(temporary.c_str());
      return written;
    }
  }
  if (rename_over(temporary, target, earlier) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    if (reason == EEXIST && earlier == Earlier::keep)
      return fail(ErrorKind::input, "file.exists", "expected no file there, found one; it was kept",
                  {path, 0, 0});
    return unwritable(path, reason);
  }
  return {};
}

Result<> make_folder_of(const std::string& target, const std::string& path) {
  std::error_code problem;
  const fs::path folder = fs::path(target).parent_path();
  if (!folder.empty()) fs::create_directories(folder, problem);
  if (problem) return unwritable(path, problem.value());
  return {};
}

class GrowingDiskFile final : public GrowingFile {
 public:
  GrowingDiskFile(int descriptor, std::string path)
      : descriptor_(descriptor), path_(std::move(path)) {}

  Result<> append(std::string_view bytes) override {
    return write_bytes(descriptor_.get(), {&bytes, 1}, path_);
  }

  Result<> sync() override { return sync_file(descriptor_.get(), path_); }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class DiskLock final : public FileLock {
 public:
  explicit DiskLock(int descriptor) : descriptor_(descriptor) {}

 private:
  Descriptor descriptor_;
};

}  // namespace

Result<std::string> RealFiles::read(const std::string& path, std::uint64_t limit) const {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return unreadable(path, errno);
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return unreadable(path, errno);
  if (S_ISDIR(about.st_mode)) return unreadable(path, EISDIR);
  const auto too_large = [&] {
    return fail(ErrorKind::input, "file.too_large",
                fmt::format("expected at most {} bytes in this file", limit), {path, 0, 0});
  };
  if (S_ISREG(about.st_mode) && static_cast<std::uint64_t>(about.st_size) > limit)
    return too_large();
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(S_ISREG(about.st_mode) ? about.st_size : 0) + 1);
  constexpr std::size_t piece = std::size_t{1} << 18U;
  while (true) {
    const std::size_t before = bytes.size();
    bytes.resize(std::max(std::min(before + piece, bytes.capacity()), before + 1));
    const ssize_t got = ::read(file.get(), bytes.data() + before, bytes.size() - before);
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, errno);
    if (bytes.size() > limit) return too_large();
    if (got == 0) return bytes;
    if (bytes.size() == bytes.capacity()) bytes.reserve(bytes.size() * 2 + piece);
  }
}

Result<std::string> RealFiles::read_start(const std::string& path, std::size_t size) const {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return unreadable(path, errno);
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::read(file.get(), bytes.data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

Result<std::string> RealFiles::digest(const std::string& path) const {
  return sha256_of_file(path);
}

namespace {

Result<> replace(const std::string& path, Pieces pieces) {
  TRY(const std::string target, behind_links(path));
  struct stat about{};
  const bool is_there = ::stat(target.c_str(), &about) == 0;
  if (is_there && S_ISDIR(about.st_mode)) return unwritable(path, EISDIR);
  // A device or a pipe is written to, never replaced: /dev/stdout stays what it is.
  if (is_there && !S_ISREG(about.st_mode)) return write_into(target, pieces, path);
  TRY_VOID(make_folder_of(target, path));
  return put(target, pieces, path, Earlier::replace);
}

}  // namespace

Result<> RealFiles::write(const std::string& path, std::string_view bytes) {
  return replace(path, {&bytes, 1});
}

Result<> RealFiles::write_pieces(const std::string& path, const TextPieces& pieces) {
  const std::vector<std::string_view> views(pieces.begin(), pieces.end());
  return replace(path, views);
}

Result<> RealFiles::check_writable(const std::string& path) const {
  TRY(const std::string target, behind_links(path));
  struct stat about{};
  const bool is_there = ::stat(target.c_str(), &about) == 0;
  if (is_there && S_ISDIR(about.st_mode)) return unwritable(path, EISDIR);
  if (is_there && !S_ISREG(about.st_mode)) {
    // Opening a pipe would wait for its reader.
    if (::access(target.c_str(), W_OK) != 0) return unwritable(path, errno);
    return {};
  }
  fs::path place(target);
  std::error_code problem;
  while (!place.parent_path().empty() && place != place.parent_path() &&
         !fs::exists(place.parent_path(), problem))
    place = place.parent_path();
  const std::string temporary = temporary_of(place.string());
  const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) return unwritable(path, errno);
  ::unlink(temporary.c_str());
  return {};
}

Result<> RealFiles::create(const std::string& path, std::string_view bytes) {
  TRY_VOID(make_folder_of(path, path));
  return put(path, {&bytes, 1}, path, Earlier::keep);
}

Result<std::unique_ptr<GrowingFile>> RealFiles::grow(const std::string& path, std::uint64_t keep) {
  TRY_VOID(make_folder_of(path, path));
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return unwritable(path, errno);
  auto file = std::make_unique<GrowingDiskFile>(descriptor, path);
  struct stat about{};
  if (::fstat(descriptor, &about) != 0) return unwritable(path, errno);
  if (static_cast<std::uint64_t>(about.st_size) > keep &&
      ::ftruncate(descriptor, static_cast<off_t>(keep)) != 0)
    return unwritable(path, errno);
  return file;
}

Result<> RealFiles::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return unwritable(to, errno);
  return {};
}

Result<std::unique_ptr<FileLock>> RealFiles::lock(const std::string& path) {
  const bool is_folder = fs::is_directory(path);
  if (!is_folder) TRY_VOID(make_folder_of(path, path));
  const int mode = is_folder ? O_RDONLY : O_RDWR | O_CREAT;
  const int descriptor = ::open(path.c_str(), mode | O_CLOEXEC, 0666);
  if (descriptor < 0) return unwritable(path, errno);
  auto lock = std::make_unique<DiskLock>(descriptor);
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    // Over a network a lock may need a file that is open for writing, which no folder is.
    if (is_folder && (errno == EBADF || errno == ENOLCK || errno == EOPNOTSUPP)) break;
    if (errno != EWOULDBLOCK) return unwritable(path, errno);
    return fail(ErrorKind::input, "file.locked",
                "another lockstep is changing this data; try again when it is done", {path, 0, 0});
  }
  return lock;
}

Result<std::uint64_t> RealFiles::size(const std::string& path) const {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return unreadable(path, errno);
  return static_cast<std::uint64_t>(about.st_size);
}

Result<> RealFiles::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return unwritable(path, errno);
  return {};
}

bool RealFiles::exists(const std::string& path) const {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<std::vector<std::string>> RealFiles::list(const std::string& folder,
                                                 std::string_view suffix) const {
  std::error_code problem;
  fs::recursive_directory_iterator walk(folder, problem);
  if (problem) return unreadable(folder, problem.value());
  std::vector<std::string> paths;
  // A step that fails ends the walk: without a look at why, what was found would seem to be all.
  for (const fs::recursive_directory_iterator end; walk != end;) {
    if (walk->is_regular_file(problem) && walk->path().string().ends_with(suffix))
      paths.push_back(walk->path().string());
    walk.increment(problem);
    if (problem) return unreadable(folder, problem.value());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<std::vector<FolderEntry>> RealFiles::walk(const std::string& folder,
                                                 const FolderLimits& limits) const {
  std::error_code problem;
  fs::recursive_directory_iterator steps(folder, problem);
  if (problem) return unreadable(folder, problem.value());
  const auto over = [&](std::string_view what, auto allowed) {
    return fail(ErrorKind::input, "file.folder_limit",
                fmt::format("expected a folder with at most {} {}, found more", allowed, what),
                {folder, 0, 0});
  };
  std::vector<FolderEntry> found;
  for (const fs::recursive_directory_iterator end; steps != end; steps.increment(problem)) {
    const fs::file_status status = steps->symlink_status(problem);
    if (problem) return unreadable(steps->path().string(), problem.value());
    if (steps.depth() >= limits.depth) return over("folders inside each other", limits.depth);
    if (fs::is_directory(status)) continue;
    if (found.size() == limits.entries) return over("files", limits.entries);
    found.push_back({steps->path().lexically_relative(folder).generic_string(),
                     fs::is_symlink(status)        ? FolderEntry::Kind::link
                     : fs::is_regular_file(status) ? FolderEntry::Kind::file
                                                   : FolderEntry::Kind::other});
  }
  if (problem) return unreadable(folder, problem.value());
  std::ranges::sort(found, {}, &FolderEntry::path);
  return found;
}

}  // namespace lockstep
