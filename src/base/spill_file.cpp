// SPDX-License-Identifier: Apache-2.0
#include "base/spill_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "base/check.hpp"

namespace lockstep {

namespace {

constexpr std::size_t pending_max = std::size_t{256} << 10U;
constexpr std::size_t length_bytes = 4;

tl::unexpected<Error> failed(const char* code, const std::string& folder, int reason) {
  return fail(ErrorKind::input, code,
              fmt::format("a temporary file there cannot be used: {}; nothing was changed",
                          std::strerror(reason)),
              {folder, 0, 0});
}

}  // namespace

SpillFile::SpillFile(int descriptor, std::string folder)
    : descriptor_(descriptor), folder_(std::move(folder)) {}

Result<SpillFile> SpillFile::create(const std::string& folder) {
  std::error_code problem;
  if (!folder.empty()) std::filesystem::create_directories(folder, problem);
  std::string name = (folder.empty() ? "." : folder) + "/lockstep-spill-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return failed("file.unwritable", folder, errno);
  ::unlink(name.c_str());
  return SpillFile(descriptor, folder);
}

SpillFile::SpillFile(SpillFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      pending_(std::move(other.pending_)),
      folder_(std::move(other.folder_)) {}

SpillFile& SpillFile::operator=(SpillFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(pending_, other.pending_);
  std::swap(folder_, other.folder_);
  return *this;
}

SpillFile::~SpillFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<> SpillFile::append(std::string_view bytes) {
  size_ += bytes.size();
  pending_ += bytes;
  return pending_.size() < pending_max ? Result<>() : flush();
}

Result<> SpillFile::flush() {
  std::string_view left = pending_;
  while (!left.empty()) {
    const ssize_t wrote = ::write(descriptor_, left.data(), left.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return failed("file.unwritable", folder_, errno);
    left.remove_prefix(static_cast<std::size_t>(wrote));
  }
  pending_.clear();
  return {};
}

Result<std::size_t> SpillFile::read(std::uint64_t at, char* into, std::size_t size) const {
  LS_CHECK(pending_.empty(), "a spill file is flushed before it is read");
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got =
        ::pread(descriptor_, into + have, size - have, static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("file.unreadable", folder_, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

Result<> append_frame(SpillFile& file, std::string_view bytes) {
  LS_CHECK(bytes.size() <= 0xffffffffU, "a frame is below 4 GiB");
  std::string length(length_bytes, '\0');
  for (std::size_t i = 0; i < length_bytes; ++i)
    length[i] = static_cast<char>(static_cast<unsigned char>(bytes.size() >> (8 * i)));
  TRY_VOID(file.append(length));
  return file.append(bytes);
}

/// Makes the next bytes stand in the buffer; false when the file ends before them.
Result<bool> FrameReader::hold(std::size_t bytes) {
  if (buffer_.size() - start_ >= bytes) return true;
  buffer_.erase(0, start_);
  start_ = 0;
  const std::size_t have = buffer_.size();
  const std::size_t wanted = std::max(bytes - have, piece_);
  buffer_.resize(have + wanted);
  TRY(const std::size_t got, file_->read(at_, buffer_.data() + have, wanted));
  at_ += got;
  buffer_.resize(have + got);
  return buffer_.size() >= bytes;
}

Result<bool> FrameReader::next() {
  TRY(const bool has_length, hold(length_bytes));
  if (!has_length) return false;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    length |= std::size_t{static_cast<unsigned char>(buffer_[start_ + i])} << (8 * i);
  TRY(const bool has_frame, hold(length_bytes + length));
  LS_CHECK(has_frame, "a spill file ends with a whole frame");
  frame_ = std::string_view(buffer_).substr(start_ + length_bytes, length);
  start_ += length_bytes + length;
  return true;
}

}  // namespace lockstep
