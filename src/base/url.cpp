// SPDX-License-Identifier: Apache-2.0
#include "base/url.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/text.hpp"

namespace lockstep {

std::string_view host_of(std::string_view url) {
  std::string_view rest = url.substr(std::min(url.find("://") + 3, url.size()));
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

bool is_plain_url(std::string_view url) {
  constexpr std::size_t bytes_max = 2048;
  const bool is_plain = std::ranges::all_of(url, [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f &&
           c != '\\';
  });
  const std::size_t start = url.find("://");
  if (!is_plain || start == std::string_view::npos || url.size() > bytes_max) return false;
  const std::string_view authority =
      url.substr(start + 3, url.find_first_of("/?#", start + 3) - (start + 3));
  return !host_of(url).empty() && authority.find('@') == std::string_view::npos;
}

bool is_this_machine(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  const auto pieces = split(host, '.');
  return pieces.size() == 4 && pieces[0] == "127" &&
         std::ranges::all_of(pieces, [](std::string_view piece) {
           return !piece.empty() && piece.size() <= 3 &&
                  piece.find_first_not_of("0123456789") == std::string_view::npos;
         });
}

std::string without_query(std::string_view url) {
  return std::string(url.substr(0, url.find_first_of("?#")));
}

std::string percent_encoded(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view marks = "-._~";
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos ||
                          kept.find(c) != std::string_view::npos;
    if (is_plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return encoded;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const std::string_view digits = text.substr(i).substr(0, 3);
    const bool is_code =
        digits.size() == 3 && digits.front() == '%' &&
        std::from_chars(digits.data() + 1, digits.data() + 3, byte, 16).ptr == digits.data() + 3;
    decoded += is_code ? static_cast<char>(byte) : text[i];
    i += is_code ? 2 : 0;
  }
  return decoded;
}

}  // namespace lockstep
