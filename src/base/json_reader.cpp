// SPDX-License-Identifier: Apache-2.0
#include "base/json_reader.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <unordered_set>

#include "base/text.hpp"

namespace lockstep {
namespace {

namespace ondemand = simdjson::ondemand;

/// The last of a stack from `first` on, as a list of their own.
template <typename List>
List take_from(List& stack, std::size_t first) {
  const auto begin = stack.begin() + static_cast<std::ptrdiff_t>(first);
  List taken(std::make_move_iterator(begin), std::make_move_iterator(stack.end()));
  stack.erase(begin, stack.end());
  return taken;
}

simdjson::error_code read_scalar(ondemand::json_type type, ondemand::value value, Json& into) {
  if (type == ondemand::json_type::string) {
    std::string_view text;
    if (const auto error = value.get_string().get(text)) return error;
    into = Json(text);
    return simdjson::SUCCESS;
  }
  if (type == ondemand::json_type::boolean) {
    bool truth = false;
    if (const auto error = value.get_bool().get(truth)) return error;
    into = Json(truth);
    return simdjson::SUCCESS;
  }
  if (type == ondemand::json_type::null) {
    bool nothing = false;
    if (const auto error = value.is_null().get(nothing)) return error;
    return nothing ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  }
  std::int64_t integer = 0;
  if (value.get_int64().get(integer) == simdjson::SUCCESS) {
    into = Json(integer);
    return simdjson::SUCCESS;
  }
  double number = 0;
  if (const auto error = value.get_double().get(number)) return error;
  into = Json(number);
  return simdjson::SUCCESS;
}

/// The keys of one object. Few keys are searched, which is faster than hashing them.
class Keys {
 public:
  /// Whether the key is in none of the members from `first` on.
  bool insert(const Json::Object& members, std::size_t first, std::string_view key) {
    constexpr std::size_t few = 16;
    const auto before = std::span(members).subspan(first);
    if (before.size() < few)
      return std::ranges::find(before, key, &Json::Object::value_type::first) == before.end();
    if (!seen_) {
      seen_.emplace();
      for (const auto& member : before)
        seen_->insert(member.first);
    }
    return seen_->emplace(key).second;
  }

 private:
  std::optional<std::unordered_set<std::string>> seen_;
};

}  // namespace

JsonReader::Error JsonReader::read_array(Value value, Json& into) {
  ondemand::array elements;
  if (const auto error = value.get_array().get(elements)) return error;
  const std::size_t first = items.size();
  for (auto element : elements) {
    ondemand::value inner;
    if (const auto error = element.get(inner)) return error;
    Json child;
    if (const auto error = read(inner, child)) return error;
    items.push_back(std::move(child));
  }
  into = Json::array_of_items(take_from(items, first));
  return simdjson::SUCCESS;
}

JsonReader::Error JsonReader::read_object(Value value, Json& into) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  Keys keys;
  const std::size_t first = members.size();
  for (auto member : object) {
    std::string_view key;  // lies beside the document until it is read
    if (const auto error = member.unescaped_key().get(key)) return error;
    ondemand::value inner;
    if (const auto error = member.value().get(inner)) return error;
    const bool is_new = keys.insert(members, first, key);
    if (const auto error = read_member(key, inner)) return error;
    if (!is_new)
      problems.error("json.duplicate_key",
                     "expected each key once, found '" + quotable(key) + "' again",
                     {file, members.back().second.line(), members.back().second.column()});
  }
  into = Json::object_of_members(take_from(members, first));
  return simdjson::SUCCESS;
}

/// SPEED: most members are texts, which are made where they stay.
JsonReader::Error JsonReader::read_member(std::string_view key, Value value) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type != ondemand::json_type::string) {
    Json child;
    if (const auto error = read(value, child)) return error;
    members.emplace_back(key, std::move(child));
    return simdjson::SUCCESS;
  }
  if (++nodes > limits.nodes) return simdjson::CAPACITY;
  const auto [line, column] = places.of(value.raw_json_token().data());
  std::string_view text;
  if (const auto error = value.get_string().get(text)) return error;
  members.emplace_back(key, text).second.set_place(line, column);
  return simdjson::SUCCESS;
}

JsonReader::Error JsonReader::read(Value value, Json& into) {
  if (++nodes > limits.nodes) return simdjson::CAPACITY;
  const auto [line, column] = places.of(value.raw_json_token().data());
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  simdjson::error_code error = simdjson::SUCCESS;
  if (type == ondemand::json_type::array || type == ondemand::json_type::object) {
    if (++depth > limits.depth) return simdjson::DEPTH_ERROR;
    error = type == ondemand::json_type::array ? read_array(value, into) : read_object(value, into);
    --depth;
  } else {
    error = read_scalar(type, value, into);
  }
  into.set_place(line, column);
  return error;
}

}  // namespace lockstep
