// SPDX-License-Identifier: Apache-2.0
// Writes the tree as text. Source: RFC 8785, "JSON Canonicalization Scheme": members sorted by the
// UTF-16 code units of their keys, numbers as ECMAScript writes them, no insignificant spaces.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "base/check.hpp"
#include "base/json.hpp"
#include "base/printable.hpp"

namespace lockstep {
namespace {

/// UTF-8 bytes sort like code points; UTF-16 differs only above U+FFFF, whose surrogates sort below
/// U+E000. Mapping the lead byte 0xF0.. below 0xEE restores that order.
bool sorts_before(std::string_view a, std::string_view b) {
  const auto weight = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xF0) return byte - 0xF0U + 0xEEU;
    return byte >= 0xEE ? byte + 0x20U : static_cast<unsigned>(byte);
  };
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [&](char left, char right) { return weight(left) < weight(right); });
}

constexpr std::string_view hex = "0123456789abcdef";

/// A character beyond ASCII, or DEL. Bytes that are no UTF-8 become U+FFFD. With `escapes`, what a
/// terminal would act on is written as \uXXXX, which RFC 8785 does not do.
void append_wide(const Character& next, std::string_view bytes, bool escapes, std::string& out) {
  if (!next.is_utf8) {
    out += "\xEF\xBF\xBD";
  } else if (escapes && is_control(next.code)) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
      out += hex[(next.code >> static_cast<unsigned>(shift)) & 15U];
  } else {
    out += bytes;
  }
}

void append_ascii(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += "\\u00";
        out += hex[static_cast<unsigned char>(c) >> 4U];
        out += hex[static_cast<unsigned char>(c) & 15U];
      } else {
        out += c;
      }
  }
}

/// Written as it is: printable ASCII but the quotation mark and the backslash.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void append_string(std::string_view text, bool escapes, std::string& out) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto run = static_cast<std::size_t>(std::ranges::find_if_not(text.substr(i), is_plain) -
                                              (text.begin() + i));
    out += text.substr(i, run);
    i += run;
    if (i == text.size()) break;
    if (static_cast<unsigned char>(text[i]) < 0x7F) {
      append_ascii(text[i], out);
      ++i;
      continue;
    }
    const Character next = first_character(text.substr(i));
    append_wide(next, text.substr(i, next.size), escapes, out);
    i += next.size;
  }
  out += '"';
}

/// Number::toString of ECMAScript: the shortest digits that read back to the same double, written
/// plainly between 1e-6 and 1e21 and with an exponent elsewhere.
void append_number(double value, std::string& out) {
  LS_CHECK(std::isfinite(value), "JSON has no NaN and no infinity");
  if (value == 0) {
    out += '0';
    return;
  }
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(end.ptr - buffer));
  const std::size_t mark = text.find('e');
  std::string digits;
  for (const char c : text.substr(0, mark))
    if (c != '.') digits += c;
  int exponent = 0;
  std::string_view power = text.substr(mark + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;
  if (value < 0) out += '-';
  if (point >= count && point <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (point > 0 && point <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(point));
    out += '.';
    out += digits.substr(static_cast<std::size_t>(point));
  } else if (point > -6 && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else {
    out += digits[0];
    if (count > 1) {
      out += '.';
      out += digits.substr(1);
    }
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(exponent));
  }
}

struct Writer {
  bool pretty = false;
  std::string out;

  void line(std::size_t level) {
    if (!pretty) return;
    out += '\n';
    out.append(level * 2, ' ');
  }

  void write_array(const Json& value, std::size_t level) {
    out += '[';
    bool first = true;
    for (const Json& item : value.items()) {
      if (!first) out += ',';
      first = false;
      line(level + 1);
      write(item, level + 1);
    }
    if (!first) line(level);
    out += ']';
  }

  void write_object(const Json& value, std::size_t level) {
    std::vector<const std::pair<std::string, Json>*> members;
    members.reserve(value.members().size());
    for (const auto& member : value.members())
      members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return sorts_before(a->first, b->first); });
    out += '{';
    bool first = true;
    for (const auto* member : members) {
      if (!first) out += ',';
      first = false;
      line(level + 1);
      append_string(member->first, pretty, out);
      out += pretty ? ": " : ":";
      write(member->second, level + 1);
    }
    if (!first) line(level);
    out += '}';
  }

  void write(const Json& value, std::size_t level) {
    switch (value.kind()) {
      case Json::Kind::null:
        out += "null";
        break;
      case Json::Kind::boolean:
        out += *value.as_bool() ? "true" : "false";
        break;
      case Json::Kind::integer:
        out += std::to_string(*value.as_int());
        break;
      case Json::Kind::number:
        append_number(*value.as_number(), out);
        break;
      case Json::Kind::string:
        append_string(*value.as_string(), pretty, out);
        break;
      case Json::Kind::array:
        write_array(value, level);
        break;
      case Json::Kind::object:
        write_object(value, level);
        break;
    }
  }
};

}  // namespace

std::string to_canonical_json(const Json& value) {
  Writer writer;
  writer.write(value, 0);
  return std::move(writer.out);
}

std::string to_pretty_json(const Json& value) {
  Writer writer;
  writer.pretty = true;
  writer.write(value, 0);
  writer.out += '\n';
  return std::move(writer.out);
}

}  // namespace lockstep
