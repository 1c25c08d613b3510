// SPDX-License-Identifier: Apache-2.0
// The one tree for JSON and YAML documents: readers walk it, writers build it. Every node that was
// read knows its line and column, so that a message can point at it. Written text is canonical
// (RFC 8785: sorted keys, shortest numbers), so that the same value always has the same digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/result.hpp"

namespace lockstep {

class Json {
 public:
  enum class Kind { null, boolean, integer, number, string, array, object };
  using Array = std::vector<Json>;
  /// Members in document order; a reader reports duplicate keys, a writer never makes them.
  using Object = std::vector<std::pair<std::string, Json>>;
  struct Member;

  Json() = default;

  Json(std::nullptr_t) {}  // NOLINT: literal

  Json(bool value) : value_(value) {}  // NOLINT: literal

  Json(int value) : value_(std::int64_t{value}) {}  // NOLINT: literal

  Json(std::int64_t value) : value_(value) {}  // NOLINT: literal

  Json(std::size_t value);  // NOLINT: literal

  Json(double value) : value_(value) {}  // NOLINT: literal

  Json(const char* value) : value_(std::string(value)) {}  // NOLINT: literal

  Json(std::string value) : value_(std::move(value)) {}  // NOLINT: literal

  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT: literal

  static Json array() { return array_of_items({}); }

  static Json object() { return object_of_members({}); }

  static Json array_of(const std::vector<std::string>& texts);
  static Json array_of_items(Array items);
  /// Keys must differ; `set` is the way when they may not. Values are moved out of the list.
  static Json object_of(std::initializer_list<Member> members);
  static Json object_of_members(Object members);

  Kind kind() const { return static_cast<Kind>(value_.index()); }

  bool is_null() const { return kind() == Kind::null; }

  bool is_string() const { return kind() == Kind::string; }

  bool is_array() const { return kind() == Kind::array; }

  bool is_object() const { return kind() == Kind::object; }

  /// The value as the wanted type, or nothing. A plain (unquoted) YAML scalar is text that also
  /// reads as a bool (true, false, yes, no), an integer or a number when it looks like one.
  std::optional<bool> as_bool() const;
  std::optional<std::int64_t> as_int() const;
  std::optional<double> as_number() const;

  /// The text of a string; null pointer for every other kind.
  const std::string* as_string() const { return std::get_if<std::string>(&value_); }

  /// The text of a string, or `otherwise` for every other kind.
  std::string string_or(std::string_view otherwise) const;

  /// The member of an object, or null. The last one wins when a key is there twice.
  const Json* find(std::string_view key) const;
  /// The member of an object; a shared null value when there is none.
  const Json& operator[](std::string_view key) const;

  /// The elements of an array; empty for every other kind.
  const Array& items() const {
    const Array* items = std::get_if<Array>(&value_);
    return items == nullptr ? no_items() : *items;
  }

  /// The members of an object; empty for every other kind.
  const Object& members() const {
    const Object* members = std::get_if<Object>(&value_);
    return members == nullptr ? no_members() : *members;
  }

  /// Adds or replaces a member; a null value becomes an object. Returns *this, to chain.
  Json& set(std::string key, Json value);
  /// Appends an element; a null value becomes an array. Returns *this, to chain.
  Json& push(Json value);

  /// Where the node was read; 0 when it was built.
  int line() const { return static_cast<int>(line_); }

  int column() const { return static_cast<int>(column_); }

  Position at(std::string file) const { return {std::move(file), line(), column()}; }

  void set_place(std::uint32_t line, std::uint32_t column) {
    line_ = line;
    column_ = column;
  }

  /// Where the key of a member of a YAML map stands; the place of the value for every other node.
  Position key_at(std::string file) const;
  void set_key_place(std::uint32_t line, std::uint32_t column);

  /// A YAML scalar without quotes, whose text may also read as a bool or a number.
  bool is_plain() const { return plain_; }

  static Json plain(std::string text);

  bool operator==(const Json& other) const;

 private:
  static const Array& no_items();
  static const Object& no_members();

  /// In the order of Kind.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
  std::uint32_t line_ = 0;
  std::uint32_t column_ = 0;
  std::uint32_t key_line_ = 0;
  std::uint32_t key_column_ = 0;
  bool plain_ = false;
};

/// A member on its way into an object. The elements of an initializer list cannot be moved from;
/// this value can, so that a tree is built without copies.
struct Json::Member {
  std::string_view key;
  mutable Json value;
};

/// Limits on foreign documents. What is over a limit is an error that names the limit.
struct TreeLimits {
  std::size_t bytes = std::size_t{256} << 20U;  ///< of the whole document
  std::size_t depth = 128;                      ///< of nested arrays and objects
  std::size_t nodes = 20'000'000;               ///< values of any kind
};

/// Reads one JSON document (UTF-8, an optional byte order mark). All duplicate keys are reported;
/// syntax errors stop the reading. Returns what was read even when there were duplicate keys.
/// Codes: json.syntax, json.duplicate_key, json.depth, json.size, json.encoding.
Result<Json> parse_json(std::string_view bytes,
                        const std::string& file,
                        Diagnostics& problems,
                        const TreeLimits& limits = {});

/// Reads one YAML document into the same tree. Anchors and aliases are refused (they can grow
/// without bound). Codes: yaml.syntax, yaml.duplicate_key, yaml.alias, yaml.depth, yaml.size.
Result<Json> parse_yaml(std::string_view bytes,
                        const std::string& file,
                        Diagnostics& problems,
                        const TreeLimits& limits = {});

/// Canonical text (RFC 8785): sorted keys, no spaces, shortest numbers. NaN and infinities are our
/// own mistake (LS_CHECK).
std::string to_canonical_json(const Json& value);

/// The same order and numbers, indented by two spaces, ending with a line feed: for people.
std::string to_pretty_json(const Json& value);

}  // namespace lockstep
