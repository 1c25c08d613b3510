// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/check.hpp"
#include "base/printable.hpp"

namespace lockstep {
namespace {

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

/// How many characters from the front are written as they are: printable ASCII but the quotation
/// mark and the backslash. SPEED: most texts are nothing else, so eight are looked at together; a
/// byte's high bit in `stops` says that it is not plain, and the lowest such bit is exact.
std::size_t plain_run(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = ones << 7U;
  const auto zero_bytes = [](std::uint64_t word) { return (word - ones) & ~word; };
  std::size_t run = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; run + sizeof(std::uint64_t) <= text.size(); run += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + run, sizeof word);
      const std::uint64_t below_blank = (word - ones * 0x20U) & ~word;
      const std::uint64_t stops =
          (below_blank | word | zero_bytes(word ^ (ones * 0x7FU)) |
           zero_bytes(word ^ (ones * '"')) | zero_bytes(word ^ (ones * '\\'))) &
          highs;
      if (stops != 0) return run + static_cast<std::size_t>(std::countr_zero(stops)) / 8;
    }
    // The last eight are looked at again rather than what is left one by one.
    if (run > 0 && run < text.size()) {
      const std::size_t last = text.size() - sizeof(std::uint64_t);
      return last + plain_run(text.substr(last));
    }
  }
  for (; run < text.size(); ++run) {
    const auto byte = static_cast<unsigned char>(text[run]);
    if (byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\') break;
  }
  return run;
}

/// The characters that are not plain at the front of a text, as they are written; cuts them off.
std::string take_escaped(std::string_view& text, bool escapes) {
  std::string out;
  while (!text.empty() && plain_run(text.substr(0, 1)) == 0) {
    if (static_cast<unsigned char>(text.front()) < 0x7F) {
      append_ascii(text.front(), out);
      text.remove_prefix(1);
      continue;
    }
    const Character next = first_character(text);
    append_wide(next, text.substr(0, next.size), escapes, out);
    text.remove_prefix(next.size);
  }
  return out;
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

}  // namespace

void JsonText::flush() {
  out_.append(pending_.data(), used_);
  used_ = 0;
}

/// Room for so many bytes behind `used_`; no more than `pending_` has.
char* JsonText::room(std::size_t size) {
  if (size > pending_.size() - used_) flush();
  return pending_.data() + used_;
}

void JsonText::put(std::string_view text) {
  if (text.size() > pending_.size()) {
    flush();
    out_ += text;
    return;
  }
  std::memcpy(room(text.size()), text.data(), text.size());
  used_ += text.size();
}

void JsonText::put(char c) {
  *room(1) = c;
  ++used_;
}

void JsonText::put_quoted(std::string_view text) {
  std::size_t run = plain_run(text);
  if (run == text.size() && run + 2 <= pending_.size()) {
    char* at = room(run + 2);
    at[0] = '"';
    std::memcpy(at + 1, text.data(), run);
    at[run + 1] = '"';
    used_ += run + 2;
    return;
  }
  put('"');
  for (; run < text.size(); run = plain_run(text)) {
    put(text.substr(0, run));
    text.remove_prefix(run);
    put(take_escaped(text, style_ == Style::pretty));
  }
  put(text);
  put('"');
}

void JsonText::put_line() {
  if (style_ != Style::pretty) return;
  put('\n');
  std::size_t blanks = level_ * 2;
  for (; blanks > pending_.size(); --blanks)
    put(' ');
  std::memset(room(blanks), ' ', blanks);
  used_ += blanks;
}

void JsonText::key(std::string_view key) {
  if (!is_first_) put(',');
  is_first_ = false;
  put_line();
  put_quoted(key);
  put(':');
  if (style_ == Style::pretty) put(' ');
  has_key_ = true;
}

void JsonText::before_value() {
  if (!has_key_ && level_ > 0) {
    if (!is_first_) put(',');
    put_line();
  }
  has_key_ = false;
  is_first_ = false;
}

/// A whole document goes to the text.
void JsonText::after_value() {
  if (level_ == 0) flush();
}

void JsonText::open(char bracket) {
  before_value();
  put(bracket);
  ++level_;
  is_first_ = true;
}

void JsonText::close(char bracket) {
  LS_CHECK(level_ > 0, "a list or map is closed that was not opened");
  --level_;
  if (!is_first_) put_line();
  put(bracket);
  is_first_ = false;
  after_value();
}

void JsonText::append(std::string_view elements) {
  if (elements.empty()) return;
  if (!is_first_) put(',');
  is_first_ = false;
  flush();
  out_ += elements;
}

void JsonText::value(std::string_view text) {
  before_value();
  put_quoted(text);
  after_value();
}

void JsonText::value(double number) {
  before_value();
  std::string text;
  append_number(number, text);
  put(text);
  after_value();
}

void JsonText::value(std::int64_t number) {
  before_value();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  put({digits, static_cast<std::size_t>(end.ptr - digits)});
  after_value();
}

void JsonText::value(bool truth) {
  before_value();
  put(truth ? "true" : "false");
  after_value();
}

void JsonText::value(std::nullptr_t) {
  before_value();
  put("null");
  after_value();
}

}  // namespace lockstep
