// SPDX-License-Identifier: Apache-2.0
// The few words about characters and numbers that all schemes share. ASCII only: a version in any
// other letters is ordered by its bytes.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <string_view>

namespace lockstep::versions {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_letter(char c) {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Whether the text is one or more digits.
constexpr bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

constexpr std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

/// Where the run of digits that starts at `at` ends.
constexpr std::size_t end_of_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at]))
    ++at;
  return at;
}

/// The digits without leading zeros: "" for zero.
constexpr std::string_view significant(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

/// Two runs of digits as numbers of any length; no digits count as zero.
constexpr std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  a = significant(a);
  b = significant(b);
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

/// By bytes, with ASCII letters in lower case.
constexpr std::strong_ordering compare_ignoring_case(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto left = static_cast<unsigned char>(to_lower(a[i]));
    const auto right = static_cast<unsigned char>(to_lower(b[i]));
    if (left != right) return left <=> right;
  }
  return a.size() <=> b.size();
}

}  // namespace lockstep::versions
