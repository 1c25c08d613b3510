// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/data/gzip.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <fmt/format.h>
#include <memory>

namespace lockstep::ai {

Result<std::string> unpacked(std::string bytes, std::uint64_t limit, const std::string& file) {
  if (!bytes.starts_with("\x1f\x8b")) return bytes;
  const auto bad = [&] {
    return fail(ErrorKind::input, "file.gzip",
                "expected a gzip stream, as its first bytes say, found one that is cut short or "
                "damaged; fetch the file again",
                {file, 0, 0});
  };
  const std::unique_ptr<archive, decltype(&archive_read_free)> stream(archive_read_new(),
                                                                      archive_read_free);
  archive_read_support_filter_gzip(stream.get());
  archive_read_support_format_raw(stream.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(stream.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
      archive_read_next_header(stream.get(), &entry) != ARCHIVE_OK)
    return bad();
  std::string all;
  std::array<char, 65'536> piece{};
  for (;;) {
    const auto size = archive_read_data(stream.get(), piece.data(), piece.size());
    if (size < 0) return bad();
    if (size == 0) return all;
    if (all.size() + static_cast<std::size_t>(size) > limit)
      return fail(ErrorKind::input, "file.too_large",
                  fmt::format("expected at most {} bytes unpacked, found more", limit),
                  {file, 0, 0});
    all.append(piece.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace lockstep::ai
