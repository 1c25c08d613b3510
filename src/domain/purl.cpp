// SPDX-License-Identifier: Apache-2.0
// Package URLs: pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS#SUBPATH.
//
// A text is cut from both ends (subpath and qualifiers from the right, type from the left, version
// and name from the right; what is left is the namespace), each piece is decoded, and the
// components are then normalised by the same function that takes components from elsewhere. So
// every Purl is canonical, and parsing the text of a Purl gives the same Purl.
//
// Source: the purl specification (ECMA-427), "How to parse a purl" and "How to build a purl".
#include "domain/purl.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/core.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "domain/purl_types.hpp"

namespace lockstep {

namespace {

using Pair = std::pair<std::string, std::string>;

tl::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(ErrorKind::input, std::move(code), std::move(message));
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The text of a component; `code` and `what` are for the error.
Result<std::string> decode(std::string_view encoded, const char* code, const char* what) {
  // SPEED: most components are ASCII without an escape.
  if (std::ranges::all_of(encoded, [](char c) { return c > 0 && c != '%'; }))
    return std::string(encoded);
  std::string text;
  text.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      text += encoded[i];
      continue;
    }
    const int high = i + 2 < encoded.size() ? hex_value(encoded[i + 1]) : -1;
    const int low = i + 2 < encoded.size() ? hex_value(encoded[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return refuse(code, fmt::format("expected two hexadecimal digits after each '%' of the {} "
                                      "of a purl, found '{}'",
                                      what, quotable(encoded)));
    }
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_utf8(text)) {
    return refuse(code, fmt::format("expected UTF-8 in the {} of a purl, found '{}'", what,
                                    quotable(encoded)));
  }
  return text;
}

/// Which characters stand for themselves: letters, digits and . - _ ~ : and those of `more`.
constexpr std::array<bool, 256> plain_characters(std::string_view more) {
  std::array<bool, 256> plain = {};
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = static_cast<char>(i);
    plain[i] = is_letter(c) || is_digit(c) ||
               std::string_view(".-_~:").find(c) != std::string_view::npos ||
               more.find(c) != std::string_view::npos;
  }
  return plain;
}

void append_encoded(std::string& out, std::string_view text, const std::array<bool, 256>& plain) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte_of = [](char c) { return static_cast<unsigned char>(c); };
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, [&](char c) { return plain[byte_of(c)]; });
    out.append(text.begin(), end);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    if (text.empty()) break;
    out += '%';
    out += digits[byte_of(text.front()) >> 4U];
    out += digits[byte_of(text.front()) & 15U];
    text.remove_prefix(1);
  }
}

void append_encoded(std::string& out, std::string_view text) {
  static constexpr auto plain = plain_characters("");
  append_encoded(out, text, plain);
}

/// As append_encoded, but each '/' stands for itself.
void append_encoded_path(std::string& out, std::string_view path) {
  static constexpr auto plain = plain_characters("/");
  append_encoded(out, path, plain);
}

/// SPEED: nearly all paths have no empty step, and need not be taken apart.
bool has_empty_step(std::string_view path) {
  return path.starts_with('/') || path.ends_with('/') || path.find("//") != std::string_view::npos;
}

/// The steps of a path, decoded, joined by '/'. Empty steps are dropped.
Result<std::string> decode_path(std::string_view encoded, const char* code, const char* what) {
  std::string path;
  if (!has_empty_step(encoded) && encoded.find('%') == std::string_view::npos)
    return decode(encoded, code, what);
  for (const std::string_view piece : split(encoded, '/')) {
    if (piece.empty()) continue;
    TRY(const std::string step, decode(piece, code, what));
    if (step.find('/') != std::string::npos) {
      return refuse(code, fmt::format("expected no encoded '/' in the {} of a purl, found '{}'",
                                      what, quotable(encoded)));
    }
    if (!path.empty()) path += '/';
    path += step;
  }
  return path;
}

/// Keys and values; pairs without a value are dropped.
Result<std::vector<Pair>> decode_qualifiers(std::string_view encoded) {
  std::vector<Pair> pairs;
  if (encoded.empty()) return pairs;
  for (const std::string_view piece : split(encoded, '&')) {
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    std::string value;
    if (equals != std::string_view::npos) {
      TRY(value, decode(piece.substr(equals + 1), "purl.qualifier", "qualifiers"));
    }
    pairs.emplace_back(piece.substr(0, equals), std::move(value));
  }
  return pairs;
}

