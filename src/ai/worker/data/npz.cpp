// SPDX-License-Identifier: Apache-2.0
// NumPy's two file formats. An .npy file is a magic, a version, a header that is the text of a
// Python dictionary, and the elements:
//
//     \x93NUMPY 1 0 <u16 length> {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n data
//
// An .npz file is a zip with one .npy per array. The header is foreign text: it is read by a small
// reader of exactly the three keys, never evaluated. Sizes are checked before anything is
// allocated: the header's shape against the bytes that are there, the zip's sum against
// limits::data_bytes and against limits::unpack_ratio (a zip bomb unpacks to 1000 times its size).
//
// Source: NumPy Enhancement Proposal 1; the zip container by libarchive.
#include "ai/worker/data/npz.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <memory>
#include <optional>

#include "ai/worker/data/npy_text.hpp"
#include "ai/worker/limits.hpp"
#include "base/check.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct DescriptorRow {
  std::string_view text;  ///< without the byte order
  ElementType type;
};

constexpr std::array<DescriptorRow, 12> descriptors{{
    {"f4", ElementType::float32},
    {"f8", ElementType::float64},
    {"f2", ElementType::float16},
    {"u1", ElementType::uint8},
    {"i1", ElementType::int8},
    {"u2", ElementType::uint16},
    {"i2", ElementType::int16},
    {"i4", ElementType::int32},
    {"i8", ElementType::int64},
    {"u4", ElementType::uint32},
    {"u8", ElementType::uint64},
    {"b1", ElementType::boolean},
}};

struct Header {
  ElementType type = ElementType::undefined;
  TextLayout texts;  ///< of strings
  bool big_endian = false;
  bool column_major = false;
  std::vector<std::int64_t> shape;
};

tl::unexpected<Error> bad(const std::string& file, std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message), {file, 0, 0});
}

/// What stands after "'key':" in the header's dictionary, up to the end of the header.
std::optional<std::string_view> value_of(std::string_view header, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::string quoted = fmt::format("{0}{1}{0}", quote, key);
    const std::size_t at = header.find(quoted);
    if (at == std::string_view::npos) continue;
    std::string_view rest = trim(header.substr(at + quoted.size()));
    if (!rest.starts_with(':')) continue;
    return trim(rest.substr(1));
  }
  return std::nullopt;
}

std::optional<std::vector<std::int64_t>> tuple_of(std::string_view text) {
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) return std::nullopt;
  std::vector<std::int64_t> values;
  for (std::string_view piece : split(text.substr(1, end - 1), ',')) {
    piece = trim(piece);
    if (piece.empty()) continue;
    if (piece.ends_with('L')) piece.remove_suffix(1);  // written by Python 2
    std::int64_t value = 0;
    const auto read = std::from_chars(piece.data(), piece.data() + piece.size(), value);
    if (read.ec != std::errc{} || read.ptr != piece.data() + piece.size()) return std::nullopt;
    values.push_back(value);
    if (values.size() > limits::dimensions) return std::nullopt;
  }
  return values;
}

Result<> read_descriptor(std::string_view value, Header& header, const std::string& file) {
  const char quote = value.empty() ? ' ' : value.front();
  const std::size_t end = value.find(quote, 1);
  if ((quote != '\'' && quote != '"') || end == std::string_view::npos)
    return bad(file, "npz.type",
               fmt::format("expected an array of plain numbers, found elements of the kind '{}'; "
                           "write the array again as float32 or uint8",
                           quotable(value, 40)));
  const std::string_view text = value.substr(1, end - 1);
  const char order = text.empty() ? ' ' : text.front();
  header.big_endian = order == '>';
  if (const auto layout = text_layout(text.empty() ? text : text.substr(1))) {
    header.type = ElementType::string;
    header.texts = *layout;
    return {};
  }
  const auto row =
      std::ranges::find(descriptors, text.empty() ? text : text.substr(1), &DescriptorRow::text);
  if (row == descriptors.end() || std::string_view("<>|=").find(order) == std::string_view::npos)
    return bad(file, "npz.type",
               fmt::format("expected elements such as '<f4', '|u1' or '<i8', found '{}'; write the "
                           "array again as float32, uint8 or int64",
                           quotable(text, 40)));
  header.type = row->type;
  return {};
}

