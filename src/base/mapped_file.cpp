// SPDX-License-Identifier: Apache-2.0
#include "base/mapped_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/text.hpp"

namespace lockstep {

namespace {

tl::unexpected<Error> unreadable(const std::string& path, int reason) {
  if (reason == ENOENT || reason == ENOTDIR) {
    return fail(ErrorKind::input, "file.missing",
                fmt::format("expected a file '{}', found nothing there", quotable(path)), {path});
  }
  return fail(ErrorKind::input, "file.unreadable",
              fmt::format("expected to read '{}', the system says: {}", quotable(path),
                          std::strerror(reason)),
              {path});
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unreadable(path, errno);
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    const int reason = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    ::close(descriptor);
    return unreadable(path, reason);
  }
  MappedFile file;
  file.size_ = static_cast<std::size_t>(status.st_size);
  if (file.size_ > 0) {
    void* place = ::mmap(nullptr, file.size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (place == MAP_FAILED) {
      const int reason = errno;
      ::close(descriptor);
      file.size_ = 0;
      return unreadable(path, reason);
    }
    file.data_ = static_cast<const char*>(place);
  }
  ::close(descriptor);
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);  // NOLINT: munmap takes void*
}

void MappedFile::release(std::string_view part) const {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto from = static_cast<std::size_t>(part.data() - data_);
  const std::size_t first = (from + page - 1) / page * page;
  const std::size_t last = (from + part.size()) / page * page;
  if (data_ == nullptr || first >= last) return;
  // The mapping is private and never written to: what is dropped here is only its copy in memory.
  ::madvise(const_cast<char*>(data_) + first, last - first, MADV_DONTNEED);  // NOLINT: not written
}

}  // namespace lockstep
