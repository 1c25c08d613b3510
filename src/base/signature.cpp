// SPDX-License-Identifier: Apache-2.0
#include "base/signature.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace lockstep {

namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

constexpr std::size_t max_key_bytes = 64'000;
constexpr std::size_t max_signatures = 16;

/// A key with a password is refused, not asked for.
int no_password(char*, int, int, void*) {
  return 0;
}

enum class Part { secret, open };

tl::unexpected<Error> refuse(std::string_view expected) {
  return fail(ErrorKind::input, "signature.key",
              fmt::format("expected {} of Ed25519 or ECDSA on P-256, in PEM and without a password",
                          expected));
}

bool is_usable(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return true;
  std::array<char, 64> group{};
  std::size_t length = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
         std::string_view(group.data(), length) == "prime256v1";
}

Result<Key> read_key(std::string_view pem, Part part) {
  const std::string_view expected = part == Part::secret ? "a private key" : "a public key";
  if (pem.size() > max_key_bytes) return refuse(expected);
  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(bio == nullptr         ? nullptr
          : part == Part::secret ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)
                                 : PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr));
  if (key == nullptr || !is_usable(key.get())) return refuse(expected);
  return key;
}

/// Ed25519 brings its own digest.
const EVP_MD* digest_for(EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : EVP_sha256();
}

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets(bytes),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string standard(text);
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  // libcrypto would pass over white space, and take a padding in the middle for zeros.
  const bool is_clean = std::ranges::all_of(standard.substr(0, text.size() - padding), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  const bool is_whole =
      is_clean && text.size() % 4 == 0 && text.size() <= std::numeric_limits<int>::max();
  const int length = is_whole ? EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                                octets(standard), static_cast<int>(standard.size()))
                              : -1;
  if (length < 0)
    return fail(ErrorKind::input, "signature.encoding", "expected base64, found other characters");
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

Result<std::string> sign_bytes(std::string_view key_pem, std::string_view message) {
  TRY(const Key key, read_key(key_pem, Part::secret));
  const Context context(EVP_MD_CTX_new());
  std::size_t length = 0;
  const bool is_ready =
      context != nullptr &&
      EVP_DigestSignInit(context.get(), nullptr, digest_for(key.get()), nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &length, octets(message), message.size()) == 1;
  std::string signature(length, '\0');
  if (!is_ready || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                  &length, octets(message), message.size()) != 1)
    return refuse("a private key that signs,");
  signature.resize(length);
  return signature;
}

Result<bool> verify_bytes(std::string_view key_pem,
                          std::string_view message,
                          std::string_view signature) {
  TRY(const Key key, read_key(key_pem, Part::open));
  const Context context(EVP_MD_CTX_new());
  if (context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, digest_for(key.get()), nullptr, key.get()) != 1)
    return refuse("a public key");
  return EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message),
                          message.size()) == 1;
}

Result<std::string> key_id_of(std::string_view key_pem) {
  auto key = read_key(key_pem, Part::open);
  if (!key) key = read_key(key_pem, Part::secret);
  if (!key) return tl::unexpected<Error>(key.error());
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key->get(), &der);
  if (length <= 0) return refuse("a key");
  std::string digest = sha256(
      std::string_view(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)));
  OPENSSL_free(der);
  return digest;
}

std::string pre_authentication_encoding(std::string_view type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, payload.size(), payload);
}

Result<Json> signed_envelope(std::string_view type,
                             std::string_view payload,
                             std::string_view key_pem) {
  TRY(const std::string signature, sign_bytes(key_pem, pre_authentication_encoding(type, payload)));
  TRY(const std::string id, key_id_of(key_pem));
  return Json::object_of({{"payloadType", std::string(type)},
                          {"payload", to_base64(payload)},
                          {"signatures", Json::array().push(Json::object_of(
                                             {{"keyid", id}, {"sig", to_base64(signature)}}))}});
}

Result<std::string> opened_envelope(const Json& envelope,
                                    std::string_view type,
                                    std::string_view key_pem,
                                    const std::string& file) {
  const Json::Array& signatures = envelope["signatures"].items();
  if (envelope["payloadType"].string_or("") != type || signatures.empty() ||
      signatures.size() > max_signatures) {
    return fail(ErrorKind::input, "signature.envelope",
                fmt::format("expected a DSSE envelope of '{}' with 1 to {} signatures, found "
                            "another document",
                            type, max_signatures),
                envelope.at(file));
  }
  TRY(std::string payload, from_base64(envelope["payload"].string_or("")));
  const std::string message = pre_authentication_encoding(type, payload);
  for (const Json& one : signatures) {
    // Others may sign beside us in ways that we do not read.
    const auto signature = from_base64(one["sig"].string_or(""));
    if (!signature) continue;
    TRY(const bool holds, verify_bytes(key_pem, message, *signature));
    if (holds) return payload;
  }
  return fail(ErrorKind::verification, "signature.wrong",
              "no signature of the envelope holds under this key: it was changed, or somebody else "
              "signed it",
              {file});
}

}  // namespace lockstep
