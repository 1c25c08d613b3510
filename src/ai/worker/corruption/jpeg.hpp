// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ai/worker/corruption/image.hpp"

namespace lockstep::ai {

/// What is left of a picture after JPEG compression. @param quality 1 to 100
Image through_jpeg(const Image& image, int quality);

}  // namespace lockstep::ai
