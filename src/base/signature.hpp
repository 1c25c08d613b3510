// SPDX-License-Identifier: Apache-2.0
// Signatures over bytes, with Ed25519 (RFC 8032) or ECDSA on P-256 with SHA-256 (FIPS 186-5), and
// the envelope in which they travel (DSSE 1.0).
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace lockstep {

/// Standard base64 with padding (RFC 4648, section 4).
std::string to_base64(std::string_view bytes);
/// The reverse, of the standard or the URL alphabet (section 5), with padding.
/// Errors: signature.encoding.
Result<std::string> from_base64(std::string_view text);

/// The raw signature: 64 bytes of Ed25519, or DER of ECDSA.
/// @param key_pem a private key without a password, PKCS #8 or SEC 1
/// Errors: signature.key.
Result<std::string> sign_bytes(std::string_view key_pem, std::string_view message);

/// Whether the signature holds. @param key_pem a public key
/// Errors: signature.key.
Result<bool> verify_bytes(std::string_view key_pem,
                          std::string_view message,
                          std::string_view signature);

/// SHA-256 of the public key (DER, SubjectPublicKeyInfo) of a private or public key.
/// Errors: signature.key.
Result<std::string> key_id_of(std::string_view key_pem);

/// What a DSSE signature is made over. Source: DSSE 1.0, "PAE".
std::string pre_authentication_encoding(std::string_view type, std::string_view payload);

/// A DSSE envelope with one signature. Errors: signature.key.
Result<Json> signed_envelope(std::string_view type,
                             std::string_view payload,
                             std::string_view key_pem);

/// The payload of an envelope of the type, once one of its signatures holds under the key.
/// Errors: signature.envelope (it is none, or of another type), signature.encoding (of the
/// payload), signature.key; signature.wrong (kind verification).
Result<std::string> opened_envelope(const Json& envelope,
                                    std::string_view type,
                                    std::string_view key_pem,
                                    const std::string& file);

}  // namespace lockstep
