// SPDX-License-Identifier: Apache-2.0
// The calls that OpenSSL 3 calls old are used on purpose: the newer ones look the algorithm up,
// which takes a millisecond, a quarter of the time that a short command runs.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <openssl/sha.h>
#include <span>

#include "base/check.hpp"

namespace lockstep {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string hex_of(std::span<const unsigned char> raw) {
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  text.reserve(raw.size() * 2);
  for (const unsigned char byte : raw) {
    text += hex[byte >> 4U];
    text += hex[byte & 15U];
  }
  return text;
}

}  // namespace

struct Sha256::State {
  SHA256_CTX context{};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  LS_CHECK(SHA256_Init(&state_->context) == 1, "SHA-256 is missing");
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  LS_CHECK(SHA256_Update(&state_->context, bytes.data(), bytes.size()) == 1, "SHA-256 update");
}

std::string Sha256::finish() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> raw{};
  LS_CHECK(SHA256_Final(raw.data(), &state_->context) == 1, "SHA-256 final");
  return hex_of(raw);
}

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.finish();
}

std::array<char, 32> sha256_bytes(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> raw{};
  SHA256_CTX context{};
  LS_CHECK(SHA256_Init(&context) == 1, "SHA-256 is missing");
  LS_CHECK(SHA256_Update(&context, bytes.data(), bytes.size()) == 1, "SHA-256 update");
  LS_CHECK(SHA256_Final(raw.data(), &context) == 1, "SHA-256 final");
  return std::bit_cast<std::array<char, 32>>(raw);
}

std::string sha512(std::string_view bytes) {
  std::array<unsigned char, SHA512_DIGEST_LENGTH> raw{};
  SHA512_CTX context{};
  LS_CHECK(SHA512_Init(&context) == 1, "SHA-512 is missing");
  LS_CHECK(SHA512_Update(&context, bytes.data(), bytes.size()) == 1, "SHA-512 update");
  LS_CHECK(SHA512_Final(raw.data(), &context) == 1, "SHA-512 final");
  return hex_of(raw);
}

Result<std::string> sha256_of_file(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    const bool missing = errno == ENOENT;
    return fail(ErrorKind::input, missing ? "file.missing" : "file.unreadable",
                missing ? "there is no such file"
                        : std::string("the file cannot be read: ") + std::strerror(errno),
                {path, 0, 0});
  }
  Sha256 digest;
  std::array<char, 65536> piece{};
  std::size_t got = 0;
  while ((got = std::fread(piece.data(), 1, piece.size(), file.get())) > 0)
    digest.add({piece.data(), got});
  if (std::ferror(file.get()) != 0)
    return fail(ErrorKind::input, "file.unreadable",
                std::string("the file cannot be read: ") + std::strerror(errno), {path, 0, 0});
  return digest.finish();
}

std::string uuid_of(std::string_view bytes) {
  std::string hex = sha256(bytes);
  hex[12] = '8';
  hex[16] = 'a';
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' +
         hex.substr(16, 4) + '-' + hex.substr(20, 12);
}

}  // namespace lockstep
