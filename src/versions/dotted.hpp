// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <string_view>

#include "versions/text.hpp"

namespace lockstep::versions {

/// Takes the piece before the next separator off the front.
template <typename IsSeparator>
std::string_view take_piece(std::string_view& rest, IsSeparator is_separator) {
  const auto found = std::ranges::find_if(rest, is_separator);
  const auto end = static_cast<std::size_t>(found - rest.begin());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

/// Numbers by value; other pieces come before numbers, among themselves by their bytes.
constexpr std::strong_ordering compare_pieces(std::string_view a, std::string_view b) {
  const bool a_number = is_number(a);
  const bool b_number = is_number(b);
  if (a_number != b_number) return a_number <=> b_number;
  return a_number ? compare_numbers(a, b) : a <=> b;
}

/// Two sequences of pieces from the left; the one that ends first is smaller. A separator at the
/// end has nothing after it.
template <typename IsSeparator>
std::weak_ordering compare_sequences(std::string_view a,
                                     std::string_view b,
                                     IsSeparator is_separator) {
  while (!a.empty() && !b.empty()) {
    const auto order = compare_pieces(take_piece(a, is_separator), take_piece(b, is_separator));
    if (std::is_neq(order)) return order;
  }
  return !a.empty() <=> !b.empty();
}

}  // namespace lockstep::versions
