// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/corruption/jpeg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

// Needs <cstdio> before it.
#include <jpeglib.h>

#include "base/check.hpp"

namespace lockstep::ai {
namespace {

/// The codec works on pictures that are made here: it has no reason to refuse one.
[[noreturn]] void refuse(j_common_ptr codec) {
  std::array<char, JMSG_LENGTH_MAX> message{};
  codec->err->format_message(codec, message.data());
  LS_CHECK(false, message.data());
  std::abort();
}

jpeg_error_mgr errors() {
  jpeg_error_mgr manager{};
  jpeg_std_error(&manager);
  manager.error_exit = refuse;
  return manager;
}

struct Bytes {
  unsigned char* data = nullptr;
  unsigned long size = 0;  // NOLINT: the codec's type

  Bytes() = default;
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  ~Bytes() { std::free(data); }  // NOLINT: the codec allocates so
};

void compress(const Image& image, int quality, Bytes& bytes) {
  jpeg_error_mgr manager = errors();
  jpeg_compress_struct codec{};
  codec.err = &manager;
  jpeg_create_compress(&codec);
  const std::unique_ptr<jpeg_compress_struct, decltype(&jpeg_destroy_compress)> end(
      &codec, jpeg_destroy_compress);
  jpeg_mem_dest(&codec, &bytes.data, &bytes.size);
  codec.image_width = static_cast<JDIMENSION>(image.width);
  codec.image_height = static_cast<JDIMENSION>(image.height);
  codec.input_components = static_cast<int>(image.channels);
  codec.in_color_space = image.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  std::vector<JSAMPLE> line(static_cast<std::size_t>(image.width * image.channels));
  for (std::int64_t y = 0; y < image.height; ++y) {
    for (std::int64_t x = 0; x < image.width; ++x)
      for (std::int64_t c = 0; c < image.channels; ++c)
        line[static_cast<std::size_t>(x * image.channels + c)] =
            static_cast<JSAMPLE>(std::lround(std::clamp(image.at(c, y, x), 0.0F, 1.0F) * 255.0F));
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
}

}  // namespace

Image through_jpeg(const Image& image, int quality) {
  Bytes bytes;
  compress(image, quality, bytes);
  jpeg_error_mgr manager = errors();
  jpeg_decompress_struct codec{};
  codec.err = &manager;
  jpeg_create_decompress(&codec);
  const std::unique_ptr<jpeg_decompress_struct, decltype(&jpeg_destroy_decompress)> end(
      &codec, jpeg_destroy_decompress);
  jpeg_mem_src(&codec, bytes.data, bytes.size);
  jpeg_read_header(&codec, TRUE);
  jpeg_start_decompress(&codec);
  Image out(image.channels, image.height, image.width);
  std::vector<JSAMPLE> line(static_cast<std::size_t>(image.width * image.channels));
  for (std::int64_t y = 0; y < image.height; ++y) {
    JSAMPROW row = line.data();
    jpeg_read_scanlines(&codec, &row, 1);
    for (std::int64_t x = 0; x < image.width; ++x)
      for (std::int64_t c = 0; c < image.channels; ++c)
        out.at(c, y, x) =
            static_cast<float>(line[static_cast<std::size_t>(x * image.channels + c)]) / 255.0F;
  }
  jpeg_finish_decompress(&codec);
  return out;
}

}  // namespace lockstep::ai
