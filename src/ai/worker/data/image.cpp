// SPDX-License-Identifier: Apache-2.0
// Pictures by libpng and libjpeg. Both libraries report errors by a jump out of their C functions:
// each function here that calls them has no objects whose destructors such a jump would pass over;
// everything lives in the object that it works for. Sizes are held against the limits before
// anything is allocated for the pixels.
//
// Source: PNG, ISO/IEC 15948; JPEG, ITU-T T.81; ITU-R BT.601-7, section 2.5.1, for grey.
#include "ai/worker/data/image.hpp"

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <jpeglib.h>
#include <png.h>

#include "ai/worker/limits.hpp"
#include "base/check.hpp"
#include "base/text.hpp"

namespace lockstep::ai {
namespace {

using Bytes = std::string_view;

const unsigned char* unsigned_bytes(Bytes bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());  // NOLINT: bytes of a file
}

bool looks_like_png(Bytes bytes) {
  return bytes.size() >= 8 && png_sig_cmp(unsigned_bytes(bytes), 0, 8) == 0;
}

bool looks_like_jpeg(Bytes bytes) {
  return bytes.starts_with("\xFF\xD8\xFF");
}

/// What is wrong with sizes that a file claims; "" when nothing is.
std::string trouble_of(std::uint64_t width, std::uint64_t height) {
  if (width * height <= limits::image_pixels) return "";
  return fmt::format("expected at most {} pixels, found {} x {}", limits::image_pixels, width,
                     height);
}

Array image_array(std::int64_t height, std::int64_t width, std::int64_t channels) {
  return {ElementType::uint8,
          {height, width, channels},
          std::string(static_cast<std::size_t>(height * width * channels), '\0'),
          {}};
}

/// Reads one PNG file.
class PngReader {
 public:
  explicit PngReader(Bytes bytes) : left_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
  }

  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  tl::expected<Array, std::string> read() {
    if (info_ == nullptr || !read_header()) return tl::unexpected(trouble_);
    if (const std::string trouble =
            trouble_of(static_cast<std::uint64_t>(width_), static_cast<std::uint64_t>(height_));
        !trouble.empty())
      return tl::unexpected(trouble);
    if (depth_ == 16)
      return tl::unexpected<std::string>("expected 8 bits per sample, found 16; convert it");
    channels_ = has_alpha_ ? colours_ + 1 : colours_;
    pixels_ = image_array(height_, width_, channels_);
    for (std::int64_t row = 0; row < height_; ++row)
      rows_.push_back(reinterpret_cast<png_bytep>(pixels_.bytes.data()) +  // NOLINT: bytes
                      row * width_ * channels_);
    if (!read_pixels()) return tl::unexpected(trouble_);
    return has_alpha_ ? without_alpha() : std::move(pixels_);
  }

 private:
  static void on_error(png_structp png, png_const_charp message) {
    static_cast<PngReader*>(png_get_error_ptr(png))->trouble_ = message;
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp, png_const_charp) {}

