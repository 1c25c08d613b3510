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
const EVP_MD* sha256_algorithm() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> found{
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  return found.get();
}

class RunningDigest {
 public:
  explicit RunningDigest(const EVP_MD* algorithm) {
    LS_CHECK(context_ != nullptr, "no memory for a digest");
    LS_CHECK(EVP_DigestInit_ex(context_.get(), algorithm, nullptr) == 1, "a digest is missing");
  }

  void add(std::string_view bytes) {
    LS_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "digest update");
  }

  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned size = 0;
    LS_CHECK(EVP_DigestFinal_ex(context_.get(), raw.data(), &size) == 1, "digest final");
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string text;
    text.reserve(2 * std::size_t{size});
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

struct Sha256::State {
  RunningDigest digest{sha256_algorithm()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  state_->digest.add(bytes);
}

std::string Sha256::finish() {
  return state_->digest.finish();
}

std::string sha256(std::string_view bytes) {
  RunningDigest digest(sha256_algorithm());
  digest.add(bytes);
  return digest.finish();
}

std::string sha512(std::string_view bytes) {
  RunningDigest digest(EVP_sha512());
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
  RunningDigest digest(sha256_algorithm());
  std::array<char, 65536> piece{};
  std::size_t got = 0;
  while ((got = std::fread(piece.data(), 1, piece.size(), file.get())) > 0)
    digest.add({piece.data(), got});
  if (std::ferror(file.get()) != 0)
    return fail(ErrorKind::input, "file.unreadable",
                std::string("the file cannot be read: ") + std::strerror(errno), {path, 0, 0});
  return digest.finish();
}

}  // namespace lockstep
