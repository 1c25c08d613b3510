// SPDX-License-Identifier: Apache-2.0
#include "versions/coerce.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

/// Without leading zeros: "0" for zero.
std::string_view plain(std::string_view digits) {
  const std::string_view shorter = significant(digits);
  return shorter.empty() ? digits.substr(0, 1) : shorter;
}

/// Characters that an identifier cannot hold become hyphens.
void append_identifiers(std::string& out, std::string_view text, bool plus_is_dot) {
  for (const char c : text) {
    const bool kept = is_digit(c) || is_letter(c) || c == '.' || c == '-';
    out += kept ? c : c == '+' && plus_is_dot ? '.' : '-';
  }
}

void append_rest(std::string& out, std::string_view rest) {
  if (rest.empty()) return;
  if (rest.front() == '+' || rest.front() == '.') {
    out += '+';
    append_identifiers(out, rest.substr(1), true);
    return;
  }
  if (rest.front() == '-') rest.remove_prefix(1);
  const std::size_t plus = rest.find('+');
  if (plus != 0 && !rest.empty()) out += '-';
  append_identifiers(out, rest.substr(0, plus), false);
  if (plus == std::string_view::npos) return;
  out += '+';
  append_identifiers(out, rest.substr(plus + 1), true);
}

}  // namespace

std::string coerced_semver(std::string_view version) {
  std::string_view rest = without_spaces(version);
  if (!rest.empty() && to_lower(rest.front()) == 'v') rest.remove_prefix(1);
  if (rest.empty() || !is_digit(rest.front())) return std::string(rest);
  std::string text;
  text.reserve(rest.size() + 4);
  for (int numbers = 0; numbers < 3; ++numbers) {
    const bool more = numbers == 0 || (rest.size() > 1 && rest.front() == '.' && is_digit(rest[1]));
    if (numbers > 0) text += '.';
    if (!more) {
      text += '0';
      continue;
    }
    if (numbers > 0) rest.remove_prefix(1);
    const std::size_t end = end_of_digits(rest, 0);
    text += plain(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  append_rest(text, rest);
  return text;
}

}  // namespace lockstep::versions
