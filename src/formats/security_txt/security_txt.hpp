// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "formats/source.hpp"

namespace lockstep::formats {

/// What a security.txt says.
struct SecurityTxt {
  struct Field {
    std::string name;   ///< as written
    std::string value;  ///< without white space around it
    int line = 0;
  };

  std::vector<Field> fields;       ///< in file order
  std::optional<Instant> expires;  ///< when it is there once and readable
  bool is_signed = false;  ///< in an OpenPGP clear-signed message, whose signature is not checked
};

/// Reads a security.txt and reports every rule that it breaks, with its line. What should be but
/// need not be is a warning: a file that is good for more than a year, no preferred languages, no
/// canonical address of a signed file, an unknown field.
/// @param now the instant to judge the expiry for
/// Codes: security_txt.line, security_txt.field, security_txt.value, security_txt.once,
/// security_txt.missing, security_txt.expired, security_txt.advice, security_txt.signature.
/// Source: RFC 9116; the CSAF field of the IANA registry.
SecurityTxt read_security_txt(std::string_view bytes, Instant now, const Source& source);

}  // namespace lockstep::formats
