// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/check.hpp"
#include "base/text.hpp"

namespace lockstep {
namespace {

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Json::Json(std::size_t value) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(value)) {
  LS_CHECK(value <= static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()),
           "a count over 2^63");
}

Json Json::of_kind(Kind kind) {
  Json value;
  value.kind_ = kind;
  return value;
}

Json Json::array_of(const std::vector<std::string>& texts) {
  Json value = array();
  for (const std::string& text : texts)
    value.push(text);
  return value;
}

Json Json::object_of(std::initializer_list<std::pair<std::string, Json>> members) {
  Json value = object();
  value.object_.assign(members.begin(), members.end());
  return value;
}

Json Json::object_of_members(Object members) {
  Json value = object();
  value.object_ = std::move(members);
  return value;
}

Json Json::plain(std::string text) {
  Json value{std::move(text)};
  value.plain_ = true;
  return value;
}

std::optional<bool> Json::as_bool() const {
  if (kind_ == Kind::boolean) return integer_ != 0;
  if (!plain_) return std::nullopt;
  const std::string word = lower_case(text_);
  if (word == "true" || word == "yes") return true;
  if (word == "false" || word == "no") return false;
  return std::nullopt;
}

std::optional<std::int64_t> Json::as_int() const {
  if (kind_ == Kind::integer) return integer_;
  if (plain_) return read_number<std::int64_t>(text_);
  return std::nullopt;
}

std::optional<double> Json::as_number() const {
  if (kind_ == Kind::integer) return static_cast<double>(integer_);
  if (kind_ == Kind::number) return number_;
  if (plain_) return read_number<double>(text_);
  return std::nullopt;
}

std::string Json::string_or(std::string_view otherwise) const {
  return is_string() ? text_ : std::string(otherwise);
}

const Json* Json::find(std::string_view key) const {
  const auto found = std::find_if(object_.rbegin(), object_.rend(),
                                  [key](const auto& member) { return member.first == key; });
  return found == object_.rend() ? nullptr : &found->second;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json nothing;
  const Json* found = find(key);
  return found == nullptr ? nothing : *found;
}

Json& Json::set(std::string key, Json value) {
  if (kind_ == Kind::null) kind_ = Kind::object;
  LS_CHECK(is_object(), "a member can be set in an object only");
  for (auto& member : object_) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return *this;
  }
  object_.emplace_back(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (kind_ == Kind::null) kind_ = Kind::array;
  LS_CHECK(is_array(), "an element can be appended to an array only");
  array_.push_back(std::move(value));
  return *this;
}

void Json::set_place(std::uint32_t line, std::uint32_t column) {
  line_ = line;
  column_ = column;
}

Position Json::key_at(std::string file) const {
  if (key_line_ == 0) return at(std::move(file));
  return {std::move(file), static_cast<int>(key_line_), static_cast<int>(key_column_)};
}

void Json::set_key_place(std::uint32_t line, std::uint32_t column) {
  key_line_ = line;
  key_column_ = column;
}

bool Json::operator==(const Json& other) const {
  return to_canonical_json(*this) == to_canonical_json(other);
}

}  // namespace lockstep
