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

Json::Json(std::size_t value) : value_(static_cast<std::int64_t>(value)) {
  LS_CHECK(value <= static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()),
           "a count over 2^63");
}

Json Json::array_of(const std::vector<std::string>& texts) {
  return array_of_items({texts.begin(), texts.end()});
}

Json Json::array_of_items(Array items) {
  Json value;
  value.value_ = std::move(items);
  return value;
}

Json Json::object_of(std::initializer_list<Member> members) {
  Object object;
  object.reserve(members.size());
  for (const Member& member : members)
    object.emplace_back(member.key, std::move(member.value));
  return object_of_members(std::move(object));
}

Json Json::object_of_members(Object members) {
  Json value;
  value.value_ = std::move(members);
  return value;
}

Json Json::plain(std::string text) {
  Json value{std::move(text)};
  value.plain_ = true;
  return value;
}

std::optional<bool> Json::as_bool() const {
  if (const bool* truth = std::get_if<bool>(&value_)) return *truth;
  if (!plain_) return std::nullopt;
  const std::string word = lower_case(*as_string());
  if (word == "true" || word == "yes") return true;
  if (word == "false" || word == "no") return false;
  return std::nullopt;
}

std::optional<std::int64_t> Json::as_int() const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_)) return *integer;
  if (plain_) return read_number<std::int64_t>(*as_string());
  return std::nullopt;
}

std::optional<double> Json::as_number() const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_))
    return static_cast<double>(*integer);
  if (const auto* number = std::get_if<double>(&value_)) return *number;
  if (plain_) return read_number<double>(*as_string());
  return std::nullopt;
}

std::string Json::string_or(std::string_view otherwise) const {
  const std::string* text = as_string();
  return text == nullptr ? std::string(otherwise) : *text;
}

const Json::Array& Json::no_items() {
  static const Array none;
  return none;
}

const Json::Object& Json::no_members() {
  static const Object none;
  return none;
}

const Json* Json::find(std::string_view key) const {
  const Object& all = members();
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [key](const auto& member) { return member.first == key; });
  return found == all.rend() ? nullptr : &found->second;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json nothing;
  const Json* found = find(key);
  return found == nullptr ? nothing : *found;
}

Json& Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object();
  Object* all = std::get_if<Object>(&value_);
  LS_CHECK(all != nullptr, "a member can be set in an object only");
  for (auto& member : *all) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return *this;
  }
  all->emplace_back(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array();
  Array* all = std::get_if<Array>(&value_);
  LS_CHECK(all != nullptr, "an element can be appended to an array only");
  all->push_back(std::move(value));
  return *this;
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
