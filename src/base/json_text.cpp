// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>
#include <utility>

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

using Block = signed char __attribute__((vector_size(16)));
using Halves = std::int64_t __attribute__((vector_size(16)));

constexpr bool is_plain(char c) {
  return JsonKey::is_plain(c);
}

bool is_plain(const Block& block) {
  // Beyond ASCII is below zero.
  const auto stops =
      reinterpret_cast<Halves>((block < 0x20) | (block == 0x7F) | (block == '"') | (block == '\\'));
  return (stops[0] | stops[1]) == 0;
}

/// The first and the last bytes of a text of one or two times the size of `Word`, as a block.
template <typename Word>
Block ends_of(std::string_view text) {
  Word words[16 / sizeof(Word)];
  std::memcpy(words, text.data(), sizeof(Word));
  std::memcpy(words + 1, text.data() + text.size() - sizeof(Word), sizeof(Word));
  for (std::size_t i = 2; i < std::size(words); ++i)
    words[i] = words[0];
  Block block;
  std::memcpy(&block, words, sizeof block);
  return block;
}

/// Whether all is written as it is: printable ASCII but the quotation mark and the backslash.
/// SPEED: most texts are nothing else, so sixteen characters are looked at together; the last of
/// them may be looked at twice.
bool is_plain(std::string_view text) {
  if (text.size() < 4) return std::ranges::all_of(text, [](char c) { return is_plain(c); });
  if (text.size() < 8) return is_plain(ends_of<std::uint32_t>(text));
  if (text.size() <= 16) return is_plain(ends_of<std::uint64_t>(text));
  Block block;
  for (std::size_t at = 0; at + sizeof(Block) < text.size(); at += sizeof(Block)) {
    std::memcpy(&block, text.data() + at, sizeof block);
    if (!is_plain(block)) return false;
  }
  std::memcpy(&block, text.data() + text.size() - sizeof(Block), sizeof block);
  return is_plain(block);
}

/// How many characters from the front are written as they are.
std::size_t plain_run(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, [](char c) { return is_plain(c); });
  return static_cast<std::size_t>(end - text.begin());
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
  if (text.size() + 2 <= pending_.size() && is_plain(text)) {
    char* at = room(text.size() + 2);
    at[0] = '"';
    std::memcpy(at + 1, text.data(), text.size());
    at[text.size() + 1] = '"';
    used_ += text.size() + 2;
    return;
  }
  put('"');
  while (!text.empty()) {
    const std::size_t run = plain_run(text);
    put(text.substr(0, run));
    text.remove_prefix(run);
    if (!text.empty()) put(take_escaped(text, style_ == Style::pretty));
  }
  put('"');
}

void JsonText::put_line() {
  if (style_ != Style::pretty) return;
  constexpr std::size_t few = 64;
  std::size_t blanks = level_ * 2;
  char* at = room(1 + few);
  at[0] = '\n';
  std::memset(at + 1, ' ', few);  // of a fixed size, which is no call; the next text lies over it
  used_ += 1 + std::min(blanks, few);
  for (; blanks > few; --blanks)
    put(' ');
}

void JsonText::any_key(std::string_view key) {
  if (!is_first_) put(',');
  is_first_ = false;
  put_line();
  put_quoted(key);
  put(style_ == Style::pretty ? std::string_view(": ") : std::string_view(":"));
  has_key_ = true;
}

void JsonText::key(const JsonKey& key) {
  // Copies of fixed sizes are no calls; what is too much of them, the next text lies over.
  constexpr std::size_t few = 32;
  const std::size_t blanks = level_ * 2;
  if (style_ != Style::pretty || blanks > few) return any_key(key.text());
  char* at = room(2 + few + JsonKey::bytes);
  *at = ',';
  at += is_first_ ? 0 : 1;
  *at++ = '\n';
  std::memset(at, ' ', few);
  at += blanks;
  std::memcpy(at, key.written().data(), JsonKey::bytes);
  used_ = static_cast<std::size_t>(at - pending_.data()) + key.written_size();
  is_first_ = false;
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

void JsonText::append(std::string elements, TextPieces& pieces) {
  if (elements.empty()) return;
  if (!is_first_) put(',');
  is_first_ = false;
  flush();
  pieces.push_back(std::exchange(out_, {}));
  pieces.push_back(std::move(elements));
}

void JsonText::value(std::string_view text) {
  before_value();
  put_quoted(text);
  after_value();
}

void JsonText::value(double number) {
  // SPEED: whole numbers and tenths below a hundred, as all scores of CVSS are, have no shorter
  // form.
  const double tenths = std::round(number * 10);
  if (tenths > 0 && tenths < 1000 && tenths / 10 == number) {
    before_value();
    const auto count = static_cast<int>(tenths);
    char digits[4];
    char* end = std::to_chars(digits, std::end(digits), count / 10).ptr;
    if (count % 10 != 0) {
      *end++ = '.';
      *end++ = static_cast<char>('0' + count % 10);
    }
    put({digits, static_cast<std::size_t>(end - digits)});
    return after_value();
  }
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
