// SPDX-License-Identifier: Apache-2.0
// Writes the tree as text. Source: RFC 8785, "JSON Canonicalization Scheme": members sorted by the
// UTF-16 code units of their keys.
#include <algorithm>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/json_text.hpp"

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

void write_members(const Json& value, JsonText& out) {
  std::vector<const Json::Object::value_type*> members;
  members.reserve(value.members().size());
  for (const auto& member : value.members())
    members.push_back(&member);
  const auto is_before = [](const auto* a, const auto* b) {
    return sorts_before(a->first, b->first);
  };
  if (!std::ranges::is_sorted(members, is_before)) std::ranges::sort(members, is_before);
  for (const auto* member : members) {
    out.any_key(member->first);
    out.value(member->second);
  }
}

}  // namespace

void JsonText::value(const Json& tree) {
  switch (tree.kind()) {
    case Json::Kind::null:
      return value(nullptr);
    case Json::Kind::boolean:
      return value(*tree.as_bool());
    case Json::Kind::integer:
      return value(*tree.as_int());
    case Json::Kind::number:
      return value(*tree.as_number());
    case Json::Kind::string:
      return value(*tree.as_string());
    case Json::Kind::array:
      open_array();
      for (const Json& item : tree.items())
        value(item);
      return close_array();
    case Json::Kind::object:
      open_object();
      write_members(tree, *this);
      return close_object();
  }
}

std::string to_canonical_json(const Json& value) {
  std::string text;
  JsonText(text, JsonText::Style::canonical).value(value);
  return text;
}

std::string to_pretty_json(const Json& value) {
  std::string text;
  JsonText(text).value(value);
  text += '\n';
  return text;
}

}  // namespace lockstep