Result<Header> read_header(std::string_view text, const std::string& file) {
  Header header;
  const auto descriptor = value_of(text, "descr");
  const auto order = value_of(text, "fortran_order");
  const auto shape = value_of(text, "shape");
  if (!descriptor || !order || !shape)
    return bad(file, "npz.header",
               "expected a header with 'descr', 'fortran_order' and 'shape', found '" +
                   quotable(text) + "'");
  TRY_VOID(read_descriptor(*descriptor, header, file));
  header.column_major = order->starts_with("True");
  if (!header.column_major && !order->starts_with("False"))
    return bad(file, "npz.header",
               "expected True or False for 'fortran_order', found '" + quotable(*order, 40) + "'");
  const auto sizes = tuple_of(*shape);
  if (!sizes || !checked_elements(*sizes))
    return bad(
        file, "npz.header",
        fmt::format("expected a shape such as (1000, 28, 28) of at most {} dimensions and {} "
                    "elements, found '{}'",
                    limits::dimensions, limits::elements, quotable(*shape, 40)));
  header.shape = *sizes;
  return header;
}

void swap_bytes(std::string& bytes, std::size_t size) {
  for (std::size_t at = 0; at + size <= bytes.size(); at += size)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
}

/// From first index fastest to last index fastest.
std::string row_major(const std::string& bytes,
                      std::span<const std::int64_t> shape,
                      std::size_t size) {
  std::string result(bytes.size(), '\0');
  std::vector<std::size_t> strides(shape.size());
  std::size_t stride = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    strides[d] = stride;
    stride *= static_cast<std::size_t>(shape[d]);
  }
  std::vector<std::int64_t> index(shape.size(), 0);
  for (std::size_t out = 0; out < bytes.size(); out += size) {
    std::size_t from = 0;
    for (std::size_t d = 0; d < shape.size(); ++d)
      from += static_cast<std::size_t>(index[d]) * strides[d];
    std::copy_n(bytes.data() + from * size, size, result.data() + out);
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
  return result;
}

struct ArchiveDelete {
  void operator()(archive* handle) const {
    archive_free(handle);  // closes and frees readers and writers alike
  }
};

using Archive = std::unique_ptr<archive, ArchiveDelete>;

std::string reason_of(archive* handle) {
  const char* text = archive_error_string(handle);
  return text == nullptr ? "the archive ends early" : text;
}

/// Unpacks the current entry; `room` is how many bytes the whole file may still give.
Result<std::string> unpack(archive* handle, std::uint64_t room, const std::string& file) {
  std::string bytes;
  std::array<char, 65'536> piece{};
  while (true) {
    const la_ssize_t got = archive_read_data(handle, piece.data(), piece.size());
    if (got == 0) return bytes;
    if (got < 0)
      return bad(
          file, "npz.archive",
          "expected a zip of .npy files, but unpacking stopped: " + quotable(reason_of(handle)));
    if (bytes.size() + static_cast<std::size_t>(got) > room)
      return bad(file, "npz.limit",
                 fmt::format("expected at most {} unpacked bytes, and at most {} for each packed "
                             "byte; this file unpacks to more",
                             limits::data_bytes, limits::unpack_ratio));
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Result<NamedArray> read_entry(archive* handle,
                              archive_entry* entry,
                              std::uint64_t room,
                              const std::string& file) {
  const char* path = archive_entry_pathname(entry);
  std::string name = path == nullptr ? "" : path;
  const std::string where = file + "/" + quotable(name);
  if (!name.ends_with(".npy"))
    return bad(where, "npz.archive", "expected only .npy files in the archive, found another file");
  name.resize(name.size() - 4);
  TRY(std::string bytes, unpack(handle, room, where));
  TRY(Array array, read_npy(bytes, where));
  return NamedArray{std::move(name), std::move(array)};
}

la_ssize_t append(archive*, void* context, const void* buffer, std::size_t length) {
  static_cast<std::string*>(context)->append(static_cast<const char*>(buffer), length);
  return static_cast<la_ssize_t>(length);
}

bool write_entry(archive* handle, const NamedArray& named) {
  const std::string bytes = write_npy(named.array);
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                            &archive_entry_free);
  archive_entry_set_pathname(entry.get(), (named.name + ".npy").c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), 315'532'800, 0);  // 1980-01-01, the first day of zip
  if (archive_write_header(handle, entry.get()) != ARCHIVE_OK) return false;
  return archive_write_data(handle, bytes.data(), bytes.size()) ==
         static_cast<la_ssize_t>(bytes.size());
}

std::string_view descriptor_of(ElementType type) {
  const auto row = std::ranges::find(descriptors, type, &DescriptorRow::type);
  LS_CHECK(row != descriptors.end(), "only arrays of numbers and bools are written");
  return row->text;
}

}  // namespace