void make_lower(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

void change_letters(std::string& text, Letters letters) {
  switch (letters) {
    case Letters::kept:
      return;
    case Letters::lower:
      make_lower(text);
      return;
    case Letters::upper:
      for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      }
      return;
  }
}

bool is_type(std::string_view type) {
  return !type.empty() && is_letter(type.front()) && std::ranges::all_of(type, [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-';
  });
}

Result<> settle_type(Purl& purl) {
  if (!is_type(purl.type)) {
    return refuse("purl.type", fmt::format("expected a package type of letters, digits, '.' and "
                                           "'-' that begins with a letter, found '{}'",
                                           quotable(purl.type)));
  }
  make_lower(purl.type);
  if (const auto meant = meant_purl_type(purl.type); !meant.empty()) {
    return refuse("purl.type", fmt::format("expected a package type, found '{}'; did you mean "
                                           "'{}'?",
                                           purl.type, meant));
  }
  return {};
}

bool is_qualifier_key(std::string_view key) {
  return !key.empty() && !is_digit(key.front()) && std::ranges::all_of(key, [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

Result<> settle_qualifiers(Purl& purl, std::string_view required) {
  for (Pair& pair : purl.qualifiers) {
    if (!is_qualifier_key(pair.first)) {
      return refuse("purl.qualifier",
                    fmt::format("expected a qualifier key of letters, digits, '.', '-' and '_' "
                                "that does not begin with a digit, found '{}'",
                                quotable(pair.first)));
    }
    make_lower(pair.first);
  }
  std::erase_if(purl.qualifiers, [](const Pair& pair) { return pair.second.empty(); });
  std::ranges::sort(purl.qualifiers, {}, &Pair::first);
  const auto twice = std::ranges::adjacent_find(purl.qualifiers, {}, &Pair::first);
  if (twice != purl.qualifiers.end()) {
    return refuse("purl.qualifier", fmt::format("expected each qualifier once, found '{}' twice",
                                                quotable(twice->first)));
  }
  if (!required.empty() &&
      std::ranges::find(purl.qualifiers, required, &Pair::first) == purl.qualifiers.end()) {
    return refuse("purl.qualifier",
                  fmt::format("expected the qualifier '{}', which every purl of type '{}' needs",
                              required, purl.type));
  }
  return {};
}

std::string without_empty_steps(std::string steps) {
  if (steps.empty() || !has_empty_step(steps)) return steps;
  std::string path;
  for (const std::string_view step : split(steps, '/')) {
    if (step.empty()) continue;
    if (!path.empty()) path += '/';
    path += step;
  }
  return path;
}

Result<> settle_namespace(Purl& purl, const PurlTypeRules& rules) {
  purl.name_space = without_empty_steps(std::move(purl.name_space));
  change_letters(purl.name_space, rules.name_space_letters);
  if (rules.name_space == Presence::required && purl.name_space.empty()) {
    return refuse("purl.namespace",
                  fmt::format("expected a namespace before the name '{}', as every purl of type "
                              "'{}' has one",
                              quotable(purl.name), purl.type));
  }
  if (rules.name_space == Presence::prohibited && !purl.name_space.empty()) {
    return refuse("purl.namespace",
                  fmt::format("expected no namespace in a purl of type '{}', found '{}'", purl.type,
                              quotable(purl.name_space)));
  }
  return {};
}

/// Without the steps that say nothing: empty ones, "." and "..".
std::string settled_subpath(std::string_view subpath) {
  std::string path;
  if (subpath.empty()) return path;
  for (const std::string_view step : split(subpath, '/')) {
    if (step.empty() || step == "." || step == "..") continue;
    if (!path.empty()) path += '/';
    path += step;
  }
  return path;
}

bool begins_scope(std::string_view path, std::size_t at) {
  const bool begins_step = at == 0 || path[at - 1] == '/';
  return begins_step && path.find('/', at) != std::string_view::npos;
}

/// Where the version begins: the last '@', unless it begins a step of the namespace, as the scope
/// of an npm package does.
std::size_t find_version(std::string_view path) {
  const std::size_t at = path.rfind('@');
  if (at == std::string_view::npos || begins_scope(path, at)) return std::string_view::npos;
  return at;
}

std::string_view without_slashes(std::string_view text) {
  while (text.starts_with('/'))
    text.remove_prefix(1);
  while (text.ends_with('/'))
    text.remove_suffix(1);
  return text;
}

/// Cuts the part after `mark` off `rest`; "" when there is no mark.
std::string_view cut(std::string_view& rest, std::size_t mark) {
  if (mark == std::string_view::npos) return {};
  const std::string_view after = rest.substr(mark + 1);
  rest = rest.substr(0, mark);
  return after;
}

/// Normalises and checks what follows from the type, which is settled.
Result<> settle(Purl& purl) {
  if (purl.name.empty()) {
    return refuse("purl.name", fmt::format("expected a name, as in pkg:{}/NAME@VERSION, found "
                                           "none",
                                           purl.type));
  }
  const PurlTypeRules& rules = purl_type_rules(purl.type);
  TRY_VOID(settle_namespace(purl, rules));
  change_letters(purl.name, rules.name_letters);
  change_letters(purl.version, rules.version_letters);
  TRY_VOID(settle_qualifiers(purl, rules.required_qualifier));
  purl.subpath = settled_subpath(purl.subpath);
  if (rules.further != nullptr) TRY_VOID(rules.further(purl));
  return {};
}

}  // namespace

Result<Purl> parse_purl(std::string_view text) {
  if (text.size() > max_purl_bytes) {
    return refuse("purl.size", fmt::format("expected a purl of at most {} bytes, found {}",
                                           max_purl_bytes, text.size()));
  }
  std::string_view rest = text;
  if (!rest.starts_with("pkg:") && lower_case(rest.substr(0, 4)) != "pkg:") {
    return refuse("purl.scheme", fmt::format("expected a purl such as pkg:npm/left-pad@1.3.0, "
                                             "found '{}'",
                                             quotable(text)));
  }
  rest.remove_prefix(4);
  Purl purl;
  TRY(purl.subpath, decode_path(cut(rest, rest.rfind('#')), "purl.subpath", "subpath"));
  // A '?' before the qualifiers is always encoded, one inside them not always.
  TRY(purl.qualifiers, decode_qualifiers(cut(rest, rest.find('?'))));
  rest = without_slashes(rest);
  const std::size_t slash = rest.find('/');
  purl.type = rest.substr(0, slash);
  TRY_VOID(settle_type(purl));
  rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  TRY(purl.version, decode(cut(rest, find_version(rest)), "purl.version", "version"));
  const std::size_t last = rest.rfind('/');
  const std::string_view name = last == std::string_view::npos ? rest : rest.substr(last + 1);
  TRY(purl.name, decode(name, "purl.name", "name"));
  rest = last == std::string_view::npos ? std::string_view() : rest.substr(0, last);
  TRY(purl.name_space, decode_path(rest, "purl.namespace", "namespace"));
  TRY_VOID(settle(purl));
  return purl;
}

Result<Purl> make_purl(Purl components) {
  TRY_VOID(settle_type(components));
  TRY_VOID(settle(components));
  return components;
}

std::string to_text(const Purl& purl) {
  constexpr std::size_t marks = 8;
  std::string text;
  text.reserve(marks + purl.type.size() + purl.name_space.size() + purl.name.size() +
               purl.version.size());
  text.append("pkg:").append(purl.type).append("/");
  if (!purl.name_space.empty()) {
    append_encoded_path(text, purl.name_space);
    text += '/';
  }
  // The name of a git repository is a path.
  if (purl.type == "git") {
    append_encoded_path(text, purl.name);
  } else {
    append_encoded(text, purl.name);
  }
  if (!purl.version.empty()) {
    text += '@';
    append_encoded(text, purl.version);
  }
  char separator = '?';
  for (const auto& [key, value] : purl.qualifiers) {
    text += separator;
    text += key;
    text += '=';
    append_encoded(text, value);
    separator = '&';
  }
  if (!purl.subpath.empty()) {
    text += '#';
    append_encoded_path(text, purl.subpath);
  }
  return text;
}

std::string package_of(const Purl& purl) {
  std::string text = purl.name_space.empty() ? purl.name : purl.name_space + "/" + purl.name;
  for (const auto& [key, value] : purl.qualifiers)
    if (key == "distro" || key == "repository_url") text += fmt::format("?{}={}", key, value);
  return text;
}

}  // namespace lockstep
