// SPDX-License-Identifier: Apache-2.0
#include "formats/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <fmt/format.h>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/text.hpp"

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

tl::unexpected<Error> bad_format(const std::string& file, std::string_view what, archive* handle) {
  return fail(ErrorKind::input, "archive.format",
              fmt::format("expected {}, found bytes that are none: {}", what, reason_of(handle)),
              {file});
}

/// Why a name cannot be taken, or nothing.
std::optional<std::string_view> odd_name(std::string_view name) {
  if (name.empty()) return "an empty name";
  if (name.front() == '/') return "an absolute name";
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "a control character in its name";
  }
  for (const std::string_view part : split(name, '/')) {
    if (part == "..") return "a name that climbs with '..'";
  }
  return std::nullopt;
}

}  // namespace

struct ZipReader::State {
  Handle handle{archive_read_new()};
  std::string file;
  ArchiveLimits limits;
  std::uint64_t packed = 0;  ///< bytes of the archive itself
  std::uint64_t unpacked = 0;
  std::size_t entries = 0;
  std::unordered_set<std::string> names;
  std::string name;
  std::vector<char> buffer;

  tl::unexpected<Error> odd(std::string_view what) const {
    return fail(ErrorKind::input, "archive.entry",
                fmt::format("expected plain files in the archive, found '{}' with {}; make the "
                            "archive again without it",
                            quotable(name), what),
                {file});
  }

  tl::unexpected<Error> over(std::string_view limit, std::uint64_t allowed) const {
    return fail(
        ErrorKind::input, "archive.limit",
        fmt::format("expected at most {} {}, found more at '{}'", allowed, limit, quotable(name)),
        {file});
  }

  Result<> check_entry(archive_entry* entry);
  Result<std::size_t> read_data();
  Result<> check_totals(std::uint64_t size) const;
};

Result<> ZipReader::State::check_entry(archive_entry* entry) {
  if (++entries > limits.entries) return over("entries", limits.entries);
  if (const auto why = odd_name(name)) return odd(*why);
  if (archive_entry_is_encrypted(entry) != 0) return odd("encryption");
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr) {
    return odd("a link");
  }
  if (!names.insert(name).second) return odd("a name that is there twice");
  if (archive_entry_size_is_set(entry) != 0 &&
      static_cast<std::uint64_t>(archive_entry_size(entry)) > limits.entry_bytes) {
    return over("bytes in one entry", limits.entry_bytes);
  }
  return {};
}

Result<> ZipReader::State::check_totals(std::uint64_t size) const {
  if (size > limits.entry_bytes) return over("bytes in one entry", limits.entry_bytes);
  const std::uint64_t total = unpacked + size;
  if (total > limits.total_bytes) return over("bytes in all entries", limits.total_bytes);
  if (total > limits.ratio_from && packed > 0 && total / packed > limits.ratio) {
    return over("times the packed size", limits.ratio);
  }
  return {};
}

Result<std::size_t> ZipReader::State::read_data() {
  constexpr std::size_t step = std::size_t{64} << 10U;
  std::size_t size = 0;
  while (true) {
    if (buffer.size() < size + step) buffer.resize(buffer.size() * 2 + step);
    const la_ssize_t got =
        archive_read_data(handle.get(), buffer.data() + size, buffer.size() - size);
    if (got < 0)
      return odd(fmt::format("data that cannot be unpacked: {}", reason_of(handle.get())));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    TRY_VOID(check_totals(size));
  }
  unpacked += size;
  return size;
}

ZipReader::ZipReader(std::unique_ptr<State> state) : state_(std::move(state)) {}

ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&&) noexcept = default;
ZipReader::~ZipReader() = default;

Result<ZipReader> ZipReader::open_bytes(std::string_view bytes,
                                        const std::string& file,
                                        const ArchiveLimits& limits) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->limits = limits;
  state->packed = bytes.size();
  archive_read_support_format_zip(state->handle.get());
  if (archive_read_open_memory(state->handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    return bad_format(file, "a zip archive", state->handle.get());
  }
  return ZipReader(std::move(state));
}

Result<ZipReader> ZipReader::open_file(const std::string& path, const ArchiveLimits& limits) {
  std::error_code trouble;
  const auto size = std::filesystem::file_size(path, trouble);
  if (trouble) {
    return fail(ErrorKind::input, "file.missing",
                fmt::format("expected a zip archive '{}', the system says: {}", quotable(path),
                            trouble.message()),
                {path});
  }
  auto state = std::make_unique<State>();
  state->file = path;
  state->limits = limits;
  state->packed = size;
  archive_read_support_format_zip(state->handle.get());
  constexpr std::size_t block = std::size_t{256} << 10U;
  if (archive_read_open_filename(state->handle.get(), path.c_str(), block) != ARCHIVE_OK) {
    return bad_format(path, "a zip archive", state->handle.get());
  }
  return ZipReader(std::move(state));
}

Result<std::optional<ArchiveEntry>> ZipReader::next() {
  State& state = *state_;
  while (true) {
    archive_entry* entry = nullptr;
    const int outcome = archive_read_next_header(state.handle.get(), &entry);
    if (outcome == ARCHIVE_EOF) return std::nullopt;
    if (outcome != ARCHIVE_OK && outcome != ARCHIVE_WARN) {
      return bad_format(state.file, "a zip archive", state.handle.get());
    }
    const char* name = archive_entry_pathname(entry);
    state.name = name == nullptr ? "" : name;
    TRY_VOID(state.check_entry(entry));
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) continue;
    if (type != AE_IFREG) return state.odd("a type that is no file");
    TRY(const std::size_t size, state.read_data());
    return ArchiveEntry{state.name, {state.buffer.data(), size}};
  }
}

std::uint64_t ZipReader::unpacked() const {
  return state_->unpacked;
}

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
    return bad_format(file, "a gzip stream", handle.get());
  }
  archive_entry* entry = nullptr;
  const int outcome = archive_read_next_header(handle.get(), &entry);
  if (outcome == ARCHIVE_EOF) return std::string();  // a stream of nothing
  if (outcome != ARCHIVE_OK) return bad_format(file, "a gzip stream", handle.get());
  std::string text;
  std::vector<char> piece(std::size_t{256} << 10U);
  while (true) {
    const la_ssize_t got = archive_read_data(handle.get(), piece.data(), piece.size());
    if (got < 0) return bad_format(file, "a gzip stream", handle.get());
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
