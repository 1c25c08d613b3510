// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void add(std::string_view bytes);
  /// Of all bytes so far, as 64 lower-case hexadecimal digits; to be called once, at the end.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

/// The same as 32 bytes.
std::array<char, 32> sha256_bytes(std::string_view bytes);

/// SHA-512 of the bytes, as 128 lower-case hexadecimal digits.
std::string sha512(std::string_view bytes);

/// SHA-256 of a file's bytes, read in pieces, as 64 lower-case hexadecimal digits.
/// Errors: file.missing, file.unreadable.
Result<std::string> sha256_of_file(const std::string& path);

/// A UUID of version 8 (RFC 9562) made from the SHA-256 of the bytes, so that the same bytes have
/// the same: "a3f0...-....-8...-a...-............".
std::string uuid_of(std::string_view bytes);

}  // namespace lockstep
