// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ai/worker/data/array.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// Reads a PNG or JPEG file of 8 bits per sample: uint8 [height, width, channels], with 1 channel
/// for grey and 3 for colour. Numbers are those of the file: no gamma, no colour profile, no EXIF
/// rotation is applied, as the usual loaders of training data have it. An image that is transparent
/// somewhere, damaged, or over limits::image_pixels is refused.
/// @param file the name for messages
/// Errors: ai.image.
Result<Array> read_image(std::string_view bytes, const std::string& file);

/// A brightness from 0 to 1 as 8 bits; what lies outside is cut.
char byte_of(double brightness);

/// The bytes of a PNG file. @param image uint8 [height, width, channels] with 1 or 3 channels
/// Errors: ai.image when the image is too large for a PNG.
Result<std::string> write_png(const Array& image);

/// The image with the wanted number of channels, 1 or 3. Colour becomes grey by the weights of
/// ITU-R BT.601, rounded; grey is repeated.
Array with_channels(const Array& image, std::int64_t channels);

}  // namespace lockstep::ai