Result<Array> read_npy(std::string_view bytes, const std::string& file) {
  if (!bytes.starts_with(magic) || bytes.size() < 10)
    return bad(file, "npz.magic",
               "expected an .npy array that begins with '\\x93NUMPY', found other bytes");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3)
    return bad(file, "npz.magic",
               fmt::format("expected .npy format 1, 2 or 3, found format {}", version));
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  if (bytes.size() < 8 + length_bytes)
    return bad(file, "npz.magic", "expected the header's length, found the end of the file");
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;)
    length = (length << 8U) | static_cast<unsigned char>(bytes[8 + i]);
  const std::size_t start = 8 + length_bytes;
  if (length > limits::npy_header_bytes || bytes.size() - start < length)
    return bad(
        file, "npz.header",
        fmt::format("expected a header of at most {} bytes inside the file, found the length "
                    "{}",
                    limits::npy_header_bytes, length));
  TRY(const Header header, read_header(bytes.substr(start, length), file));
  const std::string_view data = bytes.substr(start + length);
  const auto elements = static_cast<std::size_t>(checked_elements(header.shape).value_or(0));
  const bool is_text = header.type == ElementType::string;
  const std::size_t size = is_text ? header.texts.bytes() : size_of(header.type);
  if (data.size() != elements * size)
    return bad(file, "npz.size",
               fmt::format("expected {} bytes for shape {} of {}, found {}", elements * size,
                           shape_text(header.shape), name_of(header.type), data.size()));
  if (is_text) {
    if (elements > limits::npy_texts || (header.column_major && header.shape.size() > 1))
      return bad(file, "npz.type",
                 fmt::format("expected at most {} texts, in C order, found {}", limits::npy_texts,
                             shape_text(header.shape)));
    return Array{header.type, header.shape, "", texts_of(data, header.texts, header.big_endian)};
  }
  Array array{header.type, header.shape, std::string(data), {}};
  if (header.big_endian) swap_bytes(array.bytes, size);
  if (header.column_major && header.shape.size() > 1)
    array.bytes = row_major(array.bytes, header.shape, size);
  return array;
}

std::string write_npy(const Array& array) {
  const std::string_view descriptor = descriptor_of(array.type);
  std::string shape;
  for (const std::int64_t size : array.shape)
    shape += fmt::format("{},", size);
  std::string header = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                   size_of(array.type) == 1 ? '|' : '<', descriptor, shape);
  // The elements begin at a multiple of 64, as the format asks.
  while ((10 + header.size() + 1) % 64 != 0)
    header += ' ';
  header += '\n';
  std::string bytes(magic);
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFFU);
  bytes += static_cast<char>(header.size() >> 8U);
  return bytes + header + array.bytes;
}

Result<std::vector<NamedArray>> read_npz(std::string_view bytes, const std::string& file) {
  const Archive handle(archive_read_new());
  archive_read_support_format_zip_seekable(handle.get());
  if (archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return bad(file, "npz.archive",
               "expected a zip of .npy files (an .npz file): " + quotable(reason_of(handle.get())));
  std::uint64_t room =
      std::min<std::uint64_t>(limits::data_bytes, bytes.size() * limits::unpack_ratio);
  std::vector<NamedArray> arrays;
  archive_entry* entry = nullptr;
  while (true) {
    const int state = archive_read_next_header(handle.get(), &entry);
    if (state == ARCHIVE_EOF) return arrays;
    if (state != ARCHIVE_OK && state != ARCHIVE_WARN)
      return bad(
          file, "npz.archive",
          "expected a zip of .npy files (an .npz file): " + quotable(reason_of(handle.get())));
    if (arrays.size() == limits::npz_entries)
      return bad(file, "npz.limit",
                 fmt::format("expected at most {} arrays, found more", limits::npz_entries));
    TRY(NamedArray named, read_entry(handle.get(), entry, room, file));
    room -= std::min<std::uint64_t>(room, named.array.bytes.size());
    if (find_array(arrays, named.name) != nullptr)
      return bad(file, "npz.archive",
                 fmt::format("expected each array once, found '{}' twice", quotable(named.name)));
    arrays.push_back(std::move(named));
  }
}

Result<std::string> write_npz(std::span<const NamedArray> arrays) {
  std::string bytes;
  {
    const Archive handle(archive_write_new());
    archive_write_set_format_zip(handle.get());
    archive_write_set_bytes_in_last_block(handle.get(), 1);
    bool is_written =
        archive_write_open(handle.get(), &bytes, nullptr, &append, nullptr) == ARCHIVE_OK;
    for (const NamedArray& named : arrays)
      is_written = is_written && write_entry(handle.get(), named);
    is_written = is_written && archive_write_close(handle.get()) == ARCHIVE_OK;
    if (!is_written)
      return fail(ErrorKind::internal, "npz.archive",
                  "the arrays could not be packed: " + quotable(reason_of(handle.get())));
  }
  return bytes;
}

const Array* find_array(std::span<const NamedArray> arrays, std::string_view name) {
  const auto found = std::ranges::find(arrays, name, &NamedArray::name);
  return found == arrays.end() ? nullptr : &found->array;
}

}  // namespace lockstep::ai
