// SPDX-License-Identifier: Apache-2.0
// A formatted string is cut at its unquoted colons, a URI at its colons; each piece becomes a text
// without quoting and the wildcards around it. Printing quotes again what each form wants quoted.
//
// Source: NISTIR 7695, 5.3 (well-formed names), 6.1 (URI) and 6.2 (formatted string).
#include "domain/cpe.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/core.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"

namespace lockstep {

namespace {

using Kind = CpeValue::Kind;

tl::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message));
}

tl::unexpected<Error> refuse_value(std::string_view value) {
  return refuse("cpe.value",
                fmt::format("expected an attribute of a CPE of letters, digits, '_', '.', '-' and "
                            "quoted characters, with '*' or '?' only at its ends, found '{}'",
                            quotable(value)));
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_printable(char c) {
  return c > ' ' && c <= '~';
}

/// A character of a text, or a wildcard.
struct Sign {
  char c;
  bool is_wildcard;
};

/// Takes the wildcards at the back; nothing when they are mixed, or several "*".
std::optional<int> take_wildcards(std::vector<Sign>& signs) {
  int count = 0;
  while (!signs.empty() && signs.back().is_wildcard) {
    const bool many = signs.back().c == '*';
    if (count == CpeValue::many || (many && count > 0)) return std::nullopt;
    count = many ? CpeValue::many : count + 1;
    signs.pop_back();
  }
  return count;
}

/// The value that the signs of a text make; nothing when they make none.
std::optional<CpeValue> value_of(std::vector<Sign> signs) {
  CpeValue value;
  value.kind = Kind::text;
  std::ranges::reverse(signs);
  const auto leading = take_wildcards(signs);
  std::ranges::reverse(signs);
  const auto trailing = take_wildcards(signs);
  if (!leading || !trailing || signs.empty()) return std::nullopt;
  value.leading = *leading;
  value.trailing = *trailing;
  for (const Sign& sign : signs) {
    if (sign.is_wildcard) return std::nullopt;
    value.text += sign.c >= 'A' && sign.c <= 'Z' ? static_cast<char>(sign.c - 'A' + 'a') : sign.c;
  }
  return value;
}

Result<CpeValue> unquoted(std::string_view piece) {
  if (piece == "*") return CpeValue{};
  if (piece == "-") return CpeValue{Kind::not_applicable, {}, 0, 0};
  std::vector<Sign> signs;
  signs.reserve(piece.size());
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const char c = piece[i];
    if (c == '\\') {
      ++i;
      if (i == piece.size() || !is_printable(piece[i])) return refuse_value(piece);
      signs.push_back({piece[i], false});
    } else if (is_word(c) || c == '.' || c == '-') {
      signs.push_back({c, false});
    } else if (c == '*' || c == '?') {
      signs.push_back({c, true});
    } else {
      return refuse_value(piece);
    }
  }
  auto value = value_of(std::move(signs));
  if (!value) return refuse_value(piece);
  return *std::move(value);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// In a URI, %01 is '?', %02 is '*'.
Result<CpeValue> decoded(std::string_view piece) {
  if (piece.empty()) return CpeValue{};
  if (piece == "-") return CpeValue{Kind::not_applicable, {}, 0, 0};
  std::vector<Sign> signs;
  signs.reserve(piece.size());
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const char c = piece[i];
    if (is_word(c) || c == '.' || c == '-' || c == '~') {
      signs.push_back({c, false});
      continue;
    }
    const bool encoded = c == '%' && i + 2 < piece.size();
    const int high = encoded ? hex_value(piece[i + 1]) : -1;
    const int low = encoded ? hex_value(piece[i + 2]) : -1;
    if (high < 0 || low < 0) return refuse_value(piece);
    const char byte = static_cast<char>(high * 16 + low);
    if (byte == 1 || byte == 2) {
      signs.push_back({byte == 1 ? '?' : '*', true});
    } else if (is_printable(byte)) {
      signs.push_back({byte, false});
    } else {
      return refuse_value(piece);
    }
    i += 2;
  }
  auto value = value_of(std::move(signs));
  if (!value) return refuse_value(piece);
  return *std::move(value);
}

Result<> check_part(const CpeValue& part) {
  const bool known =
      part.kind != Kind::text || part.text == "a" || part.text == "h" || part.text == "o";
  if (known && part.leading == 0 && part.trailing == 0) return {};
  return refuse("cpe.value",
                fmt::format("expected a, h, o, * or - for the part of a CPE, found '{}'",
                            quotable(part.text)));
}

/// Pieces between unquoted colons.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ':') {
      pieces.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

Result<Cpe> parse_formatted(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (pieces.size() != cpe_attributes) {
    return refuse("cpe.components",
                  fmt::format("expected 11 attributes after 'cpe:2.3:', found {}", pieces.size()));
  }
  Cpe cpe;
  for (std::size_t i = 0; i < cpe_attributes; ++i) {
    TRY(cpe.values[i], unquoted(pieces[i]));
  }
  TRY_VOID(check_part(cpe.values[0]));
  return cpe;
}

