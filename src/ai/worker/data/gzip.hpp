// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace lockstep::ai {

/// The bytes, unpacked where they are a gzip stream.
/// @param limit the most bytes that they may unpack to   @param file the name for messages
/// Errors: file.gzip, file.too_large.
Result<std::string> unpacked(std::string bytes, std::uint64_t limit, const std::string& file);

}  // namespace lockstep::ai
