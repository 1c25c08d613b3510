// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <openssl/evp.h>

#include "base/check.hpp"

namespace lockstep {
namespace {

/// SPEED: looked up once; EVP_sha256() would be looked up again for each of many small digests.
const EVP_MD* algorithm() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> found{
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  return found.get();
}

class Sha256 {
 public:
  Sha256() {
    LS_CHECK(context_ != nullptr, "no memory for a digest");
    LS_CHECK(EVP_DigestInit_ex(context_.get(), algorithm(), nullptr) == 1, "SHA-256 is missing");
  }

  void add(std::string_view bytes) {
    LS_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "SHA-256 update");
  }

  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned size = 0;
    LS_CHECK(EVP_DigestFinal_ex(context_.get(), raw.data(), &size) == 1, "SHA-256 final");
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string text;
    text.reserve(64);
    for (unsigned i = 0; i < size; ++i) {
      text += hex[raw[i] >> 4U];
      text += hex[raw[i] & 15U];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free};
};

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.finish();
}

Result<std::string> sha256_of_file(const std::string& path) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> file{std::fopen(path.c_str(), "rb"),
                                                                &std::fclose};
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
