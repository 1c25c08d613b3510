// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <numeric>
#include <span>

#include "ai/worker/data/npz.hpp"
#include "base/random.hpp"
#include "draw.hpp"
#include "files.hpp"
#include "glyphs.hpp"

namespace quayside {
namespace {

constexpr std::int64_t classes = static_cast<std::int64_t>(characters.size());

void append_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU));
  }
}

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char byte : bytes) {
    a = (a + static_cast<std::uint8_t>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  return (b << 16U) | a;
}

/// One chunk of a PNG file: length, type, content, checksum over type and content.
void append_chunk(std::string& png, std::string_view type, std::string_view content) {
  append_u32(png, static_cast<std::uint32_t>(content.size()));
  std::string checked(type);
  checked += content;
  png += checked;
  append_u32(png, crc32(checked));
}

/// A zlib stream that stores the bytes as they are, in blocks of at most 65535.
std::string stored(std::string_view bytes) {
  std::string out = "\x78\x01";
  for (std::size_t at = 0; at < bytes.size(); at += 65535) {
    const std::string_view block = bytes.substr(at, 65535);
    const auto size = static_cast<std::uint32_t>(block.size());
    out.push_back(at + block.size() == bytes.size() ? '\1' : '\0');
    for (const std::uint32_t word : {size, ~size}) {
      out.push_back(static_cast<char>(word & 0xFFU));
      out.push_back(static_cast<char>((word >> 8U) & 0xFFU));
    }
    out += block;
  }
  append_u32(out, adler32(bytes));
  return out;
}

std::string png_of(const std::string& rows, int width, int height) {
  std::string header;
  append_u32(header, static_cast<std::uint32_t>(width));
  append_u32(header, static_cast<std::uint32_t>(height));
  header += std::string("\x08\0\0\0\0", 5);  // 8 bits, grey, deflate, no filter set, not interlaced
  std::string png = "\x89PNG\r\n\x1A\n";
  append_chunk(png, "IHDR", header);
  append_chunk(png, "IDAT", stored(rows));
  append_chunk(png, "IEND", "");
  return png;
}

}  // namespace

DataSet make_data(std::uint64_t seed, const std::string& name, std::int64_t count) {
  const std::uint32_t stream = lockstep::stream_of("quayside." + name);
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  lockstep::Random shuffle({seed, stream, 1, 0});
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[shuffle.below(static_cast<std::uint32_t>(i))]);
  }
  DataSet data;
  for (const std::int64_t index : order) {
    lockstep::Random random({seed, stream, 0, static_cast<std::uint32_t>(index)});
    const std::vector<std::uint8_t> image =
        draw_character(static_cast<int>(index % classes), random);
    data.images.insert(data.images.end(), image.begin(), image.end());
    data.labels.push_back(index % classes);
  }
  return data;
}

lockstep::Result<std::string> to_npz(const DataSet& data) {
  using lockstep::ai::array_of;
  const std::array arrays = {
      lockstep::ai::NamedArray{
          "images", array_of<std::uint8_t>({data.count(), 1, side, side}, std::span(data.images))},
      lockstep::ai::NamedArray{"labels",
                               array_of<std::int64_t>({data.count()}, std::span(data.labels))}};
  return lockstep::ai::write_npz(arrays);
}

std::string contact_sheet(const DataSet& data, int rows) {
  const int width = static_cast<int>(classes) * side;
  const int height = rows * side;
  const auto stride = static_cast<std::size_t>(width) + 1;  // each row begins with its filter, 0
  std::string lines(stride * static_cast<std::size_t>(height), '\0');
  std::vector<int> drawn(static_cast<std::size_t>(classes), 0);
  for (std::size_t i = 0; i < data.labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(data.labels[i]);
    const int row = drawn[label]++;
    if (row >= rows) continue;
    for (int y = 0; y < side; ++y) {
      const auto line = static_cast<std::size_t>(row * side + y) * stride;
      const auto from = (i * side + static_cast<std::size_t>(y)) * side;
      for (std::size_t x = 0; x < side; ++x) {
        lines[line + 1 + label * side + x] = static_cast<char>(data.images[from + x]);
      }
    }
  }
  return png_of(lines, width, height);
}

}  // namespace quayside