/// "~edition~software edition~target software~target hardware~other"
Result<> unpack_edition(Cpe& cpe, std::string_view packed) {
  constexpr std::array<CpeAttribute, 5> places = {
      CpeAttribute::edition, CpeAttribute::software_edition, CpeAttribute::target_software,
      CpeAttribute::target_hardware, CpeAttribute::other};
  const auto pieces = split(packed.substr(1), '~');
  if (pieces.size() != places.size()) {
    return refuse(
        "cpe.components",
        fmt::format("expected 5 attributes in a packed edition, found '{}'", quotable(packed)));
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    TRY(cpe.values[static_cast<std::size_t>(places[i])], decoded(pieces[i]));
  }
  return {};
}

Result<Cpe> parse_uri(std::string_view text) {
  const auto pieces = split(text, ':');
  constexpr std::size_t most = 7;
  if (pieces.size() > most) {
    return refuse("cpe.components",
                  fmt::format("expected at most 7 attributes after 'cpe:/', found "
                              "{}",
                              pieces.size()));
  }
  Cpe cpe;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool is_packed =
        i == static_cast<std::size_t>(CpeAttribute::edition) && pieces[i].starts_with('~');
    if (is_packed) {
      TRY_VOID(unpack_edition(cpe, pieces[i]));
    } else {
      TRY(cpe.values[i], decoded(pieces[i]));
    }
  }
  TRY_VOID(check_part(cpe.values[0]));
  return cpe;
}

void append_wildcards(std::string& out, int count, std::string_view one, std::string_view any) {
  if (count == CpeValue::many) out += any;
  for (int i = 0; i < count; ++i)
    out += one;
}

std::string quoted(const CpeValue& value) {
  if (value.kind == Kind::any) return "*";
  if (value.kind == Kind::not_applicable) return "-";
  std::string text;
  append_wildcards(text, value.leading, "?", "*");
  // A lone hyphen would be read as "not applicable".
  const bool is_hyphen = value.text == "-" && value.leading == 0 && value.trailing == 0;
  for (const char c : value.text) {
    const bool plain = is_word(c) || c == '.' || (c == '-' && !is_hyphen);
    if (!plain) text += '\\';
    text += c;
  }
  append_wildcards(text, value.trailing, "?", "*");
  return text;
}

std::string encoded(const CpeValue& value) {
  if (value.kind == Kind::any) return "";
  if (value.kind == Kind::not_applicable) return "-";
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  append_wildcards(text, value.leading, "%01", "%02");
  const bool is_hyphen = value.text == "-" && value.leading == 0 && value.trailing == 0;
  for (const char c : value.text) {
    if (is_word(c) || c == '.' || (c == '-' && !is_hyphen)) {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  append_wildcards(text, value.trailing, "%01", "%02");
  return text;
}

std::string edition_of(const Cpe& cpe) {
  const bool is_packed = cpe[CpeAttribute::software_edition].kind != Kind::any ||
                         cpe[CpeAttribute::target_software].kind != Kind::any ||
                         cpe[CpeAttribute::target_hardware].kind != Kind::any ||
                         cpe[CpeAttribute::other].kind != Kind::any;
  if (!is_packed) return encoded(cpe[CpeAttribute::edition]);
  return fmt::format(
      "~{}~{}~{}~{}~{}", encoded(cpe[CpeAttribute::edition]),
      encoded(cpe[CpeAttribute::software_edition]), encoded(cpe[CpeAttribute::target_software]),
      encoded(cpe[CpeAttribute::target_hardware]), encoded(cpe[CpeAttribute::other]));
}

}  // namespace

Result<Cpe> parse_cpe(std::string_view text) {
  if (text.size() > max_cpe_bytes) {
    return refuse("cpe.size", fmt::format("expected a CPE of at most {} bytes, found {}",
                                          max_cpe_bytes, text.size()));
  }
  constexpr std::string_view formatted = "cpe:2.3:";
  constexpr std::string_view uri = "cpe:/";
  if (lower_case(text.substr(0, formatted.size())) == formatted) {
    return parse_formatted(text.substr(formatted.size()));
  }
  if (lower_case(text.substr(0, uri.size())) == uri) return parse_uri(text.substr(uri.size()));
  return refuse("cpe.prefix", fmt::format("expected a CPE that begins with 'cpe:2.3:' or 'cpe:/', "
                                          "found '{}'",
                                          quotable(text)));
}

std::string to_formatted_string(const Cpe& cpe) {
  std::string text = "cpe:2.3";
  for (const CpeValue& value : cpe.values)
    text += ":" + quoted(value);
  return text;
}

std::string product_of(const Cpe& cpe) {
  return fmt::format("{}:{}:{}", quoted(cpe[CpeAttribute::part]), quoted(cpe[CpeAttribute::vendor]),
                     quoted(cpe[CpeAttribute::product]));
}

std::string to_uri(const Cpe& cpe) {
  constexpr std::size_t edition = static_cast<std::size_t>(CpeAttribute::edition);
  constexpr std::size_t language = static_cast<std::size_t>(CpeAttribute::language);
  std::string text = "cpe:/";
  for (std::size_t i = 0; i <= language; ++i) {
    if (i > 0) text += ':';
    text += i == edition ? edition_of(cpe) : encoded(cpe.values[i]);
  }
  while (text.ends_with(':'))
    text.pop_back();
  return text == "cpe" ? "cpe:/" : text;
}

}  // namespace lockstep
