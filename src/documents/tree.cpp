// SPDX-License-Identifier: Apache-2.0
#include "documents/tree.hpp"

#include "base/digest.hpp"

namespace lockstep::documents {

std::string anchor_of(std::string_view prefix, std::string_view text) {
  std::string anchor(prefix);
  anchor += '-';
  bool replaced = text.empty();
  for (const char c : text) {
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    anchor += kept ? c : '-';
    replaced = replaced || !kept;
  }
  constexpr std::size_t digest_digits = 8;
  if (replaced) anchor += "-" + sha256(text).substr(0, digest_digits);
  return anchor;
}

}  // namespace lockstep::documents