  static void on_read(png_structp png, png_bytep to, png_size_t size) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (size > self->left_.size()) png_error(png, "the file ends too early");
    std::memcpy(to, self->left_.data(), size);
    self->left_.remove_prefix(size);
  }

  bool read_header() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;  // NOLINT: how libpng reports errors
    png_set_read_fn(png_, this, on_read);
    png_set_user_limits(png_, limits::image_side, limits::image_side);
    png_set_chunk_malloc_max(png_, limits::image_chunk_bytes);
    png_set_chunk_cache_max(png_, 64);
    png_read_info(png_, info_);
    width_ = png_get_image_width(png_, info_);
    height_ = png_get_image_height(png_, info_);
    depth_ = png_get_bit_depth(png_, info_);
    const int type = png_get_color_type(png_, info_);
    colours_ = (type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1;
    has_alpha_ =
        (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
    // Palettes to colours, few bits to eight, a transparent colour to an alpha channel.
    png_set_expand(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  bool read_pixels() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;  // NOLINT: how libpng reports errors
    if (png_get_rowbytes(png_, info_) != static_cast<png_size_t>(width_ * channels_))
      png_error(png_, "rows of another size than the header says");
    png_read_image(png_, rows_.data());
    png_read_end(png_, nullptr);
    return true;
  }

  tl::expected<Array, std::string> without_alpha() const {
    Array opaque = image_array(height_, width_, colours_);
    const auto from = static_cast<std::size_t>(channels_);
    const auto to = static_cast<std::size_t>(colours_);
    for (std::size_t i = 0; i < static_cast<std::size_t>(width_ * height_); ++i) {
      if (pixels_.bytes[i * from + to] != '\xFF')
        return tl::unexpected<std::string>(
            "expected an image that is transparent nowhere; put it on a background");
      std::memcpy(&opaque.bytes[i * to], &pixels_.bytes[i * from], to);
    }
    return opaque;
  }

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  Bytes left_;
  std::string trouble_ = "there is no memory for it";
  std::int64_t width_ = 0;
  std::int64_t height_ = 0;
  std::int64_t colours_ = 0;
  std::int64_t channels_ = 0;
  int depth_ = 0;
  bool has_alpha_ = false;
  Array pixels_;
  std::vector<png_bytep> rows_;
};

/// Reads one JPEG file.
class JpegReader {
 public:
  explicit JpegReader(Bytes bytes) : bytes_(bytes) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = on_error;
    errors_.output_message = on_message;
    progress_.progress_monitor = on_progress;
    is_made_ = make();
  }

  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  ~JpegReader() {
    if (is_made_) jpeg_destroy_decompress(&info_);
  }

  tl::expected<Array, std::string> read() {
    if (!is_made_ || !read_header()) return tl::unexpected(trouble_);
    if (const std::string trouble = trouble_of(info_.image_width, info_.image_height);
        !trouble.empty())
      return tl::unexpected(trouble);
    if (info_.num_components != 1 && info_.num_components != 3)
      return tl::unexpected(
          fmt::format("expected grey or three colours, found {} components", info_.num_components));
    pixels_ = image_array(info_.image_height, info_.image_width, info_.num_components);
    if (!read_pixels()) return tl::unexpected(trouble_);
    // The library goes on after damage, with pixels of its own.
    if (errors_.num_warnings > 0) return tl::unexpected<std::string>("the file is damaged");
    return std::move(pixels_);
  }

 private:
  static JpegReader& self_of(j_common_ptr info) {
    return *static_cast<JpegReader*>(info->client_data);
  }

  static void on_error(j_common_ptr info) {
    JpegReader& self = self_of(info);
    char message[JMSG_LENGTH_MAX];  // NOLINT: the library's own buffer
    (*info->err->format_message)(info, message);
    self.trouble_ = message;
    std::longjmp(self.back_, 1);  // NOLINT: how libjpeg reports errors
  }

  static void on_message(j_common_ptr) {}

  /// A progressive file may hold any number of scans, each of which costs a pass over the image.
  static void on_progress(j_common_ptr info) {
    auto* decompress = reinterpret_cast<j_decompress_ptr>(info);  // NOLINT: as the library says
    if (decompress->input_scan_number <= limits::image_scans) return;
    self_of(info).trouble_ = "the file has too many scans";
    std::longjmp(self_of(info).back_, 1);  // NOLINT: how libjpeg reports errors
  }

  bool make() {
    if (setjmp(back_) != 0) return false;  // NOLINT: how libjpeg reports errors
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    return true;
  }

  bool read_header() {
    if (setjmp(back_) != 0) return false;  // NOLINT: how libjpeg reports errors
    jpeg_mem_src(&info_, unsigned_bytes(bytes_), bytes_.size());
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool read_pixels() {
    if (setjmp(back_) != 0) return false;  // NOLINT: how libjpeg reports errors
    info_.out_color_space = info_.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&info_);
    auto* at = reinterpret_cast<JSAMPROW>(pixels_.bytes.data());  // NOLINT: bytes
    while (info_.output_scanline < info_.output_height) {
      jpeg_read_scanlines(&info_, &at, 1);
      at = reinterpret_cast<JSAMPROW>(pixels_.bytes.data()) +  // NOLINT: bytes
           std::size_t{info_.output_scanline} * info_.output_width *
               static_cast<std::size_t>(info_.num_components);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  Bytes bytes_;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf back_{};
  bool is_made_ = false;
  std::string trouble_ = "there is no memory for it";
  Array pixels_;
};

unsigned grey_of(const unsigned char* rgb) {
  // 0.299 R + 0.587 G + 0.114 B in units of 1 / 65536, rounded.
  return (rgb[0] * 19595U + rgb[1] * 38470U + rgb[2] * 7471U + 0x8000U) >> 16U;
}

}  // namespace

Result<Array> read_image(Bytes bytes, const std::string& file) {
  const auto bad = [&](const std::string& message) {
    return fail(ErrorKind::input, "ai.image", message, {file, 0, 0});
  };
  if (bytes.size() > limits::image_bytes)
    return bad(fmt::format("expected an image of at most {} bytes, found {}", limits::image_bytes,
                           bytes.size()));
  tl::expected<Array, std::string> image = looks_like_png(bytes) ? PngReader(bytes).read()
                                           : looks_like_jpeg(bytes)
                                               ? JpegReader(bytes).read()
                                               : tl::unexpected<std::string>("found other bytes");
  if (!image)
    return bad("expected a PNG or JPEG image that can be read: " + quotable(image.error(), 160));
  return *std::move(image);
}

char byte_of(double brightness) {
  return static_cast<char>(
      static_cast<unsigned char>(std::lround(255 * std::clamp(brightness, 0.0, 1.0))));
}

Result<std::string> write_png(const Array& image) {
  LS_CHECK(image.type == ElementType::uint8 && image.shape.size() == 3 &&
               (image.shape[2] == 1 || image.shape[2] == 3),
           "an image is [height, width, 1 or 3] of bytes");
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.height = static_cast<png_uint_32>(image.shape[0]);
  header.width = static_cast<png_uint_32>(image.shape[1]);
  header.format = image.shape[2] == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  png_alloc_size_t size = 0;
  std::string bytes;
  const bool is_sized =
      png_image_write_get_memory_size(header, size, 0, image.bytes.data(), 0, nullptr) != 0;
  if (is_sized) bytes.resize(size);
  if (!is_sized || png_image_write_to_memory(&header, bytes.data(), &size, 0, image.bytes.data(), 0,
                                             nullptr) == 0)
    return fail(ErrorKind::internal, "ai.image",
                fmt::format("a picture cannot be written: {}", header.message));
  bytes.resize(size);
  return bytes;
}

Array with_channels(const Array& image, std::int64_t channels) {
  LS_CHECK(image.shape.size() == 3 && (channels == 1 || channels == 3), "images have 1 or 3");
  if (image.shape[2] == channels) return image;
  Array other = image_array(image.shape[0], image.shape[1], channels);
  const unsigned char* from = unsigned_bytes(image.bytes);
  const auto pixels = static_cast<std::size_t>(image.shape[0] * image.shape[1]);
  for (std::size_t i = 0; i < pixels; ++i) {
    if (channels == 1)
      other.bytes[i] = static_cast<char>(grey_of(from + 3 * i));
    else
      std::memset(&other.bytes[3 * i], from[i], 3);
  }
  return other;
}

}  // namespace lockstep::ai
