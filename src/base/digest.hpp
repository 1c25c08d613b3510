// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep {

/// SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

/// SHA-512 of the bytes, as 128 lower-case hexadecimal digits.
std::string sha512(std::string_view bytes);

/// SHA-256 of a file's bytes, read in pieces, as 64 lower-case hexadecimal digits.
/// Errors: file.missing, file.unreadable.
Result<std::string> sha256_of_file(const std::string& path);

/// A UUID of version 8 (RFC 9562) made from the SHA-256 of the bytes, so that the same bytes have
/// the same: "a3f0...-....-8...-a...-............".
std::string uuid_of(std::string_view bytes);

}  // namespace lockstep
