// SPDX-License-Identifier: Apache-2.0
// Writes JSON straight into a text, without a tree. For documents of many megabytes; all others are
// built as a tree (json.hpp), which sorts its members itself.
//
// Source: RFC 8785, "JSON Canonicalization Scheme": numbers as ECMAScript writes them, no
// insignificant spaces in the canonical style.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/pieces.hpp"

namespace lockstep {

class Json;

/// A key that is written as it stands in the program: one without characters to escape.
class JsonKey {
 public:
  /// The longest key, between its quotation marks and the colon and blank behind it.
  static constexpr std::size_t bytes = 32;

  consteval JsonKey(const char* text) : text_(text) {  // NOLINT: literal
    char* at = written_.data();
    *at++ = '"';
    for (const char c : text_) {
      if (!is_plain(c)) throw "expected a key without characters to escape";  // NOLINT: compiling
      *at++ = c;  // and within its bytes, or this is no constant
    }
    for (const char c : {'"', ':', ' '})
      *at++ = c;
  }

  constexpr std::string_view text() const { return text_; }

  /// The key as a pretty text has it; the first `written_size` of them count.
  constexpr const std::array<char, bytes>& written() const { return written_; }

  constexpr std::size_t written_size() const { return text_.size() + 4; }

  /// Printable ASCII but the quotation mark and the backslash.
  static constexpr bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

 private:
  std::string_view text_;
  std::array<char, bytes> written_ = {};
};

class JsonText {
 public:
  enum class Style {
    canonical,  ///< RFC 8785
    pretty,     ///< indented by two spaces; what a terminal would act on is escaped
  };

  /// Appends to `out`, which outlives the writer, and is whole when the outermost value is.
  explicit JsonText(std::string& out, Style style = Style::pretty) : out_(out), style_(style) {}

  /// Appends elements of a pretty list to those in `out`, and no bracket: so that the parts of a
  /// long list can be written side by side. `out` is whole after `finish`.
  /// @param level how many lists and maps are open around the elements
  static JsonText elements(std::size_t level, std::string& out) {
    JsonText part(out);
    part.level_ = level;
    part.is_first_ = out.empty();
    return part;
  }

  void finish() { flush(); }

  /// Appends what `elements` wrote to the list that is open, and copies none of it: what `out`
  /// holds by then moves to the end of `pieces`, and the elements follow it.
  void append(std::string elements, TextPieces& pieces);

  void open_object() { open('{'); }

  void close_object() { close('}'); }

  void open_array() { open('['); }

  void close_array() { close(']'); }

  /// The key of the member whose value comes next. Members come in the order of their keys: this
  /// writer cannot sort them.
  void any_key(std::string_view key);
  /// SPEED: a finding has forty keys, which need not be looked at each time.
  void key(const JsonKey& key);

  void value(std::string_view text);

  void value(const char* text) { value(std::string_view(text)); }

  void value(const std::string& text) { value(std::string_view(text)); }

  void value(double number);
  void value(std::int64_t number);

  void value(int number) { value(std::int64_t{number}); }

  void value(bool truth);
  void value(std::nullptr_t);
  void value(const Json& tree);

 private:
  void open(char bracket);
  void close(char bracket);
  void before_value();
  void after_value();
  void flush();
  char* room(std::size_t size);
  void put(std::string_view text);
  void put(char c);
  void put_quoted(std::string_view text);
  void put_line();

  std::string& out_;
  Style style_;
  std::size_t level_ = 0;
  bool is_first_ = true;
  bool has_key_ = false;
  /// SPEED: most pieces are a few bytes; they are gathered here before they go to `out`.
  std::array<char, 4096> pending_;  // NOLINT: not read before it is written
  std::size_t used_ = 0;
};

}  // namespace lockstep
