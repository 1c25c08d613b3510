// SPDX-License-Identifier: Apache-2.0
#include "base/url.hpp"

#include <algorithm>
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

}  // namespace lockstep
