// SPDX-License-Identifier: Apache-2.0
#include "formats/csaf/moment.hpp"

namespace lockstep::formats::csaf {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "Z", "z" or "+02:00".
bool is_zone(std::string_view text) {
  if (text == "Z" || text == "z") return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  constexpr std::size_t end_of_seconds = 19;
  if (text.size() <= end_of_seconds || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  std::size_t at = end_of_seconds;
  if (text[at] == '.') {
    while (++at < text.size() && is_digit(text[at])) {
    }
    if (at == end_of_seconds + 1) return std::nullopt;
  }
  if (!is_zone(text.substr(at))) return std::nullopt;
  // The leap second is read as the second before it; parse_instant would count it to the next.
  const bool is_leap = text.substr(17, 2) == "60";
  std::string whole(text.substr(0, end_of_seconds));
  if (is_leap) whole.replace(17, 2, "59");
  whole += text.substr(at);
  const auto second = parse_instant(whole);
  if (!second) return std::nullopt;
  std::string_view fraction = text.substr(end_of_seconds, at - end_of_seconds);
  if (!fraction.empty()) fraction.remove_prefix(1);
  fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  return Moment{*second, is_leap, fraction};
}

}  // namespace lockstep::formats::csaf
