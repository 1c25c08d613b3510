// SPDX-License-Identifier: Apache-2.0
#include "formats/archive.hpp"

#include <fmt/format.h>
#include <memory>
#include <vector>

#include "base/text.hpp"
#include "formats/late_archive.hpp"

namespace lockstep::formats {

namespace {

struct CloseArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

using Handle = std::unique_ptr<archive, CloseArchive>;

std::string reason_of(archive* handle) {
  const char* text = archive_error_string(handle);
  return text == nullptr ? "no reason given" : quotable(text);
}

tl::unexpected<Error> bad_gzip(const std::string& file, archive* handle) {
  return fail(
      ErrorKind::input, "archive.format",
      fmt::format("expected a gzip stream, found bytes that are none: {}", reason_of(handle)),
      {file});
}

}  // namespace

bool looks_like_zip(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}

bool looks_like_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

Result<std::string> unpack_gzip(std::string_view bytes,
                                const std::string& file,
                                const ArchiveLimits& limits) {
  const Handle handle{archive_read_new()};
  archive_read_support_filter_gzip(handle.get());
  archive_read_support_format_raw(handle.get());
  archive_read_support_format_empty(handle.get());
  if (!looks_like_gzip(bytes) ||
      archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    return bad_gzip(file, handle.get());
  }
  archive_entry* entry = nullptr;
  const int outcome = archive_read_next_header(handle.get(), &entry);
  if (outcome == ARCHIVE_EOF) return std::string();  // a stream of nothing
  if (outcome != ARCHIVE_OK) return bad_gzip(file, handle.get());
  std::string text;
  std::vector<char> piece(std::size_t{256} << 10U);
  while (true) {
    const la_ssize_t got = archive_read_data(handle.get(), piece.data(), piece.size());
    if (got < 0) return bad_gzip(file, handle.get());
    if (got == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
    const bool too_dense =
        text.size() > limits.ratio_from && text.size() / bytes.size() > limits.ratio;
    if (text.size() > limits.total_bytes || too_dense) {
      return fail(ErrorKind::input, "archive.limit",
                  fmt::format("expected at most {} bytes and {} times the packed size, found more",
                              limits.total_bytes, limits.ratio),
                  {file});
    }
  }
}

}  // namespace lockstep::formats
